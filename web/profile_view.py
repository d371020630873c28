"""The parts of a profile and their changes as text, for their owner and for his employer."""

from collections.abc import Mapping

import streamlit as st

from db.people import Person
from db.profile_changes import ProfileChange, ProfileChangeItem, ProfilePart
from services import profile_fields
from services.profile_fields import Field, OneOf, Tick
from services.qualifications import Entries
from web.i18n import _
from web.labels import word
from web.text import escape_markdown

COLUMN = 260
# What tells one entry from another.
TELLING = {
    ProfilePart.TITLE: ("name", "series", "level"),
    ProfilePart.DEGREE: ("school", "major", "education_level"),
    ProfilePart.LICENCE: ("name", "number", "valid_until"),
}


def headline(part: ProfilePart, values: Mapping[str, object]) -> str:
    """An entry in one line, as Markdown."""
    columns = {field.column: field for field in profile_fields.FIELDS[part]}
    told = [_text(columns[name], values) for name in TELLING[part] if values.get(name)]
    return " · ".join([f"**{told[0]}**", *told[1:]])


def draw_values(part: ProfilePart, values: Mapping[str, object]) -> None:
    with st.grid(2, min_column_width=COLUMN):
        for field in profile_fields.FIELDS[part]:
            st.markdown(f":gray[{_(field.label)}]  \n{_text(field, values)}")


def draw_profile(person: Person, entries: Entries) -> None:
    """All parts, each entry folded up under its headline."""
    with st.expander(f":gray[{word(ProfilePart.WORK)}]"):
        draw_values(ProfilePart.WORK, profile_fields.said(ProfilePart.WORK, person))
    for part, rows in entries.items():
        for row in rows:
            values = profile_fields.said(part, row)
            with st.expander(f":gray[{word(part)}] {headline(part, values)}"):
                draw_values(part, values)


def what(item: ProfileChangeItem) -> str:
    """What becomes of which entry, as Markdown."""
    part = word(item.part)
    if item.part is ProfilePart.WORK:
        return _("修改%(part)s") % {"part": part}
    if not item.before:
        return _("新增%(part)s：%(entry)s") % {"part": part, "entry": headline(item.part, item.after)}
    entry = headline(item.part, item.before)
    verb = _("修改%(part)s：%(entry)s") if item.after else _("移除%(part)s：%(entry)s")
    return verb % {"part": part, "entry": entry}


def draw_items(change: ProfileChange) -> None:
    for item in change.items:
        st.markdown(what(item))
        st.table(_rows(item), border="horizontal")


def _rows(item: ProfileChangeItem) -> list[dict[str, str]]:
    """Of what is changed only what is really different; of what is added or removed all that it says."""
    return [
        {
            _("项目"): _(field.label),
            **({_("现在"): _text(field, item.before)} if item.before else {}),
            **({_("修改后"): _text(field, item.after)} if item.after else {}),
        }
        for field in profile_fields.FIELDS[item.part]
        if item.before.get(field.column) != item.after.get(field.column)
    ]


def _text(field: Field, values: Mapping[str, object]) -> str:
    return escape_markdown(_shown(field, values.get(field.column)))


def _shown(field: Field, value: object) -> str:
    match field.kind:
        case OneOf(codes=codes):
            return next((word(code) for code in codes if code == value), _("未填写"))
        case Tick():
            return _("是") if value else _("否")
    return str(value) if value else _("未填写")
