"""What one browser need not ask the database in every run: at most a minute old, and asked anew after own work."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import streamlit as st
from sqlalchemy.orm import Session

from db import reading
from services.permissions import Actor

REMEMBERED = "remembered"
# Others work too.
LIFE = timedelta(minutes=1)

Found = TypeVar("Found")


def remembered(name: str, actor: Actor, read: Callable[[Session, Actor], Found]) -> Found:
    """What `read` finds for this actor; whoever has other roles by now is asked about anew."""
    whose, kept = repr((actor.account_id, actor.scopes)), st.session_state.get(REMEMBERED, {})
    found_for, until, found = kept.get(name, ("", 0.0, None))
    if found_for != whose or time.monotonic() >= until:
        with reading() as session:
            found = read(session, actor)
        st.session_state[REMEMBERED] = {**kept, name: (whose, time.monotonic() + LIFE.total_seconds(), found)}
    result: Found = found
    return result


def forget() -> None:
    """What somebody has just done changes what he is shown."""
    st.session_state.pop(REMEMBERED, None)
