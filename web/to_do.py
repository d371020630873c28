"""What a professional should do next, each with the page that does it."""

from collections.abc import Iterator
from typing import NamedTuple

from db.claims import ClaimStatus
from db.people import BindingStatus
from services.standing import Overview, YearStanding
from web.i18n import _


class Task(NamedTuple):
    icon: str
    text: str
    page: str
    label: str


def tasks(overview: Overview, chosen: YearStanding) -> Iterator[Task]:
    if overview.binding is None:
        text = _("您还没有工作单位，学时无法送审。请选择单位并提交确认。")
        yield Task("domain_add", text, "personal/profile", _("选择工作单位"))
    if overview.binding is BindingStatus.REQUESTED:
        text = _("工作单位尚未确认您的申请，确认后才能送审学时。")
        yield Task("hourglass_top", text, "personal/profile", _("查看申请"))
    if returned := overview.to_do[ClaimStatus.RETURNED]:
        text = _("有 %(count)s 条学时记录被退回，请按审核意见修改后重新送审。") % {"count": returned}
        yield Task("assignment_return", text, "personal/claims", _("去修改"))
    if drafts := overview.to_do[ClaimStatus.DRAFT]:
        text = _("有 %(count)s 条学时记录还没有送审。") % {"count": drafts}
        yield Task("outgoing_mail", text, "personal/claims", _("去送审"))
    if chosen.met:
        text = _("%(year)s 年度的证书可以打印。") % {"year": chosen.year}
        yield Task("workspace_premium", text, "personal/certificates", _("去打印"))
