"""A claim that its owner still works on: the form, the evidence and the promise, in the order of the manual."""

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from db.claims import Claim, ClaimAction, ClaimStatus
from db.organisations import Organisation
from services import claims
from services.claim_form import ClaimForm, form_of
from services.hour_limits import Basis
from services.permissions import Actor
from services.rules import plain
from web import claim_flags, filters
from web.claim_fields import blank, draw_form
from web.claim_view import reviewer
from web.command import command
from web.evidence_upload import draw_needed, draw_tools, draw_uploader
from web.evidence_viewer import draw_evidence
from web.i18n import _
from web.labels import word
from web.navigation import link
from web.text import escape_markdown

LIST = "personal/claims"
KEPT = "claims_kept"


def draw_new(actor: Actor, basis: Basis, original: Claim | None = None) -> None:
    """Empty, or filled in like the claim that is copied. Once it is kept, the page shows it at its next step."""
    with _step(1, _("填写基本信息")):
        if original:
            _draw_origin(original)
        form = draw_form(_copied(original, basis) if original else blank(basis), _new_key(original), basis)
        if _save_button():
            copy_of = original.id if original else None
            saved = _("基本信息已保存，请上传附件材料")
            with command(saved, before_redraw=lambda: _open_kept(claim)) as session:
                claim = claims.create(session, actor, form, copy_of=copy_of)
    with _step(2, _("上传附件材料")):
        draw_needed(basis.rule(form.year, form.activity_type))
        st.caption(_("保存基本信息后，在这里上传附件材料。"))
    with _step(3, _("送单位审核")):
        st.caption(_("上传附件材料后，在这里确认送审。"))


def _open_kept(claim: Claim) -> None:
    """The next new form is another one: what is typed outlives the view, but not its being kept."""
    st.session_state[KEPT] = st.session_state.get(KEPT, 0) + 1
    filters.show(id=claim.id)


def _new_key(original: Claim | None) -> str:
    form = f"new{st.session_state.get(KEPT, '')}"
    return f"{form}_{original.id}" if original else form


def _copied(original: Claim, basis: Basis) -> ClaimForm:
    """For a year that can be declared: that of the original may be over."""
    is_open = any(window.year == original.year for window in basis.windows)
    copied = form_of(original)
    return copied if is_open else replace(copied, year=blank(basis).year)


def _draw_origin(original: Claim) -> None:
    facts = {"title": escape_markdown(original.title)}
    st.info(_("内容来自“%(title)s”，请核对年度、日期和学时，再保存为新记录。") % facts, icon=":material/content_copy:")
    if original.status is ClaimStatus.REJECTED and original.evidence:
        st.caption(_("原来的 %(count)s 个附件会一并复制，保存后可以移除或替换。") % {"count": len(original.evidence)})


def draw_draft(actor: Actor, claim: Claim, basis: Basis, employer: Organisation | None) -> None:
    returned = claim.status is ClaimStatus.RETURNED
    if returned:
        _draw_return(claim)
    with st.expander(_kept(claim), expanded=returned, icon=":material/check_circle:"):
        form = draw_form(form_of(claim), f"{claim.id}_{claim.version}", basis)
        if _save_button():
            with command(_("基本信息已保存")) as session:
                claims.update(session, actor, claim.id, form, seen=claim.version)
    with _step(2, _("上传附件材料"), done=bool(claim.evidence)):
        draw_needed(claim.activity_rule)
        if claim.evidence:
            draw_evidence(claim, draw_tools)
        chosen = draw_uploader(actor, claim)
    with _step(3, _("送单位审核")):
        _draw_submission(actor, claim, employer, _unfinished(claim, form, chosen))
    if claim.status is ClaimStatus.DRAFT:
        _draw_deletion(actor, claim)


def _draw_return(claim: Claim) -> None:
    said = filter(None, (word(claim.reason) if claim.reason else "", escape_markdown(claim.opinion)))
    opinion = {"opinion": _("；").join(said)}
    text = _("这条记录被退回，审核意见：%(opinion)s") % opinion
    st.error(text, icon=":material/assignment_return:")


def _kept(claim: Claim) -> str:
    """Reminds of the claim while its form is folded up."""
    facts = {"title": escape_markdown(claim.title), "hours": plain(claim.hours_claimed)}
    return _("**填写基本信息**　%(title)s，%(hours)s 学时 :blue[（点击修改）]") % facts


def _draw_submission(actor: Actor, claim: Claim, employer: Organisation | None, unfinished: str) -> None:
    if employer is None:
        st.warning(_("您还没有确认的工作单位，暂时不能送审；已填写的内容会保留。"), icon=":material/domain_disabled:")
        link("personal/profile", label=_("选择工作单位"))
    else:
        st.markdown(reviewer(employer))
    claim_flags.draw_before_sending(actor, claim, employer)
    attested = st.checkbox(
        _("我承诺以上内容和附件材料真实、准确，如有虚假愿承担相应责任。"), key=f"promise_{claim.id}_{claim.version}"
    )
    if unfinished:
        st.warning(unfinished, icon=":material/warning:")
    key = f"submit_{claim.id}"
    if st.button(_("确认送审"), type="primary", icon=":material/send:", disabled=bool(unfinished), key=key):
        with command(_("已送审，请等待单位审核"), then=LIST) as session:
            claims.act(session, actor, claim.id, ClaimAction.SUBMIT, seen=claim.version, attested=attested)


def _unfinished(claim: Claim, form: ClaimForm, chosen: int) -> str:
    """What was typed or chosen and would be lost by sending now."""
    if form != form_of(claim):
        return _("基本信息有修改还没有保存，请先点击“保存基本信息”。")
    if chosen:
        return _("有 %(count)s 个附件已选择但还没有上传，请先点击“附件材料上传”。") % {"count": chosen}
    return ""


def _draw_deletion(actor: Actor, claim: Claim) -> None:
    with st.popover(_("删除"), icon=":material/delete:"):
        st.markdown(_("删除后不能恢复，已上传的附件也一并删除。"))
        if st.button(_("确认删除"), type="primary"):
            with command(_("已删除"), then=LIST) as session:
                claims.delete(session, actor, claim.id, seen=claim.version)


def _save_button() -> bool:
    return st.button(_("保存基本信息"), type="primary", icon=":material/save:")


def _step(number: int, name: str, *, done: bool = False) -> DeltaGenerator:
    box = st.container(border=True)
    icon = ":material/check_circle:" if done else f":material/counter_{number}:"
    box.markdown(f"{icon} **{name}**")
    return box
