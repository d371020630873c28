"""A few named facts side by side, or one below the other on a phone."""

from collections.abc import Mapping

import streamlit as st

from web.i18n import _
from web.text import escape_markdown


def with_label(name: str, said: str) -> str:
    return _("%(name)s：%(said)s") % {"name": name, "said": said}


def draw_facts(facts: Mapping[str, str]) -> None:
    for column, (name, value) in zip(st.columns(len(facts)), facts.items(), strict=True):
        column.markdown(f":gray[{name}]  \n{escape_markdown(value)}")
