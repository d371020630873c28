"""The staff of a year as a workbook, narrowed down as the page is from which it is asked for."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from db import reading, transaction
from db.claims import Category
from services import progress, statistics, workbooks
from services.clock import today
from services.permissions import Actor
from services.progress import Member, Reached
from services.workbooks import Content, Heading, Sheet
from web.download import Download
from web.i18n import _
from web.labels import word
from web.progress_filters import wanted


def make(actor: Actor, parameters: Mapping[str, str]) -> Download:
    chosen, cells = wanted(parameters), _cells()
    sheet = Sheet(_("完成情况"), [*_of_person(), *_of_hours(), *_of_year()])
    with transaction() as session:
        progress.note_export(session, actor, chosen)
    with reading() as session:
        run = statistics.last_finished(session)
        computed_at = run.finished_at if run else None
        members = progress.everybody(session, actor, chosen)
        content = workbooks.workbook(sheet, ([*cells(member), computed_at] for member in members))
    name = _("%(year)s年度完成情况_%(day)s.xlsx") % {"year": chosen.year, "day": today()}
    return Download(name, content)


def _of_person() -> Iterator[Heading]:
    yield Heading(_("姓名"))
    yield Heading(_("证件号码"), 22)
    yield Heading(_("手机号码"), 16)
    yield Heading(_("所在部门"), 20)


def _of_hours() -> Iterator[Heading]:
    for category in Category:
        yield Heading(_("%(category)s 要求") % {"category": word(category)})
        yield Heading(_("%(category)s 已完成") % {"category": word(category)})
        yield Heading(_("%(category)s 还差") % {"category": word(category)})


def _of_year() -> Iterator[Heading]:
    yield Heading(_("是否达标"))
    yield Heading(_("上次提醒"), 18)
    yield Heading(_("官方统计"), 18)


def _cells() -> Callable[[Member], Sequence[Content]]:
    """The words are looked up once, before the rows are read."""
    met, behind = word(Reached.MET), word(Reached.BEHIND)

    def cells(member: Member) -> Sequence[Content]:
        hours = [figure for line in member.official for figure in (line.required, line.earned, line.missing)]
        said = (member.name, member.id_number_masked, member.mobile, member.department)
        return [*said, *hours, behind if member.missing else met, member.reminded_at]

    return cells
