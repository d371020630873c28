"""Making one organisation of two: which one stays, what goes over, and a confirmation that names both by their code."""

import streamlit as st

from db import reading
from db.organisations import Organisation, OrganisationStatus
from services import mergers
from services.errors import DomainError
from services.mergers import Merger, Moved
from services.permissions import Actor
from web import pause
from web.command import command, refuse
from web.i18n import N_, _
from web.organisation_view import code
from web.text import escape_markdown

WORDS = {
    Moved.STAFF: N_("在职人员"),
    Moved.REQUESTS: N_("待确认或待生效的人员"),
    Moved.CLAIMS: N_("待审核的学时"),
    Moved.ENROLMENTS: N_("培训班报名"),
    Moved.EXEMPTIONS: N_("学时减免"),
    Moved.CLASSES: N_("培训班"),
}


def draw_merger(actor: Actor, one: Organisation, other: Organisation) -> None:
    """Nothing happens before the supervisor has seen what would."""
    approved = {each.id: each for each in (one, other) if each.status is OrganisationStatus.APPROVED}
    if not approved:
        st.caption(_("两个单位都不是“通过”状态，暂不能合并：请先通过或恢复要保留的单位。"))
        return
    kept_id: int | None = st.radio(
        _("合并后保留哪一个单位"),
        approved,
        None,
        format_func=lambda number: escape_markdown(_named(approved[number])),
        key=f"kept_{one.id}_{other.id}",
    )
    if kept_id is None:
        st.caption(_("只能保留“通过”的单位。选择后先看到合并的结果，确认后才合并。"))
    else:
        _draw_plan(actor, other.id if kept_id == one.id else one.id, kept_id)


def _named(organisation: Organisation) -> str:
    return _("%(name)s（%(code)s）") % {"name": organisation.name, "code": code(organisation)}


def _draw_plan(actor: Actor, gone_id: int, kept_id: int) -> None:
    try:
        with reading() as session:
            planned = mergers.preview(session, actor, gone_id, kept_id)
    except DomainError as refusal:
        refuse(refusal)
        return
    _draw_effect(planned)
    key = f"merge_{planned.gone.id}_{planned.gone.version}_{planned.kept.id}_{planned.kept.version}"
    take = bool(planned.reviewers) and st.checkbox(
        _("把被并入单位的 %(count)s 名审核人增加为保留单位的审核人") % {"count": planned.reviewers}, key=f"{key}_take"
    )
    names = {"gone": escape_markdown(_named(planned.gone)), "kept": escape_markdown(_named(planned.kept))}
    sure = st.checkbox(_("确认把“%(gone)s”并入“%(kept)s”。合并后不能撤销。") % names, key=f"{key}_sure")
    if st.button(_("合并"), type="primary", key=key, disabled=not sure or pause.is_on()):
        with command(_("已合并。"), before_redraw=pause.begin) as session:
            seen = planned.gone.version, planned.kept.version
            mergers.merge(session, actor, gone_id, kept_id, seen=seen, take_reviewers=take)


def _draw_effect(planned: Merger) -> None:
    moved = [f"{_(WORDS[what])} **{count}**" for what, count in planned.counts.items()]
    st.info(
        _("将移到保留的单位：%(moved)s。已经审核的学时和已签发的证书保持不变；被并入的单位不能再办理业务，仍可查看。")
        % {"moved": _("、").join(moved)},
        icon=":material/merge:",
    )


def draw_search(actor: Actor, organisation: Organisation) -> None:
    """For duplicates whose names do not resemble each other."""
    with st.expander(_("与另一个单位合并"), icon=":material/merge:"):
        uscc = st.text_input(
            _("另一个单位的统一社会信用代码"), max_chars=18, autocomplete="off", key=f"merge_with_{organisation.id}"
        )
        if not uscc.strip():
            return
        try:
            with reading() as session:
                other = mergers.find_other(session, actor, organisation, uscc)
        except DomainError as refusal:
            refuse(refusal)
        else:
            draw_merger(actor, organisation, other)
