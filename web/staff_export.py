"""The staff as a workbook, narrowed down as the list is from which it is asked for."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from db import reading, transaction
from db.people import Binding, BindingStatus, EndReason, TitleLevel, TitleSeries
from services import binding_steps, staff, workbooks
from services.clock import today
from services.permissions import Actor
from services.workbooks import Content, Heading, Sheet
from web.download import Download
from web.filters import STATUS, TEXT
from web.i18n import _
from web.labels import word
from web.staff_list import OFFERED


def make(actor: Actor, parameters: Mapping[str, str]) -> Download:
    status = next((code for code in OFFERED if code == parameters.get(STATUS)), OFFERED[0])
    sheet, cells = Sheet(_("人员名单"), list(_headings(status))), _cells()
    with transaction() as session:
        staff.note_export(session, actor, status=status)
    with reading() as session:
        members = staff.everybody(session, actor, status=status, text=parameters.get(TEXT, ""))
        content = workbooks.workbook(sheet, map(cells, members))
    return Download(_("人员名单_%(status)s_%(day)s.xlsx") % {"status": word(status), "day": today()}, content)


def _headings(status: BindingStatus) -> Iterator[Heading]:
    yield Heading(_("姓名"))
    yield Heading(_("证件号码"), 22)
    yield Heading(_("单位名称"), 30)
    yield Heading(_("提交时间"), 18)
    yield Heading(_("生效日期"))
    if status not in binding_steps.OPEN:
        yield Heading(_("离职日期"))
        yield Heading(_("离职原因"))
        yield Heading(_("调往"), 30)
        return
    yield Heading(_("手机号码"), 16)
    yield Heading(_("电子邮箱"), 26)
    yield Heading(_("所在部门"), 20)
    yield Heading(_("职称系列"))
    yield Heading(_("职称"), 16)


def _cells() -> Callable[[Binding], Sequence[Content]]:
    """The words are looked up once, before the rows are read."""
    series, levels = {code: word(code) for code in TitleSeries}, {code: word(code) for code in TitleLevel}
    reasons = {code: word(code) for code in EndReason}

    def cells(member: Binding) -> Sequence[Content]:
        person, successor = member.person, member.successor
        said = person.name, person.id_number_masked, member.organisation.name, member.requested_at, member.started_on
        if member.status not in binding_steps.OPEN:
            reason = reasons[member.end_reason] if member.end_reason else ""
            return [*said, member.ended_on, reason, successor.organisation.name if successor else ""]
        title = series[person.title_series] if person.title_series else ""
        return [
            *said,
            person.mobile,
            person.email,
            person.department,
            title,
            person.title_name or levels[person.title_level],
        ]

    return cells
