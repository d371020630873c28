"""Says who may change what holds for everybody, to those who may only read it."""

import streamlit as st

from services import divisions
from services.rulemaking import NotTopmost
from web.i18n import explain


def draw_who_decides(division_above: str | None) -> None:
    if division_above is not None:
        st.info(explain(NotTopmost(division=divisions.name(division_above))), icon=":material/lock:")
