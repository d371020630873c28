"""Long work behind a button, in transactions of its own: a bar follows it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from services.errors import DomainError
from services.long_work import Progress
from web import refusals
from web.command import refuse, say_when_drawn


@contextmanager
def following(begins_with: str) -> Iterator[Progress]:
    """Gives the function to be told how many of how many are done; afterwards, refused or not, the bar is gone."""
    bar = st.progress(0.0, begins_with)

    def show(done: int, total: int) -> None:
        bar.progress(done / total if total else 1.0, f"{done} / {total}")

    try:
        yield show
    finally:
        bar.empty()


def carry_out(begins_with: str, work: Callable[[Progress], object], success: str) -> None:
    """Afterwards the page is drawn again with a word of success, or the refusal is shown."""
    try:
        with following(begins_with) as show:
            work(show)
    except DomainError as refusal:
        refusals.note(refusal)
        refuse(refusal)
    else:
        say_when_drawn(success)
        st.rerun()
