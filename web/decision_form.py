"""The form under what waits for a decision: an opinion and one button for each way to decide."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

import streamlit as st

from services import fields
from web import pause
from web.i18n import _
from web.labels import word

Action = TypeVar("Action", bound=StrEnum)


def draw_decision_form(key: str, actions: Sequence[Action], placeholder: str) -> tuple[Sequence[Action], str]:
    """What was pressed, which is nothing most of the time, and the opinion; of several ways the first stands out."""
    resting = pause.is_on()
    with st.form(f"decide_{key}", enter_to_submit=False):
        opinion = st.text_area(
            _("审核意见"),
            max_chars=fields.LONGEST_TEXT,
            height=120,
            key=f"opinion_{key}",
            placeholder=placeholder,
        )
        with st.container(horizontal=True):
            pressed = [
                action
                for number, action in enumerate(actions)
                if st.form_submit_button(
                    word(action), type="secondary" if number or len(actions) == 1 else "primary", disabled=resting
                )
            ]
    return pressed, opinion
