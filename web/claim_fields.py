"""The basic information of a claim as a form that follows the type of activity, with the arithmetic beside it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import streamlit as st

from db.activity_rules import ActivityRule
from db.claims import ActivityType, Category
from services.claim_form import WITH_CERTIFICATE, ClaimForm
from services.conversion import CONVERTED, Facts
from services.hour_limits import Basis
from web.arithmetic import draw_limits
from web.detail_fields import draw_details
from web.i18n import _
from web.labels import word

Option = TypeVar("Option")


def draw_form(saved: ClaimForm, key: str, basis: Basis) -> ClaimForm:
    """Texts stay in the browser until a button is pressed; what the arithmetic needs comes at once."""
    left, right = st.columns(2)
    with left:
        year = _choose(_("年度"), [window.year for window in basis.windows], saved.year, f"claim_year_{key}", str)
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
    rule = basis.rule(year, activity)
    with st.container():  # one for all that come and go: what stands below stays where it is, with a date half typed
        number = _draw_certificate_number(activity, saved, key)
        details = draw_details(rule, saved.details, key)
    start, end, hours = _draw_time(saved, key, rule)
    _draw_arithmetic(basis, year, activity, Facts(start, end, details), hours)
    claimed = "" if hours is None else hours
    return ClaimForm(year, category, activity, title, organiser, place, start, end, claimed, number, details)


def blank(basis: Basis) -> ClaimForm:
    """A year is suggested only while there is no other to confuse it with."""
    year = basis.windows[0].year if len(basis.windows) == 1 else None
    return ClaimForm(year, None, None, "", "", "", None, None, "")


def _draw_certificate_number(activity: ActivityType | None, saved: ClaimForm, key: str) -> str:
    if activity not in WITH_CERTIFICATE:
        return ""
    return _type(
        _("证书编号（选填）"), saved.certificate_number, f"certificate_{key}", _("证书或证明上的编号，没有则不填")
    )


def _choose(
    label: str, options: list[Option], current: Option | None, key: str, words: Callable[[Any], str]
) -> Option | None:
    if current is not None and current not in options:
        options = [*options, current]
    index = None if current is None else options.index(current)
    return st.selectbox(label, options, index, format_func=words, key=key, placeholder=_("请选择"), filter_mode=None)


def _type(label: str, current: str, key: str, placeholder: str) -> str:
    return st.text_input(label, current, key=key, placeholder=placeholder, on_change="ignore", persist_state="page")


def _draw_time(
    saved: ClaimForm, key: str, rule: ActivityRule | None
) -> tuple[date | None, date | None, Decimal | None]:
    """What is converted happened on one day."""
    from_day, to_day, hours = f"start_{key}", f"end_{key}", f"hours_{key}"
    has_end = rule is None or rule.unit not in CONVERTED
    *days, last = st.columns(3 if has_end else 2)
    with days[0]:
        label = _("开始日期") if has_end else _("发表、授权或取得日期")
        start = _choose_day(label, saved.start_on, from_day, _suggest_end, from_day, to_day)
    end = start
    if has_end:
        with days[1]:
            end = _choose_day(_("结束日期"), saved.end_on, to_day)
    with last:
        claimed = st.number_input(
            _("申报学时"),
            value=float(saved.hours_claimed) if saved.hours_claimed else None,
            step=0.5,
            format="%g",
            key=hours,
        )
    return start, end, None if claimed is None else Decimal(str(claimed))


def _choose_day(
    label: str, saved: date | None, key: str, on_change: Callable[..., None] | None = None, *args: str
) -> date | None:
    return st.date_input(
        label, saved, key=key, format="YYYY-MM-DD", on_change=on_change or "rerun", args=args, persist_state="page"
    )


def _suggest_end(start_key: str, end_key: str) -> None:
    """Most learning lasts one day."""
    if st.session_state.get(end_key) is None:
        st.session_state[end_key] = st.session_state[start_key]


def _draw_arithmetic(
    basis: Basis, year: int | None, activity: ActivityType | None, facts: Facts, hours: Decimal | None
) -> None:
    """2 days × 8 = 16, before the refusal instead of after it."""
    if facts.start_on is None or facts.end_on is None or facts.start_on > facts.end_on or year is None:
        st.caption(_("选好年度、活动类型和日期后，这里显示最多可以申报多少学时。"))
    else:
        draw_limits(basis.limits(year, activity, facts), hours)
