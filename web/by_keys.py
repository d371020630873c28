"""Rows that are decided about by keys, one after the other: buttons that rest, the way to the next row and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import streamlit as st

from web import filters, pause, worklist
from web.labels import word

Weight = Literal["primary", "secondary"]


@dataclass(frozen=True, slots=True)
class Steps:
    """The words of a queue for its previous and next row, and for the one that was decided last."""

    queue: str
    previous: str
    following: str
    decided: str


def decides(action: StrEnum, of: str, key: str | None, weight: Weight, *, resting: bool) -> bool:
    """While it rests a press only makes it rest longer: a key held down decides about one row, not about a list."""
    return st.form_submit_button(
        word(action),
        type="tertiary" if resting else weight,
        key=f"{'rest' if resting else 'decide'}_{action}_{of}",
        shortcut=key,
        on_click=pause.begin if resting else None,
    )


def note_decided(queue: str, number: int, status: str) -> None:
    """The status is the one under which the row is found from now on."""
    pause.begin()
    st.session_state[_last(queue)] = (number, status)


def draw_steps(numbers: Sequence[int], opened: int | None, steps: Steps) -> None:
    """The way back is there also when no other row is left."""
    here = numbers.index(opened) if opened in numbers else -1
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if numbers:
            _step_to(steps.previous, "K", numbers[here - 1] if here > 0 else None)
            _step_to(steps.following, "J", numbers[here + 1] if here + 1 < len(numbers) else None)
        number, status = st.session_state.get(_last(steps.queue), (opened, ""))
        if number != opened:
            st.button(
                steps.decided,
                icon=":material/history:",
                type="tertiary",
                shortcut="Z",
                on_click=filters.show,
                kwargs={"status": status, "id": number},
            )


def _last(queue: str) -> str:
    return f"{queue}_just_decided"


def _step_to(label: str, key: str, number: int | None) -> None:
    st.button(
        label, type="tertiary", shortcut=key, disabled=number is None, on_click=worklist.open_elsewhere, args=(number,)
    )
