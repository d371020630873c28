"""The evidence of a claim, page by page, beside the decision about it."""

from collections.abc import Sequence

import streamlit as st

from db import reading
from db.claims import Claim, Evidence
from services import claims, previews
from services.errors import DomainError
from web.command import refuse
from web.i18n import _
from web.session import current_actor, drawing


@st.fragment
def draw_evidence(claim: Claim) -> None:
    """A fragment, so that turning a page does not draw the queue again."""
    with st.container(border=True):
        try:
            files = _files(claim)
            if files:
                _draw_file(_chosen(files))
            else:
                st.caption(_("没有附件。"))
        except DomainError as error:
            refuse(error)


def _files(claim: Claim) -> Sequence[Evidence]:
    """By itself the fragment runs without the page, and the reader may have lost his role since."""
    if drawing() is None:
        actor = current_actor()
        with reading() as session:
            claim = claims.get(session, actor, claim.id)
    return claim.evidence


def _chosen(files: Sequence[Evidence]) -> Evidence:
    if len(files) == 1:
        return files[0]
    number = st.segmented_control(
        _("附件"),
        range(len(files)),
        default=0,
        required=True,
        format_func=lambda index: _("附件 %(number)s") % {"number": index + 1},
        key=f"evidence_of_{files[0].claim_id}",
        label_visibility="collapsed",
    )
    return files[number]


def _draw_file(file: Evidence) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.text(file.file_name, width="content")
        with st.container(horizontal=True, width="content", gap="small"):
            st.link_button(_("新窗口打开"), f"/files/{file.id}/inline", icon=":material/open_in_new:", type="tertiary")
            st.link_button(_("下载"), f"/files/{file.id}", icon=":material/download:", type="tertiary")
    pages = previews.pages_of(file)
    page = st.pagination(pages, key=f"page_of_{file.id}") if pages > 1 else 1
    # Built from numbers alone. st.image would copy the file to Streamlit's own address, which asks nobody who he is.
    st.html(f'<img src="/files/{int(file.id)}/pages/{int(page)}" width="100%" alt="{_("附件预览")}">')
