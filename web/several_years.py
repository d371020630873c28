"""One document about several years, as an application for a title asks for it."""

from collections.abc import Sequence

import streamlit as st

from web import transcript_export, years
from web.download import address
from web.i18n import _


def draw_transcript(printable: Sequence[int], year: int) -> None:
    st.subheader(_("学时明细"), anchor=False)
    if not printable:
        st.caption(_("官方统计计入学时后，可以在这里打印学时明细。"))
        return
    st.caption(_("列出官方统计计入的每一条记录，合计与官方统计一致，可用于职称申报。"))
    chosen = st.multiselect(
        _("打印的年度"),
        printable,
        default=[year] if year in printable else printable[:1],
        key=f"transcript_of_{year}",
        select_all=False,
        placeholder=_("请选择"),
        width=420,
    )
    st.link_button(
        _("打开学时明细（PDF）"),
        address(transcript_export.EXPORT, **{years.YEARS: years.joined(chosen)}),
        icon=":material/receipt_long:",
        disabled=not chosen,
    )
