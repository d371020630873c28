"""Drafts of requirements: tried out on everybody, put in force or given up."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from db import reading, transaction
from db.requirements import RequirementEdition
from services import asked_hours, requirement_editions, requirement_trials
from services.permissions import Actor
from services.requirement_trials import Flip, Flipping
from services.rules import plain
from web import filters, long_work, pause, requirement_words, worklist
from web.command import command
from web.facts import draw_facts
from web.i18n import _
from web.labels import word
from web.text import escape_markdown
from web.times import local_time


def draw_drafts(actor: Actor, drafts: Sequence[RequirementEdition]) -> None:
    if not drafts:
        return
    st.header(_("草案"), anchor=False)
    named = filters.number(filters.OPENED)
    opened = next((draft for draft in drafts if draft.id == named), drafts[0])
    worklist.draw({draft.id: _row(draft) for draft in drafts}, opened.id, alt=_("草案"))
    with st.container(border=True):
        _draw_draft(actor, opened)


def _row(draft: RequirementEdition) -> dict[str, object]:
    return {
        _("年度"): str(draft.year),
        _("适用人员"): requirement_words.scope(draft),
        **requirement_words.hours(draft),
        _("自哪天起执行"): f"{draft.in_force_on}",
        _("拟定人"): draft.made_by_name,
        _("试算"): local_time(draft.tried_at) if draft.tried_at else _("未试算"),
    }


def _draw_draft(actor: Actor, draft: RequirementEdition) -> None:
    heading = _("%(year)s 年度") % {"year": draft.year}
    st.markdown(f"**{heading} · {escape_markdown(requirement_words.scope(draft))}**")
    draw_facts(requirement_words.hours(draft))
    st.caption(escape_markdown(draft.basis))
    with reading() as session:
        current = draft.tried_after == asked_hours.newest_edition(session)
    if draft.tried_at is not None:
        _draw_found(actor, draft, current=current)
    key, resting = f"{draft.id}_{draft.version}", pause.is_on()
    with st.container(horizontal=True):
        tries = st.button(_("试算"), icon=":material/calculate:", key=f"try_{key}", disabled=resting)
        puts = st.button(
            _("执行"),
            type="primary",
            icon=":material/gavel:",
            key=f"put_{key}",
            disabled=resting or not current,
            help=_("试算后才能执行。"),
        )
        gives_up = st.button(_("放弃草案"), key=f"discard_{key}", disabled=resting)
    if tries:
        _try(actor, draft)
    if puts:
        with command(_("新要求已执行。"), before_redraw=pause.begin) as session:
            requirement_editions.put_in_force(session, actor, draft.id, seen=draft.version)
    if gives_up:
        with command(_("草案已放弃。"), before_redraw=pause.begin) as session:
            requirement_editions.discard(session, actor, draft.id, seen=draft.version)


def _try(actor: Actor, draft: RequirementEdition) -> None:
    run = partial(requirement_trials.run, reading, transaction, actor, draft.id, seen=draft.version)
    long_work.carry_out(_("正在试算…"), lambda show: run(on_progress=show), _("试算完成，还没有执行。"))


def _draw_found(actor: Actor, draft: RequirementEdition, *, current: bool) -> None:
    """How many people the draft would turn, and which."""
    columns = st.columns(2)
    columns[0].metric(_("将不再达标"), draft.losing, border=True)
    columns[1].metric(_("将变为达标"), draft.gaining, border=True)
    if not current:
        st.warning(_("试算之后要求有变更，请重新试算。"), icon=":material/update:")
    flip = st.radio(
        _("名单"),
        [Flip.LOSING, Flip.GAINING],
        format_func=word,
        horizontal=True,
        key=f"flip_{draft.id}",
        on_change=_first_page,
    )
    after = filters.after()
    with reading() as session:
        people = requirement_trials.flipping(session, actor, draft.id, flip, after_id=after)
    if people:
        st.dataframe([_person(each) for each in people], hide_index=True, alt=_("受影响的人员"))
        worklist.draw_pages(len(people), requirement_trials.PAGE_SIZE, people[-1].person_id)
    else:
        st.caption(_("没有这样的人员。"))
    st.caption(_("按官方统计计算。名单只列出您管理的行政区划内有单位的人员；已签发的证书不受影响。"))


def _first_page() -> None:
    st.query_params.pop(filters.AFTER, None)


def _person(person: Flipping) -> dict[str, object]:
    figures = {
        word(line.category): _("%(earned)s / %(required)s")
        % {"earned": plain(line.earned), "required": plain(line.required)}
        for line in person.hours
    }
    return {
        _("姓名"): person.name,
        _("证件号码"): person.id_number_masked,
        _("工作单位"): person.employer,
        **figures,
    }
