"""The evidence of a claim, page by page, beside the decision about it."""

from collections.abc import Sequence

import streamlit as st

from db.claims import Evidence
from services import previews
from services.errors import DomainError
from web.command import refuse
from web.i18n import _
from web.session import current_actor


@st.fragment
def draw_evidence(files: Sequence[Evidence]) -> None:
    """A fragment, so that turning a page does not draw the queue again."""
    current_actor()
    with st.container(border=True):
        if not files:
            st.caption(_("没有附件。"))
            return
        _draw_file(_chosen(files))


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
    try:
        pages = previews.pages_of(file)
    except DomainError as error:
        refuse(error)
        return
    page = st.pagination(pages, key=f"page_of_{file.id}") if pages > 1 else 1
    # Built from numbers alone. st.image would copy the file to Streamlit's own address, which asks nobody who he is.
    st.html(f'<img src="/files/{int(file.id)}/pages/{int(page)}" width="100%" alt="{_("附件预览")}">')
