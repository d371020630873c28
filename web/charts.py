"""What all charts have in common: how they behave and look, and how they name things."""

from collections.abc import Sequence
from html import escape
from typing import Any
from unicodedata import east_asian_width

import streamlit as st

MARGIN = {"l": 8, "r": 8, "t": 8, "b": 8}
CONFIG = {"displayModeBar": False, "scrollZoom": False}
# Letters, of which an ideograph takes two: on a telephone more would leave no room for the bars.
LONGEST_LABEL = 22


def colours() -> Sequence[str]:
    """Of the theme; Plotly has others of its own."""
    colours: Sequence[str] = _of_theme("chartCategoricalColors")
    return colours


def ink() -> str:
    """The colour of text: Streamlit's own grey is too pale for some readers."""
    colour: str = _of_theme("textColor")
    return colour


def _of_theme(option: str) -> Any:
    return st.get_option(f"theme.{st.context.theme.type or 'light'}.{option}")


def shown(text: str) -> str:
    """Plotly takes tags in a name for its own."""
    return escape(text, quote=False)


def shortened(label: str) -> str:
    letters = 0
    for place, letter in enumerate(label):
        letters += 2 if east_asian_width(letter) in "WF" else 1
        if letters > LONGEST_LABEL:
            return f"{label[:place]}…"
    return label
