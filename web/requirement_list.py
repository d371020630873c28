"""What a year asks for: the editions that hold, those that did, and what is being prepared."""

from collections.abc import Sequence

import streamlit as st

from db import reading
from db.requirements import RequirementEdition
from services import asked_hours, requirement_editions, requirements, rulemaking
from services.clock import today
from services.permissions import Actor
from web import event_words, filters, requirement_words
from web.facts import with_label
from web.i18n import _
from web.requirement_drafts import draw_drafts
from web.requirement_form import draw_form
from web.rulemaking import draw_who_decides
from web.text import escape_markdown
from web.times import local_time


def draw(actor: Actor) -> None:
    year = filters.number(filters.YEAR) or today().year
    with reading() as session:
        windows = requirements.list_windows(session, actor)
        editions = requirement_editions.history(session, actor, year)
        above = rulemaking.division_above(session, actor)
        drafts = requirement_editions.list_drafts(session, actor) if above is None else []
    holding = _holding(editions, year)
    years = [window.year for window in windows]
    filters.draw_choice(filters.YEAR, _("年度"), {str(each): str(each) for each in years}, str(year))
    _draw_holding(holding, year)
    draw_drafts(actor, drafts)
    draw_who_decides(above)
    if above is None:
        with st.expander(_("拟定新要求"), icon=":material/edit:"):
            draw_form(actor, year, years, holding)
    _draw_history([edition for edition in editions if edition not in holding])


def _holding(editions: Sequence[RequirementEdition], year: int) -> list[RequirementEdition]:
    """Those that have begun and are not replaced, the widest first."""
    begun = ((each, hours) for each in editions if each.in_force_on <= today() for hours in each.requirements)
    return [rule.edition for rule in reversed(asked_hours.rules(year, begun).all)]


def _draw_holding(editions: Sequence[RequirementEdition], year: int) -> None:
    st.header(_("%(year)s 年度现行要求") % {"year": year}, anchor=False)
    if not editions:
        st.caption(_("该年度没有规定学时要求，不能申报学时。"))
        return
    st.dataframe([_row(edition) for edition in editions], hide_index=True, alt=_("现行要求"))
    if any(not each.confirmed for edition in editions for each in edition.requirements):
        st.warning(_("该年度的学时标准未经正式文件确认，请核对后制定新版本。"), icon=":material/help:")
    for edition in editions:
        number = _("第 %(edition)s 版") % {"edition": edition.edition}
        st.caption(with_label(number, escape_markdown(edition.basis)))


def _draw_history(editions: Sequence[RequirementEdition]) -> None:
    """Replaced ones, and those whose day has not come."""
    if not editions:
        return
    st.markdown(f"**{_('其他版本')}**")
    st.dataframe([{**_row(each), _("现在"): _now(each)} for each in editions], hide_index=True, alt=_("其他版本"))


def _now(edition: RequirementEdition) -> str:
    return _("尚未执行") if edition.in_force_on > today() else _("已被新版本代替")


def _row(edition: RequirementEdition) -> dict[str, object]:
    return {
        _("适用人员"): requirement_words.scope(edition),
        **requirement_words.hours(edition),
        _("自哪天起执行"): f"{edition.in_force_on}",
        _("版本"): edition.edition,
        _("制定人"): event_words.who(edition.made_by_name),
        _("制定时间"): local_time(edition.made_at),
    }
