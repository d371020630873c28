"""What a professional says about himself and changes at once: how to reach him, and where he comes from."""

import streamlit as st

from db.ethnicities import Ethnicity
from db.people import Person
from services import people
from services.people import Profile
from web.i18n import _
from web.labels import word


def draw_contact_form(person: Person) -> Profile:
    """What is typed stays in the browser until a button is pressed."""
    with st.grid(2, min_column_width=260):
        mobile = _type(person, "mobile", _(people.MOBILE), "tel")
        email = _type(person, "email", _(people.EMAIL), "email")
        ethnicity = _choose_ethnicity(person)
        native_place = _type(person, "native_place", _("籍贯（选填）"), "off", _("如：广东肇庆"))
    return Profile(mobile, email, ethnicity, native_place)


def _type(person: Person, field: str, label: str, autocomplete: str, placeholder: str = "") -> str:
    current: str = getattr(person, field)
    return st.text_input(
        label,
        current,
        key=_key(person, field),
        autocomplete=autocomplete,
        placeholder=placeholder,
        on_change="ignore",
    )


def _choose_ethnicity(person: Person) -> Ethnicity | None:
    codes = list(Ethnicity)
    return st.selectbox(
        _("民族（选填）"),
        codes,
        index=None if person.ethnicity is None else codes.index(person.ethnicity),
        format_func=word,
        key=_key(person, "ethnicity"),
        placeholder=_("请选择"),
        on_change="ignore",
    )


def _key(person: Person, field: str) -> str:
    return f"profile_{field}_{person.version}"
