"""An enrolment as its owner sees it: how it stands, what the provider says, and its way so far."""

from collections.abc import Iterator

import streamlit as st

from db.claims import Claim
from db.classes import ClassStatus
from db.enrolments import Enrolment, EnrolmentAction, EnrolmentStatus, EnrolmentStep
from services.clock import now
from services.rules import plain
from web.class_summary import summary
from web.facts import with_label
from web.i18n import _
from web.labels import badge_text, label, word
from web.text import escape_markdown
from web.times import local_time


def standing(enrolment: Enrolment, place: int | None) -> str:
    """Its status, and for who waits the place or the deadline, as Markdown."""
    badge = badge_text(enrolment.status)
    if is_offered(enrolment) and enrolment.offered_until:
        until = {"until": local_time(enrolment.offered_until)}
        return badge + " " + _(":orange[有名额了，为您保留至 **%(until)s**]") % until
    if enrolment.offered_until:
        return f"{badge} :gray[{_('名额保留时间已过')}]"
    if place is not None:
        return badge + " " + _("第 **%(place)s** 位") % {"place": place}
    return badge


def is_offered(enrolment: Enrolment) -> bool:
    """An offer that is over lasts until the next job takes it away."""
    return enrolment.offered_until is not None and enrolment.offered_until > now()


def draw_heading(enrolment: Enrolment, place: int | None, claim: Claim | None) -> None:
    news = f" :blue-badge[{_('新进展')}]" if enrolment.news_at else ""
    lines = [standing(enrolment, place) + news, *summary(enrolment.course_class)]
    st.markdown("  \n".join([*lines, *_said(enrolment), *_posted(enrolment, claim)]))


def _said(enrolment: Enrolment) -> Iterator[str]:
    if is_offered(enrolment):
        hint = _("请在此之前接受名额，逾期名额将提供给下一位候补人员。")
        yield f":material/notification_important: {hint}"
    called_off = enrolment.course_class.status is ClassStatus.CANCELLED
    if called_off:
        yield f":material/event_busy: {_('培训班已取消')}"
    if enrolment.opinion:
        name = _("取消原因") if called_off else _("施教机构意见")
        yield f":material/rate_review: {with_label(name, escape_markdown(enrolment.opinion))}"


def _posted(enrolment: Enrolment, claim: Claim | None) -> Iterator[str]:
    if enrolment.posted_at is None:
        return
    if claim is not None and claim.hours_awarded is not None:
        posted = {"hours": plain(claim.hours_awarded), "time": local_time(enrolment.posted_at)}
        yield ":material/task_alt: " + _("已登记 **%(hours)s** 学时（%(time)s）") % posted
    elif enrolment.status is EnrolmentStatus.COMPLETED:
        yield f":material/gavel: {_('登记的学时已被撤销，不再计入')}"


def draw_steps(enrolment: Enrolment) -> None:
    """The way of the enrolment so far, the newest step last."""
    st.markdown(f"**{_('办理过程')}**")
    for step in enrolment.steps:
        st.markdown("  \n".join(_lines(step)))


def _lines(step: EnrolmentStep) -> Iterator[str]:
    colour = label(step.to_status).colour
    yield f":{colour}[:material/radio_button_checked:] **{word(step.action)}** {_status(step)}"
    hours = _("%(hours)s 学时") % {"hours": plain(step.hours)} if step.hours is not None else ""
    yield f":gray[{' · '.join(filter(None, (local_time(step.at), escape_markdown(step.actor_name), hours)))}]"
    if step.offered_until:
        yield _("名额保留至 %(until)s") % {"until": local_time(step.offered_until)}
    if step.opinion:
        called_off = step.action is EnrolmentAction.CANCEL_CLASS
        name = _("取消原因") if called_off else _("施教机构意见")
        yield with_label(name, escape_markdown(step.opinion))


def _status(step: EnrolmentStep) -> str:
    if step.from_status is None or step.from_status is step.to_status:
        return badge_text(step.to_status)
    return f"{badge_text(step.from_status)} → {badge_text(step.to_status)}"
