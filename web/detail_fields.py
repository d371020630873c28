"""The fields that only some types of activity have, as a form and as facts."""

from collections.abc import Mapping, Sequence

import streamlit as st

from db.activity_rules import ActivityRule, DetailField
from services import claim_details
from web.facts import draw_facts
from web.i18n import _
from web.labels import word

IN_A_ROW = 3


def draw_details(rule: ActivityRule | None, saved: Mapping[str, str], key: str) -> dict[str, str]:
    """What was typed stays while another type is looked at, and is there again when its own comes back."""
    asked = claim_details.asked(rule)
    answers: dict[str, str] = {}
    for row in range(0, len(asked), IN_A_ROW):
        fields = asked[row : row + IN_A_ROW]
        for column, field in zip(st.columns(len(fields)), fields, strict=True):
            with column:
                answers[field] = _draw(field, saved.get(field, ""), f"{field}_{key}")
    return answers


def _draw(field: DetailField, saved: str, key: str) -> str:
    if field in claim_details.CHOICES:
        return _choose(field, saved, key)
    if field in claim_details.MOST:
        number = st.number_input(
            word(field), value=int(saved) if saved else None, step=1, key=key, persist_state="page"
        )
        return "" if number is None else str(number)
    return st.text_input(word(field), saved, key=key, on_change="ignore", persist_state="page") or ""


def _choose(field: DetailField, saved: str, key: str) -> str:
    options = list(claim_details.CHOICES[field])
    index = next((place for place, option in enumerate(options) if option == saved), None)
    chosen = st.selectbox(
        word(field),
        options,
        index,
        format_func=word,
        key=key,
        placeholder=_("请选择"),
        filter_mode=None,
        persist_state="page",
    )
    return str(chosen or "")


def facts(details: Mapping[str, str]) -> dict[str, str]:
    """Label and answer of each, in the order of the form."""
    return {word(field): _answer(field, details[field]) for field in DetailField if field in details}


def _answer(field: DetailField, answer: str) -> str:
    return word(claim_details.CHOICES[field](answer)) if field in claim_details.CHOICES else answer


def draw_facts_of(details: Mapping[str, str]) -> None:
    """The answers of a kept claim; nothing where none was asked for."""
    said: Sequence[tuple[str, str]] = list(facts(details).items())
    for row in range(0, len(said), IN_A_ROW):
        draw_facts(dict(said[row : row + IN_A_ROW]))
