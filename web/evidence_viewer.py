"""Files that prove something, page by page: beside the decision about it, and before their owner."""

from collections.abc import Callable, Sequence

import streamlit as st
from sqlalchemy.orm import Session

from db import reading
from db.claims import Claim
from db.files import StoredFile
from services import claims, previews
from services.errors import DomainError
from services.permissions import Actor
from web.command import refuse
from web.i18n import _
from web.session import current_actor, drawing

CLAIM_FILES, IDENTITY_FILES = "/files", "/files/identity"
OWNERS_HEIGHT = 460  # who knows his own papers wants to go on to the next step
FilesFor = Callable[[Session, Actor], Sequence[StoredFile]]
DrawTools = Callable[[StoredFile], None]


def draw_evidence(claim: Claim, draw_tools: DrawTools | None = None) -> None:
    """`draw_tools` adds what its owner may do to a file."""

    def files_for(session: Session, actor: Actor) -> Sequence[StoredFile]:
        return claims.get(session, actor, claim.id).evidence

    draw_files(CLAIM_FILES, claim.evidence, files_for, draw_tools)


@st.fragment
def draw_files(
    address: str, files: Sequence[StoredFile], files_for: FilesFor, draw_tools: DrawTools | None = None
) -> None:
    """A fragment, so that turning a page does not draw the rest again.

    By itself it runs without the page, and the reader may have lost his role since: `files_for` then asks again.
    """
    with st.container(border=True):
        try:
            if drawing() is None:
                actor = current_actor()
                with reading() as session:
                    files = files_for(session, actor)
            if files:
                _draw_file(address, _chosen(files), draw_tools)
            else:
                st.caption(_("没有附件。"))
        except DomainError as error:
            refuse(error)


def _chosen(files: Sequence[StoredFile]) -> StoredFile:
    if len(files) == 1:
        return files[0]
    number = st.segmented_control(
        _("附件"),
        range(len(files)),
        default=0,
        required=True,
        format_func=_tab,
        key=f"files_from_{files[0].id}",
        label_visibility="collapsed",
    )
    return files[number]


def _tab(index: int) -> str:
    return _("附件 %(number)s") % {"number": index + 1}


def _draw_file(address: str, file: StoredFile, draw_tools: DrawTools | None) -> None:
    here = f"{address}/{int(file.id)}"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.text(file.file_name, width="content")
        with st.container(horizontal=True, width="content", gap="small"):
            st.link_button(_("新窗口打开"), f"{here}/inline", icon=":material/open_in_new:", type="tertiary")
            st.link_button(_("下载"), here, icon=":material/download:", type="tertiary")
            if draw_tools:
                draw_tools(file)
    pages = previews.pages_of(file)
    page = st.pagination(pages, key=f"page_of_{address}_{file.id}") if pages > 1 else 1
    # Built from our own address and numbers. st.image would copy the file to one that asks nobody who he is.
    with st.container(height=OWNERS_HEIGHT if draw_tools else "content", border=False):
        # The keyboard scrolls what it can reach.
        st.html(f'<img src="{here}/pages/{int(page)}" width="100%" alt="{_("附件预览")}" tabindex="0">')
