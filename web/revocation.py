"""Taking approved hours away, after saying what follows; and giving them back within a day."""

from collections.abc import Callable

import streamlit as st
from sqlalchemy.orm import Session

from db.certificates import CertificateStatus
from db.claims import Claim, ClaimAction, ReviewReason
from services import claims
from services.corrections import Foreseen
from services.permissions import Actor
from services.rules import plain
from web import pause
from web.command import command
from web.i18n import N_, _
from web.labels import word
from web.opinion_fields import draw_opinion

Revoke = Callable[[Session, ReviewReason | None, str], object]
MARKED = {
    CertificateStatus.SUPERSEDED: N_("证书 %(number)s 将标记为“已换发”，本人可按新的学时重新打印。"),
    CertificateStatus.REVOKED: N_("证书 %(number)s 将标记为“已撤销”，验证时显示无效。"),
}


def draw_revocation(claim: Claim, foreseen: Foreseen | None, revoke: Revoke) -> None:
    key = f"revoke_{claim.id}_{claim.version}"
    with st.popover(_("撤销学时"), icon=":material/gavel:", key=f"open_{key}"):
        st.markdown(_("撤销后："))
        st.markdown("\n".join(f"- {line}" for line in _consequences(claim, foreseen)))
        with st.form(key, border=False, enter_to_submit=False):
            hint = _("请写明抽查发现的问题；选择“其他原因”时必填。申报人和单位都会看到。")
            reason, opinion = draw_opinion(key, hint=hint)
            confirmed = st.form_submit_button(_("确认撤销学时"), type="primary", disabled=pause.is_on())
        if confirmed:
            with command(_("已撤销学时，官方统计已更新。"), before_redraw=pause.begin) as session:
                revoke(session, reason, opinion)


def _consequences(claim: Claim, foreseen: Foreseen | None) -> list[str]:
    if foreseen is None:
        return [_("这条学时不再计入；官方统计还没有计算过，没有需要更正的数字。")]
    numbers = {
        "year": claim.year,
        "category": word(claim.category),
        "before": plain(foreseen.before.earned),
        "after": plain(foreseen.after.earned),
        "required": plain(foreseen.after.required),
    }
    official = (
        _("%(year)s 年度%(category)s的官方学时立即由 %(before)s 变为 %(after)s（要求 %(required)s）。")
        if foreseen.before.earned != foreseen.after.earned
        else _("%(year)s 年度%(category)s的官方学时仍为 %(after)s（要求 %(required)s），其中没有计入这条学时。")
    )
    return [official % numbers, _certificate(foreseen)]


def _certificate(foreseen: Foreseen) -> str:
    if foreseen.certificate is None or foreseen.becomes is None:
        return _("没有受影响的证书。")
    return _(MARKED[foreseen.becomes]) % {"number": foreseen.certificate.number}


def draw_restoration(actor: Actor, claim: Claim) -> None:
    """For a day a revocation can be taken back."""
    with st.popover(_("撤回撤销"), icon=":material/undo:"):
        st.markdown(
            _("撤回后，这条学时恢复为“通过”，官方统计立即更新。已标记的证书不会恢复，本人达到要求后可重新打印。")
        )
        if st.button(_("确认撤回撤销"), type="primary", key=f"restore_{claim.id}_{claim.version}"):
            with command(_("已恢复学时，官方统计已更新。")) as session:
                claims.act(session, actor, claim.id, ClaimAction.UNDO, seen=claim.version)
