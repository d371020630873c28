"""Who is signed in: read from the browser's cookie and the database, anew in every run."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st

from db import reading
from services import sessions
from services.permissions import Actor
from web.cookies import session_cookie
from web.redirect import redirect

ADDRESS_HEADER = "x-hourbook-address"
_drawing: ContextVar[Actor | None] = ContextVar("drawing", default=None)


def signed_in() -> Actor | None:
    """The actor as the database says now, or nobody."""
    token = session_token()
    if not token:
        return None
    with reading() as session:
        return sessions.resolve(session, token, client_address())


def current_actor() -> Actor:
    """The actor of a page; in a fragment, a callback or a download it is resolved again.

    Ends the run and sends the browser to the login page if its session has ended in the meantime.
    """
    actor = _drawing.get() or signed_in()
    if actor is None:
        redirect("/session/end")
        st.stop()
    return actor


@contextmanager
def drawing_for(actor: Actor | None) -> Iterator[None]:
    """While the router draws one page, the page need not ask the database a second time."""
    earlier = _drawing.set(actor)
    try:
        yield
    finally:
        _drawing.reset(earlier)


def session_token() -> str:
    return st.context.cookies.get(session_cookie(), "")


def client_address() -> str:
    """As the middleware saw it; empty in a test without a server."""
    return st.context.headers.get(ADDRESS_HEADER, "")
