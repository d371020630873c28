"""From an uploaded workbook to a stored look through it; nothing else changes."""

from collections.abc import Callable

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from db import reading
from db.accounts import Role
from services import imports, organisations, spreadsheets
from services.errors import DomainError
from services.imports import Upload
from services.permissions import Actor
from web import filters
from web.command import command, refuse
from web.i18n import _
from web.text import escape_markdown
from web.uploads import USUAL_MEGABYTES
from web.vocabulary import vocabulary

UPLOADS = "import_uploads"


def choose_employer(actor: Actor) -> int:
    """Whose list it is; asked only of who acts for several employers."""
    with reading() as session:
        own = organisations.list_own(session, actor)
    allowed = actor.organisation_ids(Role.EMPLOYER)
    names = {organisation.id: organisation.name for organisation in own if organisation.id in allowed}
    if len(names) == 1:
        return next(iter(names))
    return st.selectbox(
        _("单位"), list(names), format_func=lambda number: escape_markdown(names[number]), key="import_employer"
    )


def choose_workbook(label: str) -> UploadedFile | None:
    """Empty again when its workbook has been looked through."""
    return st.file_uploader(
        label,
        type=[spreadsheets.ENDING.removeprefix(".")],
        max_upload_size=USUAL_MEGABYTES,
        key=f"workbook_{st.session_state.get(UPLOADS, 0)}",
    )


def look_through(actor: Actor, make: Callable[[], Upload]) -> None:
    """Afterwards what was found is open on the page. A refusal leaves the form as it was filled in."""
    try:
        with st.spinner(_("正在逐行检查，请稍候…")):
            upload, words = make(), vocabulary()
            with reading() as session:
                examined = imports.examine(session, actor, upload, words)
    except DomainError as refusal:
        refuse(refusal)
        return
    with command(_("检查完成，还没有导入。"), before_redraw=lambda: _open(kept.id)) as session:
        kept = imports.keep(session, actor, examined)


def _open(import_id: int) -> None:
    st.session_state[UPLOADS] = st.session_state.get(UPLOADS, 0) + 1
    filters.open_row(import_id)
