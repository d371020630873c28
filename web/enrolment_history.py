"""The way of an enrolment so far, as the person and the provider see it."""

from collections.abc import Iterator

import streamlit as st

from db.enrolments import Enrolment, EnrolmentStep
from services.rules import plain
from web.facts import with_label
from web.i18n import _
from web.labels import badge_text, label, word
from web.text import escape_markdown
from web.times import local_time


def draw_steps(enrolment: Enrolment) -> None:
    """The newest step last; the enrolment is loaded with them."""
    st.markdown(f"**{_('办理过程')}**")
    for step in enrolment.steps:
        st.markdown("  \n".join(_lines(step)))


def _lines(step: EnrolmentStep) -> Iterator[str]:
    colour = label(step.to_status).colour
    yield f":{colour}[:material/radio_button_checked:] **{word(step.action)}** {_status(step)}"
    hours = _("%(hours)s 学时") % {"hours": plain(step.hours)} if step.hours is not None else ""
    yield f":gray[{' · '.join(filter(None, (local_time(step.at), escape_markdown(step.actor_name), hours)))}]"
    if step.offered_until is not None:
        yield with_label(_("名额保留至"), local_time(step.offered_until))
    if step.opinion:
        yield with_label(_("施教机构意见"), escape_markdown(step.opinion))


def _status(step: EnrolmentStep) -> str:
    if step.from_status is None or step.from_status is step.to_status:
        return badge_text(step.to_status)
    return f"{badge_text(step.from_status)} → {badge_text(step.to_status)}"
