"""The note beside a claim whose owner has a dishonesty record in force; that it was seen is noted first."""

import streamlit as st

from db import transaction
from services import misconduct_notes
from services.misconduct_notes import Note, Notes
from services.permissions import Actor
from web.i18n import _
from web.labels import word


def draw(actor: Actor, notes: Notes) -> None:
    if notes.unnoted:
        with transaction() as session:
            misconduct_notes.note_look(session, actor, notes)
    if notes.shown:
        head = _("**失信提示**：申报人有在有效期内的失信记录，请从严核对材料。不得仅凭此记录不予通过；本次查看已记录。")
        st.warning("\n".join([head, "", *(f"- {_sentence(note)}" for note in notes.shown)]), icon=":material/gavel:")


def _sentence(note: Note) -> str:
    facts = {"kind": word(note.kind), "since": note.since, "until": note.until}
    if note.is_disputed:
        return _("%(kind)s，有效期 %(since)s 至 %(until)s（异议处理中）") % facts
    return _("%(kind)s，有效期 %(since)s 至 %(until)s") % facts
