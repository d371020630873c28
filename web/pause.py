"""A breath after a decision: the second click of a slow double click must not decide about the next row unread.

It is counted from when the next row is drawn, however long a busy machine takes for that.
"""

import math
import time
from datetime import timedelta

import streamlit as st

DECIDED = "decided_at"
LENGTH = timedelta(seconds=1)


def begin() -> None:
    st.session_state[DECIDED] = math.inf  # as long as nothing is drawn


def is_on() -> bool:
    """Whether the buttons that decide must rest; while they do, the page wakes them up by itself. Not for forms."""
    if st.session_state.get(DECIDED) == math.inf:
        st.session_state[DECIDED] = time.monotonic()
    resting = _is_resting()
    if resting:
        _wake_up()
    return resting


def _is_resting() -> bool:
    decided: float | None = st.session_state.get(DECIDED)
    return decided is not None and time.monotonic() - decided < LENGTH.total_seconds()


@st.fragment(run_every=LENGTH)
def _wake_up() -> None:
    if not _is_resting():
        st.rerun()
