"""A claim as its owner and its reviewer see it: what it says, who decides about it and its way so far."""

from collections.abc import Iterator

import streamlit as st

from db.claims import Claim, ClaimSource, ClaimStatus, ClaimStep
from db.organisations import Organisation, OrganisationStatus
from services import divisions
from services.rules import plain
from web.detail_fields import draw_facts_of
from web.facts import draw_facts, with_label
from web.i18n import _
from web.labels import badge_text, label, word
from web.text import escape_markdown
from web.times import local_time, period


def draw_heading(claim: Claim) -> None:
    """Status, title, what it counts for and how much: enough to tell one claim from another."""
    year = _("%(year)s 年度") % {"year": claim.year}
    counts_for = " · ".join([year, word(claim.category), period(claim.start_on, claim.end_on)])
    lines = [f"{badge_text(claim.status)} **{escape_markdown(claim.title)}**", f":gray[{counts_for}]", _hours(claim)]
    if claim.status is ClaimStatus.REVOKED and claim.decided_at:
        lines.append(f":material/gavel: {_revoked(claim) % {'time': local_time(claim.decided_at)}}")
    if claim.reason or claim.opinion:
        said = filter(None, (word(claim.reason) if claim.reason else "", escape_markdown(claim.opinion)))
        lines.append(f":material/rate_review: {with_label(_('审核意见'), _('；').join(said))}")
    lines += _who_decides(claim)
    st.markdown("  \n".join(lines))


def _revoked(claim: Claim) -> str:
    """Hours of a class may have been taken back by its provider, too."""
    if claim.source is ClaimSource.CLASS:
        return _("已于 %(time)s 撤销，不再计入学时。")
    return _("主管部门已于 %(time)s 撤销，不再计入学时。")


def _who_decides(claim: Claim) -> list[str]:
    if claim.employer is None:
        return []
    if claim.status is ClaimStatus.ENDORSED:
        division = divisions.name(claim.employer.division)
        return [f":material/approval: {_('单位已审核通过，%(division)s主管部门认定中') % {'division': division}}"]
    return [reviewer(claim.employer)] if claim.status is ClaimStatus.SUBMITTED else []


def _hours(claim: Claim) -> str:
    claimed = _("申报 **%(hours)s** 学时") % {"hours": plain(claim.hours_claimed)}
    if claim.hours_awarded is None:
        return claimed
    return claimed + _("，核定 **%(hours)s** 学时") % {"hours": plain(claim.hours_awarded)}


def reviewer(employer: Organisation) -> str:
    """Who decides and how to reach him, or why nobody does, as Markdown."""
    if employer.status is OrganisationStatus.SUSPENDED:
        return f":material/block: {suspended(employer)}"
    text = _("审核单位：%(employer)s，联系人：%(name)s，电话：%(phone)s") % {
        "employer": escape_markdown(employer.name),
        "name": escape_markdown(employer.contact_name),
        "phone": escape_markdown(employer.contact_phone),
    }
    return f":material/support_agent: {text}"


def suspended(employer: Organisation) -> str:
    """What becomes of claims while nobody can decide, and whom to ask, as Markdown."""
    text = _(
        "%(employer)s已停用，暂时不能审核。已送审的学时原样保留，恢复后继续审核，也可以撤回。请咨询%(division)s主管部门。"
    )
    return text % {"employer": escape_markdown(employer.name), "division": divisions.name(employer.division)}


def draw_particulars(claim: Claim) -> None:
    draw_facts(
        {
            _("活动类型"): word(claim.activity_type),
            _("主办单位"): claim.organiser,
            _("地点"): claim.place or _("未填写"),
        }
    )
    draw_facts_of(claim.details)
    if claim.certificate_number:
        draw_facts({_("证书编号"): claim.certificate_number})


def draw_steps(claim: Claim) -> None:
    """The way of the claim so far, the newest step last."""
    st.markdown(f"**{_('办理过程')}**")
    for step in claim.steps:
        st.markdown("  \n".join(_lines(step)))


def _lines(step: ClaimStep) -> Iterator[str]:
    colour = label(step.to_status).colour
    yield f":{colour}[:material/radio_button_checked:] **{word(step.action)}** {_status(step)}"
    hours = _("%(hours)s 学时") % {"hours": plain(step.hours)} if step.hours is not None else ""
    yield f":gray[{' · '.join(filter(None, (local_time(step.at), escape_markdown(step.actor_name), hours)))}]"
    if step.reason:
        yield _("原因：%(reason)s") % {"reason": word(step.reason)}
    if step.opinion:
        yield with_label(_("审核意见"), escape_markdown(step.opinion))


def _status(step: ClaimStep) -> str:
    if step.from_status is None or step.from_status is step.to_status:
        return badge_text(step.to_status)
    return f"{badge_text(step.from_status)} → {badge_text(step.to_status)}"
