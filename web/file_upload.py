"""Choosing files that prove something, and taking them in: each by itself, or all of a form or none."""

from collections.abc import Callable, Iterable, Sequence

import streamlit as st
from sqlalchemy.orm import Session
from streamlit.runtime.uploaded_file_manager import UploadedFile

from db import transaction
from services import evidence_files
from services.errors import DomainError
from services.evidence_files import CheckedFile
from web.command import say_when_drawn, undisturbed
from web.facts import with_label
from web.i18n import _, explain
from web.refusals import note
from web.text import escape_markdown
from web.uploads import USUAL_MEGABYTES

REFUSALS = "refused_files"
UPLOADS = "uploads"
Attach = Callable[[Session, CheckedFile], object]


def choose_files(key: str, label: str, advice: str | None = None) -> Sequence[UploadedFile]:
    return st.file_uploader(
        label,
        type=list(evidence_files.KINDS),
        accept_multiple_files=True,
        max_upload_size=USUAL_MEGABYTES,
        key=key,
        help=advice,
    )


def check_files(files: Iterable[UploadedFile]) -> list[CheckedFile] | None:
    """All of them or none: with one refused the form stays as it is, so that it can be exchanged."""
    checked, refusals = list[CheckedFile](), list[str]()
    with st.spinner(_("正在检查并上传附件，请稍候…")):
        for file in files:
            try:
                checked.append(evidence_files.check(file.name, file.getvalue()))
            except DomainError as error:
                refusals.append(with_label(file.name, explain(error)))
    for refusal in refusals:
        st.error(escape_markdown(refusal), icon=":material/error:")
    return None if refusals else checked


def draw_uploader(key: str, attach: Attach, *, label: str, advice: str, button: str) -> int:
    """Takes each file in by itself, so that a refused one keeps none of the others away. `attach` is a service call.

    Returns how many were chosen and are not uploaded yet.
    """
    for refusal in st.session_state.pop(REFUSALS, []):
        st.error(refusal, icon=":material/error:")
    # Another key after each upload, which empties the field: a refused file would keep the claim from being sent.
    uploads = st.session_state.get(UPLOADS, 0)
    files = choose_files(f"files_{key}_{uploads}", label, advice)
    pressed = st.button(button, icon=":material/upload:", type="primary" if files else "secondary", key=f"upload_{key}")
    if pressed and not files:
        say_none_chosen()
    elif pressed:
        with st.spinner(_("正在检查并上传附件，请稍候…")):
            refusals = _attach(attach, files)
            undisturbed(lambda: _note(uploads + 1, refusals, attached=len(files) - len(refusals)))
        st.rerun()
    return len(files)


def _note(uploads: int, refusals: list[str], *, attached: int) -> None:
    st.session_state[REFUSALS], st.session_state[UPLOADS] = refusals, uploads
    if attached:
        say_when_drawn(_("已上传 %(count)s 个附件") % {"count": attached})


def say_none_chosen() -> None:
    """A file that is still on its way is not there for the server, while the page shows its name already."""
    st.warning(
        _("还没有选择文件，或文件还在上传。请先点击 Upload 选择，等文件上传完毕后再点击一次。"),
        icon=":material/info:",
    )


def _attach(attach: Attach, files: Iterable[UploadedFile]) -> list[str]:
    """The refusals, each with its file's name."""
    refused = []
    for file in files:
        try:
            checked = evidence_files.check(file.name, file.getvalue())
            with transaction() as session:
                attach(session, checked)
        except DomainError as error:
            note(error)
            refused.append(escape_markdown(with_label(file.name, explain(error))))
    return refused
