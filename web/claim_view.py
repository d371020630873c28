"""A claim as its owner and its reviewer see it: what it says, its evidence, its reviewer and its way so far."""

from collections.abc import Callable

import streamlit as st

from db.claims import Claim, ClaimStatus, ClaimStep, Evidence
from db.organisations import Organisation
from services import rules
from services.rules import plain
from web import pause
from web.facts import draw_facts
from web.i18n import _
from web.labels import badge_text, word
from web.text import escape_markdown
from web.times import local_time

PENDING = frozenset({ClaimStatus.SUBMITTED, ClaimStatus.ENDORSED})


def draw_heading(claim: Claim) -> None:
    """Status, title, what it counts for and how much: enough to tell one claim from another."""
    counts_for = " · ".join([_("%(year)s 年度") % {"year": claim.year}, word(claim.category), _dates(claim)])
    lines = [f"{badge_text(claim.status)} **{escape_markdown(claim.title)}**", f":gray[{counts_for}]", _hours(claim)]
    if claim.opinion:
        lines.append(f":material/rate_review: {_('审核意见')}：{escape_markdown(claim.opinion)}")
    if claim.status in PENDING and claim.employer:
        lines.append(reviewer(claim.employer))
    st.markdown("  \n".join(lines))


def _dates(claim: Claim) -> str:
    days = _("%(days)s 天") % {"days": rules.days(claim.start_on, claim.end_on)}
    if claim.start_on == claim.end_on:
        return f"{claim.start_on}"
    return _("%(start)s 至 %(end)s（%(days)s）") % {"start": claim.start_on, "end": claim.end_on, "days": days}


def _hours(claim: Claim) -> str:
    claimed = _("申报 **%(hours)s** 学时") % {"hours": plain(claim.hours_claimed)}
    if claim.hours_awarded is None:
        return claimed
    return claimed + _("，核定 **%(hours)s** 学时") % {"hours": plain(claim.hours_awarded)}


def reviewer(employer: Organisation) -> str:
    """Who decides and how to reach him, as Markdown."""
    text = _("审核单位：%(employer)s，联系人：%(name)s，电话：%(phone)s") % {
        "employer": escape_markdown(employer.name),
        "name": escape_markdown(employer.contact_name),
        "phone": escape_markdown(employer.contact_phone),
    }
    return f":material/support_agent: {text}"


def draw_particulars(claim: Claim) -> None:
    draw_facts(
        {
            _("活动类型"): word(claim.activity_type),
            _("主办单位"): claim.organiser,
            _("地点"): claim.place or _("未填写"),
        }
    )


def draw_evidence(claim: Claim, remove: Callable[[Evidence], None] | None = None) -> None:
    """The files with links; `remove` is called for the one whose button was pressed."""
    resting = remove is not None and pause.is_on()
    for file in claim.evidence:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            name = escape_markdown(file.file_name)
            st.markdown(f":material/attach_file: [{name}](/files/{file.id}) {_size(file.size)}", width="content")
            if remove and _remove_button(file, disabled=resting):
                remove(file)


def _remove_button(file: Evidence, *, disabled: bool) -> bool:
    return st.button(_("移除"), key=f"remove_{file.id}", type="tertiary", icon=":material/close:", disabled=disabled)


def _size(size: int) -> str:
    return f"({size / 1024**2:.1f} MB)" if size >= 1024**2 else f"({max(size // 1024, 1)} KB)"


def draw_steps(claim: Claim) -> None:
    st.markdown(f"**{_('办理过程')}**")
    for step in claim.steps:
        st.markdown(f":material/schedule: {_step(step)}")


def _step(step: ClaimStep) -> str:
    said = [local_time(step.at), escape_markdown(step.actor_name), f"**{word(step.action)}**"]
    if step.reason:
        said.append(word(step.reason))
    if step.opinion:
        said.append(escape_markdown(step.opinion))
    return " · ".join(said)
