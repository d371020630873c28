"""All employers of a place with their forecasts, as a workbook."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from db import reading, transaction
from db.forecasts import EmployerForecast
from services import forecasts, workbooks
from services.clock import today
from services.forecasts import EmployerRow
from services.permissions import Actor
from services.workbooks import Content, Heading, Sheet
from web import forecast_reading
from web.download import Download
from web.i18n import _


def make(actor: Actor, parameters: Mapping[str, str]) -> Download:
    place = forecast_reading.place(parameters)
    with transaction() as session:
        forecasts.note_export(session, actor, place)
    sheet = Sheet(_("完成预测"), list(_headings()))
    with reading() as session:
        rows = [_cells(row) for page in forecasts.pages(session, actor, place) for row in page]
    return Download(_("完成预测_%(day)s.xlsx") % {"day": today()}, workbooks.workbook(sheet, rows))


def _headings() -> Iterator[Heading]:
    yield Heading(_("单位"), 32)
    for title in (_("在册人员"), _("已达标"), _("预计年底达标"), _("区间下限"), _("区间上限"), _("可能不达标")):
        yield Heading(title)
    for title in (_("上年在册人员"), _("上年预计达标"), _("上年区间下限"), _("上年区间上限"), _("上年实际达标")):
        yield Heading(title)


def _cells(row: EmployerRow) -> Sequence[Content]:
    this, last = row.this_year, row.last_year
    now: list[Content] = [row.organisation.name, this.staff, this.met, _tenths(this), this.low, this.high, this.at_risk]
    return [*now, last.staff, _tenths(last), last.low, last.high, last.actual] if last else now


def _tenths(each: EmployerForecast) -> Decimal:
    return Decimal(str(round(each.expected, 1)))
