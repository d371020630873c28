"""A bar that follows a long piece of work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def following(begins_with: str) -> Iterator[Callable[[int, int], None]]:
    """Gives the function to be told how many of how many are done; afterwards the bar is gone."""
    bar = st.progress(0.0, begins_with)

    def show(done: int, total: int) -> None:
        bar.progress(done / total if total else 1.0, f"{done} / {total}")

    yield show
    bar.empty()
