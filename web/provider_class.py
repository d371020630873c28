"""Which class a provider's page is about: picked from a list, kept in the address."""

from collections.abc import Sequence

import streamlit as st

from db.classes import CourseClass
from web import filters
from web.i18n import _
from web.labels import word
from web.navigation import link


def choose(offered: Sequence[CourseClass]) -> CourseClass | None:
    """The one in the address, otherwise the first, which then stands there; None, with the reason, if there is none.

    What comes first changes with what is done, and the page must not change to another class by itself.
    """
    if not offered:
        st.info(
            _("还没有发布的培训班。在“培训班管理”中新建并发布后，报名和结业在这里办理。"), icon=":material/event_busy:"
        )
        link("provider/classes")
        return None
    classes = {each.id: each for each in offered}
    named = filters.number(filters.CLASS)
    chosen = named if named in classes else offered[0].id
    if chosen != named:
        st.query_params[filters.CLASS] = str(chosen)
    st.session_state["class_filter"] = chosen
    titles = {number: _titled(each) for number, each in classes.items()}
    titles = {number: _titled(each) for number, each in classes.items()}
    st.selectbox(_("培训班"), list(titles), format_func=titles.__getitem__, key="class_filter", on_change=_show_class)
    return classes[chosen]


def _titled(course_class: CourseClass) -> str:
    return f"{course_class.name} · {course_class.start_on} · {word(course_class.status)}"


def _show_class() -> None:
    """The filters of one class mean nothing for another."""
    st.query_params.from_dict({filters.CLASS: str(st.session_state["class_filter"])})
