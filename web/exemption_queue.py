"""The exemptions of a supervisor's divisions: a list, and one of them open with what can be done."""

from collections.abc import Sequence

import streamlit as st

from db import reading
from db.exemptions import Exemption, ExemptionStatus
from services import exemptions
from services.permissions import Actor
from services.rules import plain
from services.standing import YearStanding
from web import filters, worklist
from web.exemption_decision import draw_decisions
from web.exemption_view import draw_exemption, hours_in_words
from web.i18n import _
from web.labels import badge_text, word
from web.text import escape_markdown
from web.times import local_time

LIST = "exemptions"


def draw(actor: Actor) -> None:
    status, named, after = filters.status(list(ExemptionStatus)), filters.opened(LIST), filters.after()
    text = filters.text()
    with reading() as session:
        counts = exemptions.counts(session, actor)
        found = exemptions.queue(session, actor, status=status, text=text, after_id=after)
        opened = exemptions.open_exemption(session, actor, found, named)
        of_year = exemptions.year_of(session, opened) if opened else None
    filters.draw_status(list(ExemptionStatus), status, counts)
    filters.draw_text(_("查找当事人"), _("姓名中的字"))
    _draw_list(found, opened, text)
    if opened is None or of_year is None:
        return
    filters.remember_opened(LIST, opened.id)
    year = _("%(year)s 年度") % {"year": opened.year}
    st.header(f"{escape_markdown(opened.person.name)} · {year} {badge_text(opened.status)}", anchor=False)
    st.caption(f"{escape_markdown(opened.person.id_number_masked)} · {escape_markdown(opened.employer.name)}")
    draw_exemption(opened)
    _draw_effect(opened, of_year)
    draw_decisions(actor, opened)


def _draw_list(found: Sequence[Exemption], opened: Exemption | None, text: str) -> None:
    if found:
        rows = {exemption.id: _row(exemption) for exemption in found}
        worklist.draw(rows, opened.id if opened else None, alt=_("学时减免"))
        worklist.draw_pages(len(found), exemptions.PAGE_SIZE, found[-1].id)
    elif text:
        st.info(_("没有找到符合条件的减免，请放宽条件。"), icon=":material/search_off:")
    else:
        st.caption(_("这里没有减免。人员申请后会出现在“待审批”；也可以在“提出减免”中为人员提出。"))


def _row(exemption: Exemption) -> dict[str, object]:
    return {
        _("姓名"): exemption.person.name,
        _("年度"): exemption.year,
        _("减免事由"): word(exemption.reason),
        _("减免学时"): hours_in_words(exemption),
        _("工作单位"): exemption.employer.name,
        _("提出时间"): local_time(exemption.requested_at),
    }


def _draw_effect(exemption: Exemption, of_year: YearStanding) -> None:
    """What the year asks of this person with it and without it, beside what he has done."""
    rows = []
    for line in of_year.official:
        asked = line.required + line.exempted
        rows.append(
            {
                _("学时类别"): word(line.category),
                _("年度要求"): plain(asked),
                _("现行要求（已减免）"): plain(line.required),
                _("按本项减免的要求"): plain(asked - min(asked, exemption.hours(line.category))),
                _("已完成（官方统计）"): plain(line.earned),
            }
        )
    st.dataframe(rows, hide_index=True, alt=_("减免的影响"))
