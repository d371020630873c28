"""How a year stood on an earlier day, asked for with a date."""

import streamlit as st

from db import reading
from services import as_of
from services.as_of import YearThen
from services.clock import today
from services.errors import DomainError
from services.permissions import Actor
from services.rules import Standing, plain
from web import requirement_words
from web.command import refuse
from web.i18n import _
from web.labels import word
from web.text import escape_markdown

FIRST_YEAR = 2010


def draw_as_of(actor: Actor, person_id: int, year: int | None = None) -> None:
    """Without a year it is asked for too. Costs nothing until a day is chosen."""
    with st.expander(_("查询某一天的达标情况"), icon=":material/history:"):
        st.caption(_("按当天已通过的学时和当天执行的要求计算。"))
        if year is None:
            years = range(today().year, FIRST_YEAR - 1, -1)
            year = st.selectbox(_("年度"), years, key=f"as_of_year_{person_id}", width=160)
        day = st.date_input(
            _("日期"), None, max_value=today(), format="YYYY-MM-DD", key=f"as_of_day_{person_id}", width=200
        )
        if day is None:
            return
        try:
            with reading() as session:
                then = as_of.on(session, actor, person_id, year, day)
        except DomainError as refusal:
            refuse(refusal)
            return
        _draw(then)


def _draw(then: YearThen) -> None:
    named = {"day": then.day, "year": then.year}
    if then.met:
        st.success(_("%(day)s：%(year)s 年度三类学时均已达到当时的要求。") % named, icon=":material/verified:")
    else:
        st.info(_("%(day)s：%(year)s 年度尚未达到当时的要求。") % named, icon=":material/flag:")
    exempted = any(line.exempted for line in then.hours)
    st.dataframe([_row(line, exempted=exempted) for line in then.hours], hide_index=True, alt=_("当天的学时"))
    parts = [
        _("要求：第 %(edition)s 版，%(scope)s")
        % {"edition": rule.edition.edition, "scope": requirement_words.scope(rule.edition)}
        for rule in then.rules
    ]
    parts.append(_("当时的单位：%(employer)s") % {"employer": then.employer or _("无")})
    st.caption(escape_markdown(" · ".join(parts)))


def _row(line: Standing, *, exempted: bool) -> dict[str, object]:
    """What was exempted only where something was: a telephone has room for four columns."""
    row: dict[str, object] = {
        _("学时类别"): word(line.category),
        _("当时要求"): plain(line.required),
        _("当时已通过"): plain(line.earned),
        _("当时还差"): plain(line.missing),
    }
    return row | ({_("当时已减免"): plain(line.exempted)} if exempted else {})
