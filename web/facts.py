"""A few named facts side by side, or one below the other on a phone."""

from collections.abc import Mapping

import streamlit as st

from web.text import escape_markdown


def draw_facts(facts: Mapping[str, str]) -> None:
    for column, (name, value) in zip(st.columns(len(facts)), facts.items(), strict=True):
        column.markdown(f":gray[{name}]  \n{escape_markdown(value)}")
