"""Taking chosen files in, each by itself so that a refused one keeps none of the others away."""

from collections.abc import Callable, Iterable

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
from web.text import escape_markdown
from web.uploads import USUAL_MEGABYTES

REFUSALS = "refused_files"
UPLOADS = "uploads"
Attach = Callable[[Session, CheckedFile], object]


def draw_uploader(key: str, attach: Attach, *, label: str, advice: str, button: str) -> int:
    """Returns how many files were chosen and are not uploaded yet. `attach` is a service call."""
    for refusal in st.session_state.pop(REFUSALS, []):
        st.error(refusal, icon=":material/error:")
    # Another key after each upload, which empties the field: a refused file would keep the claim from being sent.
    uploads = st.session_state.get(UPLOADS, 0)
    files = st.file_uploader(
        label,
        type=list(evidence_files.KINDS),
        accept_multiple_files=True,
        max_upload_size=USUAL_MEGABYTES,
        key=f"files_{key}_{uploads}",
        help=advice,
    )
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
    refusals = []
    for file in files:
        try:
            checked = evidence_files.check(file.name, file.getvalue())
            with transaction() as session:
                attach(session, checked)
        except DomainError as error:
            refusals.append(escape_markdown(with_label(file.name, explain(error))))
    return refusals
