"""What was done about an organisation so far."""

from collections.abc import Sequence

import streamlit as st

from services import divisions, organisation_form
from services.organisation_history import Step
from web.facts import with_label
from web.i18n import _
from web.labels import word
from web.text import escape_markdown
from web.times import local_time


def draw_history(steps: Sequence[Step]) -> None:
    if steps:
        with st.expander(_("办理过程"), icon=":material/history:"):
            for step in steps:
                st.markdown(f":material/schedule: {_line(step)}")


def _line(step: Step) -> str:
    text = f"{local_time(step.at)} · {escape_markdown(step.actor_name)} · **{word(step.action)}**"
    about = [escape_markdown(step.about)] if step.about else []
    return " · ".join([text, *about, *(_change(*change) for change in step.changes)])


def _change(label: str, old: str, new: str) -> str:
    old, new = (divisions.name(each) if label == organisation_form.DIVISION else each for each in (old, new))
    return with_label(_(label), f"{escape_markdown(old)} → {escape_markdown(new)}")
