"""A dishonesty case as the person concerned and the authority see it: what it says, its files, hours and steps."""

from collections.abc import Iterator

import streamlit as st

from db.misconduct import MisconductFilePurpose, MisconductRecord, MisconductStatus, MisconductStep
from services import misconduct_terms
from services.rules import plain
from services.working_days import Deadline
from web.facts import draw_facts, with_label
from web.i18n import _
from web.labels import badge_text, label, word
from web.text import escape_markdown
from web.times import local_time

FILES = "/files/misconduct"


def draw_case(case: MisconductRecord) -> None:
    """Everything that was said, with the term and what runs."""
    draw_facts(
        {
            _("失信类型"): word(case.kind),
            _("情节与期限"): word(case.severity),
            _("有效期"): _term(case),
        }
    )
    st.markdown(with_label(_("事实"), escape_markdown(case.facts)))
    st.markdown(with_label(_("认定依据"), escape_markdown(case.basis) or _("未填写")))
    _draw_hours(case)
    _draw_files(case)


def _term(case: MisconductRecord) -> str:
    if case.effective_on is None:
        return _("认定后起算")
    return _("%(start)s 至 %(end)s") % {"start": case.effective_on, "end": case.ends_on}


def _draw_hours(case: MisconductRecord) -> None:
    if not case.claims:
        return
    lines = [f"**{_('涉及的学时')}**", ""]
    for claim in case.claims:
        facts = {"year": claim.year, "category": word(claim.category), "title": escape_markdown(claim.title)}
        said = _("%(year)s 年度%(category)s《%(title)s》") % facts
        hours = _("%(hours)s 学时") % {"hours": plain(claim.hours_awarded or claim.hours_claimed)}
        lines.append(f"- {badge_text(claim.status)} {said} · {hours}")
    st.markdown("\n".join(lines))


def _draw_files(case: MisconductRecord) -> None:
    for purpose in MisconductFilePurpose:
        files = [file for file in case.files if file.purpose is purpose]
        if files:
            links = [
                f"- :material/attach_file: [{escape_markdown(file.file_name)}]({FILES}/{file.id}/inline)"
                for file in files
            ]
            st.markdown("\n".join([f"**{word(purpose)}**", "", *links]))


def draw_deadline(case: MisconductRecord) -> None:
    """What runs now, counted in working days."""
    if case.status is MisconductStatus.NOTIFIED and (until := misconduct_terms.hearing_until(case)):
        said = _("陈述申辩期限：%(day)s（告知后 %(count)s 个工作日）")
        st.info(_said(said, until, misconduct_terms.HEARING_DAYS), icon=":material/schedule:")
    elif until := misconduct_terms.decide_until(case):
        usual, extended = misconduct_terms.DECISION_DAYS[case.status]
        said = _("主管部门应在 %(day)s 前决定（收到后 %(count)s 个工作日）")
        st.info(_said(said, until, extended if case.extended_at else usual), icon=":material/schedule:")


def _said(text: str, until: Deadline, count: int) -> str:
    said = text % {"day": until.day, "count": count}
    return said if until.is_certain else said + _("。该年度节假日安排尚未公布，暂按周一至周五计算")


def draw_steps(case: MisconductRecord) -> None:
    st.markdown(f"**{_('办理过程')}**")
    for step in case.steps:
        st.markdown("  \n".join(_lines(step)))


def _lines(step: MisconductStep) -> Iterator[str]:
    colour = label(step.to_status).colour
    yield f":{colour}[:material/radio_button_checked:] **{word(step.action)}** {badge_text(step.to_status)}"
    yield f":gray[{local_time(step.at)} · {escape_markdown(step.actor_name)}]"
    if step.opinion:
        yield escape_markdown(step.opinion)
