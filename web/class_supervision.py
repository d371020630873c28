"""The classes and providers of a supervisor's divisions: how they went, the unusual ones marked."""

from collections.abc import Sequence

import streamlit as st

from db import reading
from db.classes import CourseClass
from services import class_supervision
from services.class_figures import Figures
from services.class_supervision import Supervised, SupervisedProvider
from services.clock import today
from services.errors import DomainError
from services.permissions import Actor
from services.rules import plain
from web import filters, worklist
from web.class_view import draw_files, draw_heading, draw_particulars, draw_sessions, draw_steps
from web.command import refuse
from web.i18n import _
from web.labels import badge_text, word
from web.text import escape_markdown

PROVIDER, MARKED = "provider", "marked"
PROVIDER_KEY = "provider_to_show"
MARK_WIDTH = 140  # pixels


def draw_classes(actor: Actor) -> None:
    year, provider_id, marked = _year(), filters.number(PROVIDER), MARKED in st.query_params
    text, named, after = filters.text(), filters.number(filters.OPENED), filters.after()
    try:
        with reading() as session:
            years = class_supervision.years(session, actor)
            found = class_supervision.list_classes(
                session, actor, year=year, provider_id=provider_id, text=text, marked=marked, after_id=after
            )
            opened = class_supervision.get(session, actor, named) if named else None
    except DomainError as refusal:
        refuse(refusal)
        return
    _draw_filters(years, year, marked=marked)
    if provider_id:
        st.button(_("显示全部施教机构的培训班"), icon=":material/filter_alt_off:", on_click=_show_all)
    if found:
        rows = {each.course_class.id: _row(each) for each in found}
        worklist.draw(rows, named, alt=_("培训班名单"), widths={_("异常"): MARK_WIDTH})
        worklist.draw_pages(len(found), class_supervision.PAGE_SIZE, found[-1].course_class.id)
    else:
        st.info(_("没有符合条件的培训班。施教机构发布后会出现在这里。"), icon=":material/co_present:")
    if opened:
        _draw_class(opened, next((each for each in found if each.course_class.id == opened.id), None))


def _year() -> int | None:
    """This year, unless the address says another one, or 0 for all."""
    given = filters.number(filters.YEAR)
    return today().year if given is None else given or None


def _show_all() -> None:
    filters.show(**{PROVIDER: ""})


def _draw_filters(years: Sequence[int], year: int | None, *, marked: bool | None = None) -> None:
    offered = sorted({*years, today().year, *([year] if year else [])}, reverse=True)
    words = {"0": _("全部年度"), **{str(each): str(each) for each in offered}}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        filters.draw_choice(filters.YEAR, _("年度"), words, str(year or 0))
        filters.draw_text(_("查找"), _("培训班或施教机构名称中的字"))
        if marked is not None:
            st.session_state["marked_filter"] = marked
            st.toggle(_("只看异常"), key="marked_filter", on_change=_show_marked)


def _show_marked() -> None:
    filters.show(**{MARKED: "1" if st.session_state["marked_filter"] else ""})


def _row(found: Supervised) -> dict[str, object]:
    course_class = found.course_class
    return {
        _("异常"): _("、").join(map(word, found.marks)),
        _("培训班名称"): course_class.name,
        _("施教机构"): course_class.provider.name,
        _("状态"): word(course_class.status),
        _("培训学时"): plain(course_class.hours) if course_class.hours else "",
        **_numbers(found.figures),
    }


def _numbers(figures: Figures) -> dict[str, object]:
    return {
        _("结业人数"): f"{figures.completed} / {figures.taught}",
        _("登记学时合计"): plain(figures.hours),
        _("出勤率"): "" if figures.attendance is None else f"{figures.attendance}%",
    }


def _draw_class(course_class: CourseClass, found: Supervised | None) -> None:
    with st.container(border=True):
        draw_heading(course_class)
        st.markdown(f":gray[{_('施教机构')}]  \n{escape_markdown(course_class.provider.name)}")
        if found and found.marks:
            st.warning(_("、").join(map(badge_text, found.marks)), icon=":material/flag:")
        draw_particulars(course_class)
        draw_sessions(course_class)
        draw_files(course_class)
        draw_steps(course_class)


def draw_providers(actor: Actor) -> None:
    year, text, after = _year(), filters.text(), filters.after()
    with reading() as session:
        years = class_supervision.years(session, actor)
        found = class_supervision.list_providers(session, actor, year=year, text=text, after_id=after)
    _draw_filters(years, year)
    if not found:
        st.info(_("没有符合条件的施教机构。审核通过的施教机构会出现在这里。"), icon=":material/domain_disabled:")
        return
    st.dataframe([_provider_row(each) for each in found], hide_index=True, alt=_("施教机构名单"))
    worklist.draw_pages(len(found), class_supervision.PAGE_SIZE, found[-1].provider.id)
    names = {str(each.provider.id): each.provider.name for each in found}
    st.selectbox(
        _("查看该机构的培训班"),
        list(names),
        None,
        format_func=names.__getitem__,
        key=PROVIDER_KEY,
        placeholder=_("请选择"),
        on_change=_show_provider,
    )


def _show_provider() -> None:
    filters.show(**{filters.VIEW: "classes", filters.TEXT: "", PROVIDER: st.session_state[PROVIDER_KEY] or ""})


def _provider_row(found: SupervisedProvider) -> dict[str, object]:
    return {
        _("施教机构"): found.provider.name,
        _("状态"): word(found.provider.status),
        _("培训班数"): found.classes,
        **_numbers(found.figures),
        _("异常培训班数"): found.unusual,
    }
