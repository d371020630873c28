"""Which claims the reviewer looks at: the view of the queue as the address says it, and the fields that change it."""

from enum import StrEnum

import streamlit as st

from db.claim_flags import FlagKind
from db.claims import Category, ClaimStatus
from services.review_queue import QueueOrder, QueueView
from web import filters
from web.i18n import _
from web.labels import word

OFFERED = [status for status in ClaimStatus if status is not ClaimStatus.DRAFT]
DAYS = (3, 7, 15, 30)
TWO_LEVELS = "2"


def chosen() -> QueueView:
    days = st.query_params.get(filters.WAITED, "")
    return QueueView(
        status=filters.status(OFFERED),
        order=filters.choice(filters.ORDER, QueueOrder) or QueueOrder.PRIORITY,
        category=filters.choice(filters.CATEGORY, Category),
        flag=filters.choice(filters.FLAG, FlagKind),
        text=filters.text(),
        waiting_days=next((each for each in DAYS if str(each) == days), 0),
        second_level=st.query_params.get(filters.LEVEL) == TWO_LEVELS,
    )


def draw(view: QueueView) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        filters.draw_text(_("查找学时"), _("姓名或活动名称中的字"))
        if not view.newest_first:
            filters.draw_choice(filters.ORDER, _("排序"), _words(QueueOrder), view.order)
        number = sum(map(bool, (view.category, view.flag, view.waiting_days, view.second_level)))
        label = _("筛选（%(count)s）") % {"count": number} if number else _("筛选")
        with st.popover(label, icon=":material/filter_alt:", key="review_filters"):
            _draw_narrowing(view)


def _draw_narrowing(view: QueueView) -> None:
    everything = {"": _("全部")}
    filters.draw_choice(filters.CATEGORY, _("学时类别"), {**everything, **_words(Category)}, view.category or "")
    filters.draw_choice(filters.FLAG, _("系统提示"), {**everything, **_words(FlagKind)}, view.flag or "")
    waited = {"": _("不限"), **{str(days): _("%(days)s 天以上") % {"days": days} for days in DAYS}}
    filters.draw_choice(filters.WAITED, _("送审已过"), waited, str(view.waiting_days or ""))
    levels = {**everything, TWO_LEVELS: _("需主管部门认定")}
    filters.draw_choice(filters.LEVEL, _("审核级次"), levels, TWO_LEVELS if view.second_level else "")


def _words(codes: type[StrEnum]) -> dict[str, str]:
    return {code.value: word(code) for code in codes}


def is_narrowed(view: QueueView) -> bool:
    """Whether an empty list may be so because of a filter."""
    return view != QueueView(status=view.status, order=view.order)
