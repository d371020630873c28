"""Words in the reader's language; Chinese is both the default and the language of the source."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

import streamlit as st

from services.errors import N_, DomainError, InvalidField, LeftOut, Said

__all__ = ["DEFAULT", "LANGUAGES", "N_", "_", "explain", "language", "say", "speaking", "translate"]

DEFAULT = "zh_CN"
LANGUAGES = {"zh_CN": "中文", "en": "English"}
LOCALE = Path(__file__).parent / "locale"


_spoken: ContextVar[str] = ContextVar("language of an answer over plain HTTP", default="")


def language() -> str:
    """Read on every call: a fragment or a callback runs without the router having run before it."""
    chosen: str = _spoken.get() or st.session_state.get("language", DEFAULT)
    return chosen


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """For what is written where no page is drawn, such as an export."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def _(message: str) -> str:
    return translate(message, language())


def translate(message: str, to: str) -> str:
    """What stands before a bar, as in 动作|通过, tells translators which sense is meant and is never shown."""
    text = message if to == DEFAULT else catalogue(to).get(message, message)
    return text.rpartition("|")[2]


def explain(error: DomainError) -> str:
    """The sentence of a refusal, in the reader's language."""
    if isinstance(error, LeftOut):
        return _(error.message) % {"field": _("、").join(map(_, error.labels)), "reason": _(error.reason)}
    if isinstance(error, InvalidField):
        return _(error.message) % {"field": _(error.field), "reason": say(error.reason, error.params)}
    return say(error.message, error.params)


def say(message: str, params: Mapping[str, object]) -> str:
    """With what stands inside it, in the reader's language."""
    return _(message) % {
        name: say(value.message, value.params) if isinstance(value, Said) else value for name, value in params.items()
    }


@cache
def catalogue(code: str) -> dict[str, str]:
    """Read straight from the .po file, so that there is nothing to compile; an unknown language has no words."""
    path = LOCALE / code / "messages.po"
    if code not in LANGUAGES or not path.exists():
        return {}
    from babel.messages.pofile import read_po  # Babel is not needed for the default language

    with path.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id and entry.string}
