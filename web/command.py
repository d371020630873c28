"""One service call behind a button: stored with a word of success, or refused with the reason."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from db import transaction
from services.errors import DomainError, WrongStatus
from web.i18n import explain
from web.text import escape_markdown


@contextmanager
def command(success: str, *, then: str | None = None) -> Iterator[Session]:
    """The block holds service calls only. Afterwards the page is drawn again, or `then` (a page file) is opened.

    A refusal leaves the form as the user filled it in.
    """
    try:
        with transaction() as session:
            yield session
    except DomainError as error:
        refuse(error)
    except StaleDataError:
        refuse(WrongStatus())
    else:
        st.toast(success, icon=":material/check_circle:")
        _continue(then)


def refuse(error: DomainError) -> None:
    st.error(escape_markdown(explain(error)), icon=":material/error:")


def _continue(page: str | None) -> None:
    if page is None:
        st.rerun()
    st.switch_page(page)
