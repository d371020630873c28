"""What was noticed about a claim, in sentences: to its owner before it is sent, to the reviewer beside the decision."""

from collections.abc import Mapping, Sequence

import streamlit as st

from db import reading
from db.claim_flags import FlagKind
from db.claims import Claim
from db.organisations import Organisation
from services import claim_flags
from services.claim_access import is_owner
from services.claim_flags import Noticed
from services.permissions import Actor
from web.i18n import N_, _
from web.labels import badge_text, word
from web.text import escape_markdown

SENTENCES: Mapping[FlagKind, str] = {
    FlagKind.SAME_FILE: N_("同一附件在其他记录中使用过"),
    FlagKind.SAME_CERTIFICATE: N_("证书编号与其他记录相同"),
    FlagKind.SAME_TITLE: N_("本年度已有同名活动"),
    FlagKind.OVERLAP: N_("起止日期与本人其他记录重叠"),
    FlagKind.UNUSUAL_HOURS: N_("学时明显多于本单位近期通过的同类活动"),
    FlagKind.LATE: N_("送审时距该年度申报截止不足 %(days)s 天"),
}


def draw_before_sending(actor: Actor, claim: Claim, employer: Organisation | None) -> None:
    """Live, because it changes with every file and date."""
    with reading() as session:
        noticed = claim_flags.before_sending(session, actor, claim, employer.id if employer else None)
    if noticed:
        head = _("**系统提示，不影响送审**：以下内容单位审核时也会看到，请核对；确认无误可以直接送审。")
        st.info(_list(head, actor, noticed), icon=":material/flag:")


def draw(actor: Actor, noticed: Sequence[Noticed]) -> None:
    if noticed:
        head = _("**系统提示**：请结合附件材料核对，是否通过由审核人判断。")
        st.warning(_list(head, actor, noticed), icon=":material/flag:")


def _list(head: str, actor: Actor, noticed: Sequence[Noticed]) -> str:
    return "\n".join([head, "", *(f"- {_sentence(actor, each)}" for each in noticed)])


def _sentence(actor: Actor, noticed: Noticed) -> str:
    others = [_other(actor, claim) for claim in noticed.others]
    if noticed.hidden:
        others.append(_("另有 %(count)s 条不在您的查看范围内") % {"count": noticed.hidden})
    said = f"{badge_text(noticed.kind)} {_(SENTENCES[noticed.kind])}" % {"days": claim_flags.LATE.days}
    return _("%(said)s：%(others)s") % {"said": said, "others": _("、").join(others)} if others else said


def _other(actor: Actor, claim: Claim) -> str:
    facts = {
        "title": escape_markdown(claim.title),
        "start": claim.start_on,
        "end": claim.end_on,
        "status": word(claim.status),
        "name": escape_markdown(claim.person.name),
    }
    if is_owner(actor, claim):
        return _("《%(title)s》（%(start)s 至 %(end)s，%(status)s）") % facts
    return _("%(name)s《%(title)s》（%(start)s 至 %(end)s，%(status)s）") % facts
