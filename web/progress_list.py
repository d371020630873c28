"""The staff of a year as a list: who is behind in what, and who can be reminded."""

from collections.abc import Sequence
from zlib import crc32

import streamlit as st

from services.progress import Member, Reached, Totals
from services.rules import Standing, plain
from web.i18n import _
from web.labels import word
from web.times import local_time
from web.worklist import HEIGHT, MOST_ROWS


def draw_totals(totals: Totals) -> None:
    figures = {
        _("本单位人员"): totals.staff,
        word(Reached.MET): totals.met,
        word(Reached.BEHIND): totals.staff - totals.met,
        **{_("缺%(category)s") % {"category": word(each)}: count for each, count in totals.lacking.items()},
    }
    with st.container(horizontal=True):
        for name, count in figures.items():
            st.metric(name, count, border=True, width="content")


def draw_members(members: Sequence[Member]) -> list[Member]:
    """Returns those that are marked."""
    numbers = [member.binding_id for member in members]
    # A mark tells a position. Under this key a position can never mean a row of an earlier list.
    key = f"members_{crc32(repr(numbers).encode())}"
    marked = st.dataframe(
        [_row(member) for member in members],
        height=HEIGHT * 2 if len(members) > MOST_ROWS * 2 else "auto",
        key=key,
        on_select="rerun",
        selection_mode="multi-row",
        hide_index=True,
        column_config={_("姓名"): st.column_config.TextColumn(pinned=True)},
        alt=_("人员完成情况"),
    )
    return [members[position] for position in marked["selection"]["rows"] if position < len(members)]


def _row(member: Member) -> dict[str, object]:
    return {
        _("姓名"): member.name,
        _("还差学时"): plain(member.missing) if member.missing else word(Reached.MET),
        _("证书"): _("已打印") if member.has_certificate else "",
        **{word(line.category): _cell(line) for line in member.official},
        _("实时已通过"): " / ".join(plain(hours.earned) for hours in member.live.values()),
        _("审核中"): " / ".join(plain(hours.waiting) for hours in member.live.values()),
        _("所在部门"): member.department,
        _("手机号码"): member.mobile,
        _("上次提醒"): local_time(member.reminded_at) if member.reminded_at else "",
    }


def _cell(line: Standing) -> str:
    figures = {"earned": plain(line.earned), "required": plain(line.required), "missing": plain(line.missing)}
    return (_("%(earned)s / %(required)s") if line.met else _("%(earned)s / %(required)s（差 %(missing)s）")) % figures
