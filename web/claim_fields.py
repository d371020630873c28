"""The basic information of a claim as a form, with the arithmetic of the day cap beside it."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import streamlit as st

from db.claims import ActivityType, Category, Claim
from db.statistics import ClaimYear
from services import claim_form, rules
from services.claim_form import ClaimForm
from services.rules import plain
from web.i18n import _
from web.labels import word

Option = TypeVar("Option")


def draw_form(claim: Claim | None, windows: Sequence[ClaimYear]) -> ClaimForm:
    """Texts stay in the browser until a button is pressed; dates and hours come at once, for the arithmetic."""
    key = f"{claim.id}_{claim.version}" if claim else "new"
    saved = claim_form.form_of(claim) if claim else _blank(windows)
    open_years = [window.year for window in windows]
    left, right = st.columns(2)
    with left:
        year = _choose(_("年度"), open_years, saved.year, f"claim_year_{key}", str)
    with right:
        category = _choose(_("学时类别"), list(Category), saved.category, f"category_{key}", word)
    left, right = st.columns(2)
    with left:
        activity = _choose(_("活动类型"), list(ActivityType), saved.activity_type, f"activity_{key}", word)
    with right:
        title = _type(_("活动名称"), saved.title, f"title_{key}", _("与证明材料上的名称一致"))
    left, right = st.columns(2)
    with left:
        organiser = _type(_("主办单位"), saved.organiser, f"organiser_{key}", _("举办培训或活动的单位"))
    with right:
        place = _type(_("地点（选填）"), saved.place, f"place_{key}", _("如：广州；线上学习请填“线上”"))
    start, end, hours = _draw_time(saved, key)
    _draw_cap(start, end, hours, next((window for window in windows if window.year == year), None))
    return ClaimForm(year, category, activity, title, organiser, place, start, end, "" if hours is None else hours)


def _blank(windows: Sequence[ClaimYear]) -> ClaimForm:
    """A year is suggested only while there is no other to confuse it with."""
    year = windows[0].year if len(windows) == 1 else None
    return ClaimForm(year, None, None, "", "", "", None, None, "")


def _choose(
    label: str, options: list[Option], current: Option | None, key: str, words: Callable[[Any], str]
) -> Option | None:
    if current is not None and current not in options:
        options = [*options, current]
    index = None if current is None else options.index(current)
    return st.selectbox(label, options, index, format_func=words, key=key, placeholder=_("请选择"), filter_mode=None)


def _type(label: str, current: str, key: str, placeholder: str) -> str:
    return st.text_input(label, current, key=key, placeholder=placeholder, on_change="ignore")


def _draw_time(saved: ClaimForm, key: str) -> tuple[date | None, date | None, Decimal | None]:
    from_day, to_day, hours = f"start_{key}", f"end_{key}", f"hours_{key}"
    left, middle, right = st.columns(3)
    with left:
        start = st.date_input(
            _("开始日期"),
            saved.start_on,
            key=from_day,
            format="YYYY-MM-DD",
            on_change=_suggest_end,
            args=(from_day, to_day),
        )
    with middle:
        end = st.date_input(_("结束日期"), saved.end_on, key=to_day, format="YYYY-MM-DD")
    with right:
        claimed = st.number_input(
            _("申报学时"),
            value=float(saved.hours_claimed) if saved.hours_claimed else None,
            step=0.5,
            format="%g",
            key=hours,
        )
    return start, end, None if claimed is None else Decimal(str(claimed))


def _suggest_end(start_key: str, end_key: str) -> None:
    """Most learning lasts one day."""
    if st.session_state.get(end_key) is None:
        st.session_state[end_key] = st.session_state[start_key]


def _draw_cap(start: date | None, end: date | None, hours: Decimal | None, window: ClaimYear | None) -> None:
    """2 days × 8 = 16, before the refusal instead of after it."""
    if start is None or end is None or window is None or start > end:
        st.caption(_("选好年度和日期后，这里显示最多可以申报多少学时。"))
        return
    cap = rules.day_cap(start, end, window.hours_per_day)
    figures = {"days": rules.days(start, end), "per_day": plain(window.hours_per_day), "cap": plain(cap)}
    text = _("%(days)s 天 × 每天最多 %(per_day)s 学时 = 最多可申报 %(cap)s 学时") % figures
    if hours is not None and hours > cap:
        st.warning(_("%(text)s，现在填写的超出了。") % {"text": text}, icon=":material/calculate:")
    else:
        st.caption(f":material/calculate: {text}")
