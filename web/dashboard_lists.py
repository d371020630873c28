"""The places below a division, and the employers there that return most: each as a chart with its table."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from db.claims import Category
from services.charted_figures import Bar, Chart, Part
from services.dashboard_figures import LEAST_DECIDED, Figures
from services.dashboards import Row
from services.workbooks import Content, Heading, Sheet
from web.dashboard_figures import met_rate, return_rate, shown
from web.dashboard_reading import place_of
from web.i18n import _
from web.labels import word

NAME = 24  # characters
WHOLE = 100  # percent


def places(rows: Sequence[Row]) -> Part:
    """How many of each place's people have met everything."""
    headings = [Heading(_("地区或单位"), NAME), Heading(_("登记人员")), Heading(_("在职人员"))]
    headings += [Heading(_("%(category)s达标") % {"category": word(category)}) for category in Category]
    headings += [Heading(_("全部达标")), Heading(_("全部达标率（%）")), Heading(_("去年同日（%）"))]
    headings += [Heading(_("有效证书")), Heading(_("待审核记录"))]
    return Part(
        Sheet(_("下级地区和单位"), headings),
        [list(_of_place(row)) for row in rows],
        _chart(_("全部达标率"), [_met(row) for row in rows], most=WHOLE),
        empty=_("这里没有下级地区，也没有单位。"),
    )


def _of_place(row: Row) -> Iterator[Content]:
    figures = row.figures
    yield from (row.name, figures.registered, figures.bound)
    yield from (figures.met[category] for category in Category)
    yield from (figures.met_all, met_rate(figures), _before(row, met_rate))
    yield from (figures.certificates, sum(figures.waiting.values()))


def _met(row: Row) -> Bar:
    return _bar(row, met_rate, row.figures.met_all, row.figures.bound)


def returns(rows: Sequence[Row]) -> Part:
    headings = [Heading(_("单位"), NAME), Heading(_("审核数")), Heading(_("退回和不通过"))]
    headings += [Heading(_("退回率（%）")), Heading(_("去年同日（%）"))]
    return Part(
        Sheet(_("单位退回率"), headings),
        [list(_of_employer(row)) for row in rows],
        _chart(_("退回率"), [_returned(row) for row in rows]),
        empty=_("还没有审核过 %(least)s 条以上记录的单位。") % {"least": LEAST_DECIDED},
    )


def _of_employer(row: Row) -> Iterator[Content]:
    figures = row.figures
    yield from (row.name, figures.decided, figures.returned, return_rate(figures), _before(row, return_rate))


def _returned(row: Row) -> Bar:
    return _bar(row, return_rate, row.figures.returned, row.figures.decided)


def _chart(series: str, bars: Sequence[Bar], most: float | None = None) -> Chart:
    marked = any(bar.mark is not None for bar in bars)
    return Chart(bars, [series], mark=_("去年同日") if marked else "", most=most)


def _bar(row: Row, rate: Callable[[Figures], Decimal | None], part: int, whole: int) -> Bar:
    share, before = rate(row.figures), _before(row, rate)
    told = f"{shown(share, percent=True)} ({part:,}/{whole:,})" if whole else shown(None)
    return Bar(row.name, [float(share or 0)], told, None if before is None else float(before), place_of(row))


def _before(row: Row, rate: Callable[[Figures], Decimal | None]) -> Decimal | None:
    return rate(row.last_year) if row.last_year else None
