"""Who is signed in: read from the browser's cookie and the database, anew in every run."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NoReturn

import streamlit as st

from db import reading, transaction
from services import sessions
from services.permissions import Actor, Permission
from web.cookies import browser_cookie, session_cookie
from web.redirect import redirect
from web.run_log import note_actor

# Set by the gate, which strips them from what a client sends.
ADDRESS_HEADER = "x-hourbook-address"
SESSION_HEADER = "x-hourbook-session"
SESSION_START = "/session/start"
SESSION_END = "/session/end"
_drawing: ContextVar[Actor | None] = ContextVar("drawing", default=None)


def signed_in() -> Actor | None:
    """The actor as the database says now, or nobody."""
    token = session_token()
    if not token:
        return None
    address = client_address()
    with reading() as session:
        actor = sessions.resolve(session, token, address)
    note_actor(actor)
    return actor


def current_actor() -> Actor:
    """The actor of a page; in a fragment, a callback or a download it is resolved again.

    Ends the run and sends the browser to the login page if its session has ended in the meantime.
    """
    return drawing() or signed_in() or leave()


def welcome() -> Actor | None:
    """Who opens a page. A full run is what counts as activity, and brings the account's language along."""
    actor = signed_in()
    if actor is None:
        return leave() if session_token() else None
    if sessions.needs_touch(actor):
        with transaction() as session:
            sessions.touch(session, actor)
    if Permission.ACCOUNT_OWN in actor.permissions:
        st.session_state["language"] = actor.language
    return actor


def leave(*, closed: bool = False) -> NoReturn:
    """Send the browser to the address that takes a dead session's cookie away, or that of a closed account."""
    redirect(f"{SESSION_END}?closed=1" if closed else SESSION_END)
    st.stop()


def go_home() -> NoReturn:
    """Open the home page anew, for a menu that has just changed."""
    redirect("/")
    st.stop()


@contextmanager
def drawing_for(actor: Actor | None) -> Iterator[None]:
    """While the router draws one page, the page need not ask the database a second time."""
    earlier = _drawing.set(actor)
    try:
        yield
    finally:
        _drawing.reset(earlier)


def drawing() -> Actor | None:
    return _drawing.get()


def session_token() -> str:
    return st.context.cookies.get(session_cookie(), "")


def browser_mark() -> str:
    return st.context.cookies.get(browser_cookie(), "")


def client_address() -> str:
    """As the middleware saw it; empty in a test without a server."""
    return st.context.headers.get(ADDRESS_HEADER, "")
