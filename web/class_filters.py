"""Which classes a professional looks at: the view of the list as the address says it, and the fields that change it."""

import streamlit as st

from db.claims import Category
from services.class_choice import EVERYTHING, ClassView
from web import filters
from web.i18n import _
from web.labels import word

SEATS = "seats"
FREE = "free"


def chosen() -> ClassView:
    return ClassView(
        text=filters.text(),
        category=filters.choice(filters.CATEGORY, Category),
        starts_from=filters.day(filters.FROM),
        ends_until=filters.day(filters.UNTIL),
        with_seats=st.query_params.get(SEATS) == FREE,
    )


def draw(view: ClassView) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        filters.draw_text(_("查找培训班"), _("班名、教师、地点或施教机构中的字"))
        categories = {"": _("全部"), **{code.value: word(code) for code in Category}}
        filters.draw_choice(filters.CATEGORY, _("学时类别"), categories, view.category or "")
        _draw_seats(view)
        filters.draw_day(filters.FROM, _("开班不早于"), view.starts_from)
        filters.draw_day(filters.UNTIL, _("结束不晚于"), view.ends_until)


def _draw_seats(view: ClassView) -> None:
    st.session_state["seats_filter"] = view.with_seats
    st.toggle(_("只看有名额的"), key="seats_filter", on_change=_show_seats)


def _show_seats() -> None:
    filters.show(**{SEATS: FREE if st.session_state["seats_filter"] else ""})


def is_narrowed(view: ClassView) -> bool:
    return view != EVERYTHING
