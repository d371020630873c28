"""A class as a form, with the hours that its sessions allow beside them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import streamlit as st

from db.claims import Category
from db.classes import ClassMode
from db.people import TitleSeries
from services import class_form, class_hours, class_sessions, divisions, fields
from services.class_form import ClassForm
from services.class_sessions import SessionForm
from services.errors import DomainError
from services.rules import plain
from web import class_sessions as session_rows
from web.i18n import _, explain
from web.labels import word
from web.text import escape_markdown
from web.times import from_wall, on_wall

COLUMN = 260


def draw_form(saved: ClassForm, key: str) -> ClassForm:
    """Texts stay in the browser until a button is pressed; what the arithmetic needs comes at once."""
    named = _draw_content(saved, key)
    said = _draw_people(saved, key)
    st.markdown(f"**{_('上课安排')}**")
    with st.container():  # what comes and goes; a date half typed below stays where it is
        sessions = session_rows.draw(saved.sessions, key)
        _draw_arithmetic(sessions, named["hours"])
    st.markdown(f"**{_('报名与结业')}**")
    terms = _draw_terms(saved, key)
    description = st.text_area(
        _("培训班介绍（选填）"),
        saved.description,
        key=f"class_description_{key}",
        max_chars=class_form.LONGEST_DESCRIPTION,
        height=160,
        on_change="ignore",
    )
    return ClassForm(**named, **said, **terms, description=description, sessions=tuple(sessions))


def _draw_content(saved: ClassForm, key: str) -> dict[str, Any]:
    name = _type(_("培训班名称"), saved.name, f"class_name_{key}")
    with st.grid(3, min_column_width=COLUMN, vertical_alignment="bottom"):
        category = _choose(_("学时类别"), list(Category), saved.category, f"class_category_{key}")
        hours = st.number_input(
            _("培训学时"),
            value=None if saved.hours is None else float(saved.hours),
            min_value=0.0,
            step=0.5,
            format="%g",
            key=f"class_hours_{key}",
        )
        mode = _choose(_("培训方式"), list(ClassMode), saved.mode, f"class_mode_{key}")
    claimed = None if hours is None else Decimal(str(hours))
    return {"name": name, "category": category, "hours": claimed, "mode": mode or ClassMode.ONSITE}


def _draw_people(saved: ClassForm, key: str) -> dict[str, Any]:
    served = st.multiselect(
        _("服务区划（含其下级区划）"),
        _divisions(saved.divisions),
        list(saved.divisions),
        format_func=divisions.name,
        key=f"class_divisions_{key}",
        placeholder=_("请选择"),
        select_all=False,
        on_change="ignore",
    )
    series = st.multiselect(
        _("适用职称系列（不选为不限）"),
        list(TitleSeries),
        list(saved.audience),
        format_func=word,
        key=f"class_audience_{key}",
        placeholder=_("请选择"),
        select_all=False,
        on_change="ignore",
    )
    with st.grid(2, min_column_width=COLUMN, vertical_alignment="bottom"):
        place = _type(_("上课地点"), saved.place, f"class_place_{key}")
        teacher = _type(_("授课教师（选填）"), saved.teacher, f"class_teacher_{key}")
        contact = _type(_("联系人"), saved.contact_name, f"class_contact_{key}")
        phone = _type(_("联系电话"), saved.contact_phone, f"class_phone_{key}", longest=20)
    return {
        "divisions": tuple(served),
        "audience": tuple(series),
        "place": place,
        "teacher": teacher,
        "contact_name": contact,
        "contact_phone": phone,
    }


def _divisions(chosen: Sequence[str]) -> list[str]:
    """All of the provinces of those that are chosen; a new class begins with the provider's own."""
    provinces = dict.fromkeys(divisions.upward(code)[-1] for code in chosen) or dict.fromkeys(
        place.code for place in divisions.below("")
    )
    return [place.code for province in provinces for place in divisions.subtree(province)]


def _draw_terms(saved: ClassForm, key: str) -> dict[str, Any]:
    with st.grid(3, min_column_width=COLUMN, vertical_alignment="bottom"):
        begins = pick_moment(_("报名开始时间"), saved.enrol_from, f"class_from_{key}")
        ends = pick_moment(_("报名截止时间"), saved.enrol_until, f"class_until_{key}")
        capacity = pick_capacity(saved.capacity, key)
        fee = st.number_input(
            _("培训费（元，仅展示，不在线收取）"),
            value=float(saved.fee),
            min_value=0.0,
            step=10.0,
            format="%.2f",
            key=f"class_fee_{key}",
            on_change="ignore",
        )
        needed = st.number_input(
            _("结业最低出勤率（%）"),
            value=saved.attendance_needed,
            min_value=1,
            max_value=100,
            key=f"class_attendance_{key}",
            on_change="ignore",
        )
        exam = st.checkbox(_("结业须考试合格"), saved.has_exam, key=f"class_exam_{key}", on_change="ignore")
    return {
        "enrol_from": begins,
        "enrol_until": ends,
        "capacity": capacity,
        "fee": Decimal(str(fee)),
        "attendance_needed": needed,
        "has_exam": exam,
    }


def pick_capacity(saved: int | None, key: str) -> int | None:
    return st.number_input(
        _("招生名额"), value=saved, min_value=0, step=1, format="%d", key=f"class_capacity_{key}", on_change="ignore"
    )


def pick_moment(label: str, saved: datetime | None, key: str) -> datetime | None:
    """In the time of the installation's clocks."""
    picked = st.datetime_input(
        label, on_wall(saved) if saved else None, key=key, format="YYYY-MM-DD", step=900, on_change="ignore"
    )
    return from_wall(picked) if picked else None


def _type(label: str, current: str, key: str, *, longest: int = fields.LONGEST_NAME) -> str:
    return st.text_input(label, current, key=key, max_chars=longest, autocomplete="off", on_change="ignore")


def _choose(label: str, options: list[Any], current: Any, key: str, words: Callable[[Any], str] = word) -> Any:
    index = None if current is None else options.index(current)
    return st.selectbox(
        label,
        options,
        index,
        format_func=words,
        key=key,
        placeholder=_("请选择"),
        filter_mode=None,
        on_change="ignore",
    )


def _draw_arithmetic(sessions: Sequence[SessionForm], hours: Decimal | None) -> None:
    """What the sessions allow, before the refusal instead of after it."""
    try:
        held = class_sessions.checked(sessions)
    except DomainError as refusal:
        st.caption(escape_markdown(explain(refusal)))
        return
    if not held:
        return
    most = class_hours.allowed(held)
    said = {"count": len(held), "days": len({each.held_on for each in held}), "hours": plain(most)}
    st.caption(
        _("共 %(count)s 次课，%(days)s 天，最多可计 %(hours)s 学时（45 分钟计 1 学时，每天最多 8 学时）。") % said
    )
    if hours is not None and hours > most:
        st.warning(
            _("培训学时 %(hours)s 超过上课安排可计的 %(most)s 学时，发布前请调整。")
            % {"hours": plain(hours), "most": plain(most)},
            icon=":material/warning:",
        )
