"""The basic information of a professional as a form."""

from enum import StrEnum
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from db.people import Person, TitleLevel, TitleSeries
from services import people
from services.people import Profile
from web.facts import draw_facts
from web.i18n import _
from web.labels import word

Code = TypeVar("Code", bound=StrEnum)


def draw_identity(person: Person) -> bool:
    """What cannot be changed here; true when the owner asks to see the ID number in full."""
    with st.container(border=True):
        draw_facts(
            {
                _("姓名"): person.name,
                _("性别"): word(person.sex),
                _("出生日期"): f"{person.birth_date:%Y-%m-%d}",
                _("证件号码"): person.id_number_masked,
            }
        )
        return st.button(_("显示完整证件号码"), icon=":material/visibility:", type="tertiary")


def draw_profile_form(person: Person) -> Profile:
    """What is typed stays in the browser until a button is pressed."""
    left, right = st.columns(2)
    return Profile(
        mobile=_type(left, person, "mobile", _(people.MOBILE)),
        email=_type(right, person, "email", _(people.EMAIL)),
        department=_type(left, person, "department", _(people.DEPARTMENT)),
        title_name=_type(right, person, "title_name", _(people.TITLE_NAME), help=_("与职称证书上的名称一致。")),
        title_series=_choose(left, person, "title_series", _("职称系列"), list(TitleSeries)),
        title_level=_choose(right, person, "title_level", _("职称级别"), list(TitleLevel)) or TitleLevel.NONE,
    )


def _type(column: DeltaGenerator, person: Person, field: str, label: str, *, help: str | None = None) -> str:
    text: str = column.text_input(label, getattr(person, field), key=_key(person, field), help=help, on_change="ignore")
    return text


def _choose(column: DeltaGenerator, person: Person, field: str, label: str, codes: list[Code]) -> Code | None:
    current: Code | None = getattr(person, field)
    return column.selectbox(
        label,
        codes,
        index=None if current is None else codes.index(current),
        format_func=word,
        key=_key(person, field),
        placeholder=_("请选择"),
        on_change="ignore",
    )


def _key(person: Person, field: str) -> str:
    return f"profile_{field}_{person.version}"
