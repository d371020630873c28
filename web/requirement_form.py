"""A new edition of a requirement, for everybody or for some, filled in from what holds for everybody now."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from db.claims import Category
from db.people import TitleSeries
from db.requirements import RequirementEdition
from services import divisions, fields, requirement_editions
from services.clock import today
from services.permissions import Actor
from services.requirement_editions import EditionForm
from web.command import command
from web.i18n import _
from web.labels import word


def draw_form(actor: Actor, year: int, years: Sequence[int], holding: Sequence[RequirementEdition]) -> None:
    """Saved as a draft, which is tried out before anybody is bound by it."""
    st.caption(_("先拟定并试算会影响哪些人员，再决定是否执行。已签发的证书不受影响。"))
    general = next((each for each in holding if each.title_series is None and each.division is None), None)
    key = f"requirement_{year}_{general.edition if general else 0}"
    form = _draw(actor, key, year, years, general)
    if st.button(_("保存草案"), type="primary", icon=":material/save:", key=f"{key}_save"):
        with command(_("草案已保存，请试算。")) as session:
            requirement_editions.draft(session, actor, form)


def _draw(actor: Actor, key: str, year: int, years: Sequence[int], general: RequirementEdition | None) -> EditionForm:
    left, middle, right = st.columns(3)
    with left:
        chosen = st.selectbox(
            _("年度"), years, years.index(year) if year in years else None, key=f"{key}_year", placeholder=_("请选择")
        )
    with middle:
        series = st.selectbox(
            _("职称系列"),
            [None, *TitleSeries],
            format_func=_series_word,
            key=f"{key}_series",
        )
    with right:
        places = ["", *(place.code for own in actor.divisions for place in divisions.subtree(own))]
        division = st.selectbox(
            _("行政区划"),
            places,
            format_func=_place_word,
            key=f"{key}_division",
        )
    hours = _draw_hours(key, general)
    day = st.date_input(
        _("自哪天起执行"), today(), min_value=today(), key=f"{key}_day", format="YYYY-MM-DD", on_change="ignore"
    )
    basis = st.text_area(
        _("依据（文件名称和文号，或修改原因）"),
        max_chars=fields.LONGEST_TEXT,
        height=100,
        key=f"{key}_basis",
        on_change="ignore",
    )
    return EditionForm(chosen, hours, day, basis or "", series, division or None)


def _series_word(series: TitleSeries | None) -> str:
    return word(series) if series else _("不限")


def _place_word(division: str) -> str:
    return divisions.name(division) if division else _("不限")


def _draw_hours(key: str, general: RequirementEdition | None) -> dict[Category, Decimal | None]:
    now = {each.category: each.hours for each in general.requirements} if general else {}
    given: dict[Category, Decimal | None] = {}
    for column, category in zip(st.columns(len(Category)), Category, strict=True):
        saved = now.get(category)
        with column:
            hours = st.number_input(
                word(category),
                value=None if saved is None else float(saved),
                step=0.5,
                format="%g",
                key=f"{key}_{category}",
                on_change="ignore",
            )
        given[category] = None if hours is None else Decimal(str(hours))
    st.caption(_("针对某个职称系列或行政区划时，留空的类别按通用要求执行。"))
    return given
