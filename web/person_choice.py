"""Choosing whom something is about, among the people of a supervisor's divisions; the address says whom."""

from collections.abc import Sequence

import streamlit as st

from services.supervised_people import Employed
from web import filters
from web.i18n import _
from web.text import escape_markdown

PERSON = "person"


def draw_search(found: Sequence[Employed], text: str, hint: str) -> None:
    filters.draw_text(_("查找当事人"), _("姓名中的字，或完整的证件号码"))
    for each in found:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(_heading(each), width="stretch")
            if st.button(_("选定"), key=f"choose_{each.person.id}"):
                filters.show(person=each.person.id, text="")
                st.rerun()
    if text and not found:
        st.info(_("您管理的单位中没有这个人。请核对姓名或证件号码。"), icon=":material/search_off:")
    elif not text:
        st.caption(hint)


def draw_chosen(chosen: Employed) -> None:
    if st.button(_("重新选择当事人"), icon=":material/arrow_back:", type="tertiary"):
        filters.show(person="")
        st.rerun()
    st.markdown(_heading(chosen))


def _heading(each: Employed) -> str:
    named = f"**{escape_markdown(each.person.name)}** {escape_markdown(each.person.id_number_masked)}"
    return f"{named}  \n:gray[{escape_markdown(each.employer.name)}]"
