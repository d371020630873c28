"""The dishonesty cases of a supervisor's divisions: a list, and one of them open with what can be done."""

from collections.abc import Sequence

import streamlit as st

from db import reading, transaction
from db.misconduct import LookedAt, MisconductRecord
from services import misconduct, misconduct_looks, misconduct_report
from services.misconduct import Stage
from services.misconduct_moves import EDITABLE
from services.permissions import Actor
from web import filters, worklist
from web.i18n import _
from web.labels import badge_text, word
from web.misconduct_case import draw_case, draw_deadline, draw_steps
from web.misconduct_decision import draw_decisions
from web.misconduct_report import draw_completion
from web.text import escape_markdown
from web.times import local_time

LIST = "misconduct"


def draw(actor: Actor) -> None:
    stage, named, after = filters.status(list(Stage)), filters.opened(LIST), filters.after()
    text = filters.text()
    with reading() as session:
        counts = misconduct.counts(session, actor)
        found = misconduct.queue(session, actor, stage=stage, text=text, before_id=after)
        case = misconduct.open_record(session, actor, found, named)
        claims = misconduct_report.claims_to_choose(session, actor, case.person_id) if case else []
        unnoted = misconduct_looks.unnoted(session, actor, [case.id], LookedAt.CASE) if case else []
    filters.draw_status(list(Stage), stage, counts)
    filters.draw_text(_("查找当事人"), _("姓名中的字"))
    _draw_list(found, case, text)
    if case is None:
        return
    filters.remember_opened(LIST, case.id)
    if unnoted:
        with transaction() as session:
            misconduct_looks.note_case(session, actor, case, LookedAt.CASE)
    st.header(f"{escape_markdown(case.person.name)} {badge_text(case.status)}", anchor=False)
    st.caption(_("本人可以看到谁在何时查看过此案。"))
    draw_deadline(case)
    draw_case(case)
    if case.status in EDITABLE:
        draw_completion(actor, case, claims)
    draw_decisions(actor, case)
    draw_steps(case)


def _draw_list(found: Sequence[MisconductRecord], opened: MisconductRecord | None, text: str) -> None:
    if found:
        rows = {case.id: _row(case) for case in found}
        worklist.draw(rows, opened.id if opened else None, alt=_("失信案件"))
        worklist.draw_pages(len(found), misconduct.PAGE_SIZE, found[-1].id)
    elif text:
        st.info(_("没有找到符合条件的案件，请放宽条件。"), icon=":material/search_off:")
    else:
        st.caption(_("这里没有案件。发现虚报学时、伪造材料等情况后，在“登记线索”中登记。"))


def _row(case: MisconductRecord) -> dict[str, object]:
    return {
        _("姓名"): case.person.name,
        _("工作单位"): case.employer.name,
        _("失信类型"): word(case.kind),
        _("状态"): word(case.status),
        _("登记时间"): local_time(case.reported_at),
        _("有效期至"): f"{case.ends_on}" if case.ends_on else "",
    }
