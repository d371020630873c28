"""Choosing a division step by step: province, prefecture, county."""

import streamlit as st

from services import divisions
from web.i18n import N_, _

LEVELS = (N_("省级"), N_("市级"), N_("县级"))


def choose_division(key: str, *, current: str = "") -> str:
    """The code of the lowest level that was chosen, or an empty text; `current` is chosen at first. Not for forms."""
    chosen, towards = "", divisions.upward(current) if current else []
    for column, level in zip(st.columns(len(LEVELS)), LEVELS, strict=True):
        places = {place.code: place.name for place in divisions.below(chosen)}
        if not places:
            break
        for code in set(towards) & set(places):
            st.session_state.setdefault(f"{key}_{chosen}", code)  # with an index nobody could clear the field
        picked = column.selectbox(
            _(level), places, index=None, format_func=places.__getitem__, key=f"{key}_{chosen}", placeholder=_("请选择")
        )
        if picked is None:
            break
        chosen = picked
    return chosen
