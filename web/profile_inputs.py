"""A part of the profile as widgets; `services.profile_fields` says which there are and what they may hold."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import streamlit as st

from db.profile_changes import ProfilePart
from services import fields, profile_fields
from services.clock import today
from services.profile_fields import Day, Field, OneOf, Tick, Values, Words, Year
from web.i18n import _
from web.labels import word

COLUMN = 260


def draw_inputs(part: ProfilePart, values: Mapping[str, object], key: str) -> Values:
    """What was typed, by column; it stays in the browser until a button is pressed."""
    with st.grid(2, min_column_width=COLUMN, vertical_alignment="bottom"):
        return {
            field.column: _draw(field, values.get(field.column), f"{key}_{field.column}")
            for field in profile_fields.FIELDS[part]
        }


def _draw(field: Field, value: object, key: str) -> object:
    label = _(field.label) if field.needed else _("%(label)s（选填）") % {"label": _(field.label)}
    match field.kind:
        case OneOf(codes=codes):
            return _choose(label, codes, value, key)
        case Day():
            return _pick_day(label, field.kind, value, key)
        case Year():
            return _type_year(label, value, key)
        case Tick(meaning=meaning):
            return st.checkbox(_(field.label), bool(value), key=key, on_change="ignore", help=_(meaning))
        case Words(longest=longest):
            return _type(label, str(value or ""), longest, key)


def _choose(label: str, codes: tuple[StrEnum, ...], value: object, key: str) -> StrEnum | None:
    index = next((number for number, code in enumerate(codes) if code == value), None)
    return st.selectbox(
        label, codes, index, format_func=word, key=key, placeholder=_("请选择"), on_change="ignore", filter_mode=None
    )


def _pick_day(label: str, kind: Day, value: object, key: str) -> date | None:
    day = date.fromisoformat(value) if isinstance(value, str) else None
    return st.date_input(
        label,
        day,
        min_value=profile_fields.EARLIEST,
        max_value=kind.latest,
        key=key,
        format="YYYY-MM-DD",
        on_change="ignore",
    )


def _type_year(label: str, value: object, key: str) -> int | None:
    return st.number_input(
        label,
        min_value=profile_fields.EARLIEST.year,
        max_value=today().year,
        value=value if isinstance(value, int) else None,
        step=1,
        key=key,
        on_change="ignore",
    )


def _type(label: str, value: str, longest: int, key: str) -> str:
    if longest > fields.LONGEST_NAME:
        return st.text_area(label, value, height=80, max_chars=longest, key=key, on_change="ignore")
    return st.text_input(label, value, max_chars=longest, key=key, on_change="ignore")
