"""A new edition of the rule of a type of activity, filled in from the one before."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from db.activity_rules import ActivityRule, DetailField, Unit
from services import activity_rules, claim_details, fields
from services.activity_rules import Hours, RuleForm
from services.permissions import Actor
from web.command import command
from web.i18n import _
from web.labels import word


def draw_new_edition(actor: Actor, newest: ActivityRule, years: Sequence[int]) -> None:
    """`years` are those that can still be claimed for, or will be."""
    st.caption(_("新版本自所选年度起执行；已送审的记录仍按送审时的规则，旧版本保留可查。"))
    form = _draw(activity_rules.form_of(newest), f"{newest.activity_type}_{newest.edition}", years)
    if st.button(_("发布新版本"), type="primary", icon=":material/publish:"):
        with command(_("新版本已发布")) as session:
            activity_rules.issue(session, actor, newest.activity_type, form, seen=newest.edition)


def _draw(saved: RuleForm, key: str, years: Sequence[int]) -> RuleForm:
    left, right = st.columns(2)
    with left:
        from_year = st.selectbox(
            _("自哪个年度起执行"), years, None, key=f"from_{key}", placeholder=_("请选择"), filter_mode=None
        )
    with right:
        units = list(Unit)
        unit = st.selectbox(
            _("计算方式"), units, units.index(saved.unit), format_func=word, key=f"unit_{key}", filter_mode=None
        )
    rate, graded_by, grades = (None, None, {}) if unit is Unit.CLOCK else _draw_rates(saved, key)
    left, right = st.columns(2)
    with left:
        per_item = _draw_hours(_("每条记录最多学时（不填为不限）"), saved.most_per_item, f"item_{key}")
    with right:
        per_year = _draw_hours(_("每年最多学时（不填为不限）"), saved.most_per_year, f"year_{key}")
    asks = st.multiselect(
        _("另需填写"),
        list(DetailField),
        list(saved.asks),
        format_func=word,
        key=f"asks_{key}",
        placeholder=_("请选择"),
        select_all=False,
    )
    evidence = _draw_text(_("需要的证明材料（每行一项）"), saved.evidence, f"evidence_{key}")
    basis = _draw_text(_("依据（文件名称和文号，或修改原因）"), saved.basis, f"basis_{key}")
    return RuleForm(from_year, unit, rate, graded_by, grades, per_item, per_year, asks, evidence, basis)


def _draw_rates(saved: RuleForm, key: str) -> tuple[Hours, DetailField | None, dict[str, Hours]]:
    left, right = st.columns(2)
    with left:
        rate = _draw_hours(_("每单位学时"), saved.rate, f"rate_{key}")
    with right:
        options = [None, *claim_details.CHOICES]
        graded_by = st.selectbox(
            _("按什么区分"),
            options,
            options.index(saved.graded_by),
            format_func=_grade_word,
            key=f"graded_{key}",
            filter_mode=None,
        )
    return rate, graded_by, _draw_grades(graded_by, saved, key) if graded_by else {}


def _grade_word(field: DetailField | None) -> str:
    return word(field) if field else _("不区分")


def _draw_grades(graded_by: DetailField, saved: RuleForm, key: str) -> dict[str, Hours]:
    """A grade without hours of its own has those of one unit."""
    grades = list(claim_details.CHOICES[graded_by])
    answers: dict[str, Hours] = {}
    for column, grade in zip(st.columns(len(grades)), grades, strict=True):
        with column:
            own = saved.grades.get(grade) if graded_by is saved.graded_by else None
            answers[grade] = _draw_hours(word(grade), own, f"{grade}_{graded_by}_{key}")
    return answers


def _draw_hours(label: str, saved: Hours, key: str) -> Decimal | None:
    value = None if saved is None else float(saved)
    hours = st.number_input(label, value=value, step=0.5, format="%g", key=key, on_change="ignore")
    return None if hours is None else Decimal(str(hours))


def _draw_text(label: str, saved: str, key: str) -> str:
    return st.text_area(label, saved, max_chars=fields.LONGEST_TEXT, height=100, key=key, on_change="ignore") or ""
