"""Deciding whom a row of an old system is about: those who may be meant, side by side with what it says."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from db.legacy import LegacyMatch, LegacyRow
from db.legacy_decisions import LegacyVerdict
from db.people import Person
from services import fields, legacy_decisions
from services.legacy_candidates import Candidate, Trait
from services.legacy_decisions import REASON, Judgement
from services.permissions import Actor
from services.reconciliation import Considered, ReconciliationAction
from web import by_keys, filters, legacy_row, pause
from web.command import command
from web.i18n import _
from web.labels import badge_text, word
from web.text import escape_markdown

SEARCH = "person_searched"
QUEUE = "old_rows"
MOST_KEYS = 9
COLOURS = {
    True: ("green", ":material/check:"),
    False: ("red", ":material/close:"),
    None: ("gray", ":material/question_mark:"),
}


BECOMES = {
    LegacyVerdict.PERSON: LegacyMatch.MATCHED,
    LegacyVerdict.NOBODY: LegacyMatch.ORPHAN,
    LegacyVerdict.DUPLICATE: LegacyMatch.DUPLICATE,
}


def draw_person(person: Person) -> None:
    named = {"name": escape_markdown(person.name), "number": escape_markdown(person.id_number_masked)}
    st.markdown(_(":material/person: 现匹配到：**%(name)s** %(number)s") % named)


def draw(actor: Actor, row: LegacyRow, considered: Considered) -> None:
    """Keyed by the row: a press on one that a colleague has decided about meanwhile finds no button any more."""
    if not considered.candidates:
        st.info(_("没有找到可能的人：没有同名且出生年份或单位一致的人，也没有相同的证件号码。"), icon=":material/info:")
    st.text_input(  # not in the address, in which no ID number may stand
        _("另找一人"),
        key=SEARCH,
        type="search",
        placeholder=_("完整的姓名或证件号码"),
        width=filters.WIDE,
    )
    resting = pause.is_on()
    with st.form(f"reconcile_{row.id}", enter_to_submit=False):
        alike = False
        if considered.alike:
            said = _("同时适用于另外 %(count)s 行：来源系统、姓名、证件号码、出生年份和单位都相同")
            alike = st.checkbox(said % {"count": considered.alike}, value=True, key=f"alike_{row.id}")
        reason = st.text_input(
            _(REASON),
            max_chars=fields.LONGEST_TEXT,
            key=f"reason_{row.id}",
            placeholder=_("可信度低或查无此人时必填"),
        )
        pressed = [
            Judgement(LegacyVerdict.PERSON, person_id=each.person.id, alike=alike, reason=reason)
            for place, each in enumerate(considered.people, 1)
            if _draw_candidate(row, each, place, resting=resting)
        ]
        pressed += _draw_others(row, considered, alike, reason, resting=resting)
    for judgement in [] if resting else pressed:
        done = _("已决定：%(verdict)s。可以随时撤销。") % {"verdict": word(judgement.verdict)}
        with pause.from_the_press_on(), command(done, before_redraw=partial(_decided, row, judgement)) as session:
            legacy_decisions.decide(session, actor, row.id, judgement)


def _draw_candidate(row: LegacyRow, each: Candidate, place: int, *, resting: bool) -> bool:
    person = each.person
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        facts = (person.id_number_masked, str(person.birth_date.year), _("、").join(each.employers) or _("无单位"))
        traits = " ".join(_trait(trait, each.agrees[trait]) for trait in Trait)
        said = f"**{escape_markdown(person.name)}** {badge_text(each.confidence)}"
        st.markdown(f"{said}  \n{escape_markdown(' · '.join(facts))}  \n{traits}", width="stretch")
        key = str(place) if place <= MOST_KEYS else None
        weight: by_keys.Weight = "primary" if place == 1 else "secondary"
        return by_keys.decides(ReconciliationAction.MATCH, f"{row.id}_{person.id}", key, weight, resting=resting)


def _trait(trait: Trait, agrees: bool | None) -> str:
    colour, icon = COLOURS[agrees]
    return f":{colour}-badge[{icon} {word(trait)}]"


def _draw_others(
    row: LegacyRow, considered: Considered, alike: bool, reason: str, *, resting: bool
) -> Sequence[Judgement]:
    pressed = []
    twins = {twin.id: _twin(twin) for twin in considered.twins}
    other = None
    if twins:
        other = st.selectbox(
            _("与哪一行重复"),
            list(twins),
            index=None,
            format_func=twins.__getitem__,
            key=f"twin_{row.id}",
            placeholder=_("要标为重复时请选择被保留的那一行"),
        )
    with st.container(horizontal=True):
        if by_keys.decides(ReconciliationAction.NOBODY, f"{row.id}", "X", "secondary", resting=resting):
            pressed.append(Judgement(LegacyVerdict.NOBODY, alike=alike, reason=reason))
        if twins and by_keys.decides(ReconciliationAction.DUPLICATE, f"{row.id}", "D", "secondary", resting=resting):
            pressed.append(Judgement(LegacyVerdict.DUPLICATE, other_id=other, reason=reason))
    return pressed


def _twin(twin: LegacyRow) -> str:
    told = (twin.name, str(twin.year), twin.number or twin.title, legacy_row.hours(twin), legacy_row.source(twin))
    return " · ".join(filter(None, told))


def _decided(row: LegacyRow, judgement: Judgement) -> None:
    st.session_state.pop(SEARCH, None)
    by_keys.note_decided(QUEUE, row.id, BECOMES[judgement.verdict].value)


def draw_undo(actor: Actor, row: LegacyRow) -> None:
    resting = pause.is_on()
    with st.form(f"undo_{row.id}_{row.decision_id}", enter_to_submit=False):
        st.caption(_("撤销后重新按证件号码、姓名、单位和出生年份判定；由该决定匹配的其他各行一并恢复。"))
        reason = st.text_input(_(REASON), max_chars=fields.LONGEST_TEXT, key=f"undo_reason_{row.decision_id}")
        pressed = by_keys.decides(ReconciliationAction.UNDO, f"{row.decision_id}", "U", "secondary", resting=resting)
    if pressed and not resting and row.decision_id is not None:
        with command(_("已撤销决定。"), before_redraw=pause.begin) as session:
            legacy_decisions.undo(session, actor, row.id, seen=row.decision_id, reason=reason)


def draw_steps_through(page: Sequence[LegacyRow], row: LegacyRow | None) -> None:
    steps = by_keys.Steps(QUEUE, _("上一行"), _("下一行"), _("查看刚决定的一行"))
    by_keys.draw_steps([each.id for each in page], row.id if row else None, steps)
