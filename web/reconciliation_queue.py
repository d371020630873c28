"""The rows of old systems by what was made of them: a list, and one of them open with those who may be meant."""

from collections.abc import Sequence

import streamlit as st

from db import reading, transaction
from db.legacy import LegacyMatch, LegacyRow
from services import reconciliation
from services.permissions import Actor
from services.reconciliation import Decided, ReconciliationAction, Wanted
from web import filters, legacy_row, long_work, reconciliation_decision, worklist
from web.i18n import _
from web.labels import word

LIST = "reconciliation"
DECIDED = "decided"
SHOWN = (LegacyMatch.AMBIGUOUS, LegacyMatch.ORPHAN, LegacyMatch.MATCHED, LegacyMatch.DUPLICATE)


def draw(actor: Actor) -> None:
    wanted = Wanted(filters.status(SHOWN), filters.choice(DECIDED, Decided), filters.text())
    named, after = filters.opened(LIST), filters.after()
    searched = st.session_state.get(reconciliation_decision.SEARCH, "")
    with reading() as session:
        counts = reconciliation.counts(session, actor)
        page = reconciliation.queue(session, actor, wanted, after_id=after)
        row = reconciliation.open_row(session, actor, page, matching=wanted.matching, named=named)
        actions = reconciliation.possible_actions(row) if row else []
        history = reconciliation.history(session, actor, row) if row else []
        considered = reconciliation.consider(session, actor, row, searched) if row else None
    _draw_filters(actor, wanted, counts)
    _draw_list(page, row, wanted)
    reconciliation_decision.draw_steps_through(page, row)
    if row is None:
        return
    filters.remember_opened(LIST, row.id)
    legacy_row.draw(row)
    if row.person is not None:
        reconciliation_decision.draw_person(row.person)
    if considered is not None:
        reconciliation_decision.draw(actor, row, considered)
    elif ReconciliationAction.UNDO in actions:
        reconciliation_decision.draw_undo(actor, row)
    legacy_row.draw_history(history)


def _draw_filters(actor: Actor, wanted: Wanted, counts: dict[LegacyMatch, int]) -> None:
    filters.draw_status(SHOWN, wanted.matching, counts)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        filters.draw_text(_("查找历史数据"), _("姓名开头的字，或完整的证书编号"))
        words = {"": _("全部"), **{str(code): word(code) for code in Decided}}
        if wanted.matching in {LegacyMatch.ORPHAN, LegacyMatch.MATCHED, LegacyMatch.DUPLICATE}:
            filters.draw_choice(DECIDED, _("判定方式"), words, wanted.decided or "")
        if st.button(
            _("重新匹配"), icon=":material/sync:", help=_("新注册的人和更正过的资料会被找到；已作的决定不变。")
        ):
            long_work.carry_out(
                _("正在重新匹配，请不要关闭页面…"),
                lambda show: reconciliation.match_again(transaction, actor, on_progress=show),
                _("已重新匹配全部历史数据。"),
            )


def _draw_list(page: Sequence[LegacyRow], opened: LegacyRow | None, wanted: Wanted) -> None:
    if page:
        rows = {row.id: legacy_row.row_in_list(row) for row in page}
        worklist.draw(rows, opened.id if opened else None, alt=_("历史数据"))
        worklist.draw_pages(len(page), reconciliation.PAGE_SIZE, page[-1].id)
    elif wanted.text or wanted.decided:
        st.info(_("没有找到符合条件的行，请放宽条件。"), icon=":material/search_off:")
    elif wanted.matching is LegacyMatch.AMBIGUOUS:
        st.success(
            _("没有待核对的历史数据。导入旧系统文件后，不能自动确定是谁的行会出现在这里。"), icon=":material/task_alt:"
        )
    else:
        st.caption(_("没有“%(status)s”的历史数据。") % {"status": word(wanted.matching)})
