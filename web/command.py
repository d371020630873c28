"""One service call behind a button: stored with a word of success, or refused with the reason."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import streamlit as st
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from streamlit.runtime.scriptrunner import RerunException

from db import transaction
from services.errors import DomainError, WrongStatus
from web import memory, refusals
from web.i18n import explain
from web.navigation import open_screen
from web.text import escape_markdown

DONE = "command_done"


@contextmanager
def command(
    success: str,
    *,
    then: str = "",
    stay: bool = False,
    before_redraw: Callable[[], None] | None = None,
    explain_refusal: Callable[[DomainError], None] | None = None,
) -> Iterator[Session]:
    """The block holds service calls only. A refusal leaves the form as the user filled it in.

    Afterwards the page is drawn again; or `then` is opened, a path of the Screen table; or, with `stay`, the script
    goes on to show what is shown only once. `before_redraw` may change the address; `explain_refusal` is for a page
    that has more to say about a refusal than its sentence.
    """
    memory.forget()  # after a refusal too: somebody else may have been faster
    try:
        with transaction() as session:
            yield session
    except DomainError as error:
        refusals.note(error)
        (explain_refusal or refuse)(error)
    except StaleDataError:
        refuse(WrongStatus())
    else:
        undisturbed(partial(_note, success, before_redraw))
        if then:
            open_screen(then)
        if not stay:
            st.rerun()
        announce()


def _note(success: str, before_redraw: Callable[[], None] | None) -> None:
    say_when_drawn(success)
    if before_redraw:
        before_redraw()


def undisturbed(step: Callable[[], None]) -> None:
    """What must not be lost after a change is stored: how the page goes on. It draws nothing, and may be begun twice.

    Wherever a run touches the session, a newer click ends it, as the second one of a double click does. That one was
    about a page that is drawn anew now, so it is dropped.
    """
    while True:
        try:
            step()
        except RerunException:
            continue
        return


def say_when_drawn(success: str) -> None:
    """For what is done outside a `command`: the next run of the page says it."""
    st.session_state[DONE] = success


def announce() -> None:
    """Say what was done. Called by the router, because a toast of a run that ends in a rerun is never shown."""
    if success := st.session_state.pop(DONE, ""):
        st.toast(success, icon=":material/check_circle:")


def refuse(error: DomainError) -> None:
    st.error(escape_markdown(explain(error)), icon=":material/error:")
