"""A breath after a decision: the second click of a slow double click must not decide about the next row unread.

It lasts until a browser that shows the next row wakes the buttons up. However long a busy machine takes to draw that
row, and however often the presses of a key held down interrupt it, nothing is decided before it was in view.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import streamlit as st

RESTING = "resting_since"
LENGTH = timedelta(seconds=1)


def begin() -> None:
    st.session_state[RESTING] = time.monotonic()


@contextmanager
def from_the_press_on() -> Iterator[None]:
    """Around a decision that a key can take: it rests already while it is stored, and no longer if it is refused.

    Right after the commit the next press of a key held down may stop the run for good, before it says anything.
    """
    begin()
    yield
    st.session_state.pop(RESTING, None)


def is_on() -> bool:
    """Whether the buttons that decide must rest; while they do, the page wakes them up by itself. Not for forms.

    A button that can be pressed while it rests needs another key for that time, or the press may come too late.
    """
    if RESTING not in st.session_state:
        return False
    begin()  # anew with each drawing: one that was interrupted has shown nothing
    _wake_up()
    return True


@st.fragment(run_every=LENGTH)
def _wake_up() -> None:
    """Too early when it is drawn with the page; it is for the browser to ask again."""
    since: float | None = st.session_state.get(RESTING)
    if since is not None and time.monotonic() - since >= LENGTH.total_seconds():
        del st.session_state[RESTING]
        st.rerun()
