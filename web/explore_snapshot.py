"""Which snapshot the figures come from, and how to have a newer one."""

import streamlit as st

from db import reading, transaction
from db.snapshots import Snapshot
from services import snapshots
from services.permissions import Actor
from web import long_work
from web.i18n import _
from web.navigation import link
from web.times import local_time

DIGITS = 12  # of a hash, enough to tell two of them apart


def draw_missing(actor: Actor, *, outdated: bool) -> None:
    if outdated:
        st.info(_("已导入的数据还没有生成快照，生成后即可分析。"), icon=":material/info:")
        _draw_button(actor, _("生成快照"))
    else:
        st.info(_("还没有导入旧系统的数据。请先在“历史数据导入”中导入文件。"), icon=":material/info:")
        link("analyst/imports")


def draw(actor: Actor, snapshot: Snapshot, *, outdated: bool) -> None:
    st.caption(
        _("数据快照 %(number)s：%(time)s，共 %(rows)s 行，SHA-256 %(hash)s")
        % {
            "number": snapshot.id,
            "time": local_time(snapshot.made_at),
            "rows": f"{snapshot.row_count:,}",
            "hash": snapshot.sha256[:DIGITS],
        },
        help=snapshot.sha256,
    )
    if outdated:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_("快照之后，数据又有变化。"))
            _draw_button(actor, _("更新快照"))


def _draw_button(actor: Actor, label: str) -> None:
    if st.button(label, icon=":material/refresh:", key="make_snapshot"):
        long_work.carry_out(
            _("正在生成数据快照，请不要关闭页面…"),
            lambda show: snapshots.make(reading, transaction, actor, on_progress=show),
            _("已生成新的数据快照。"),
        )
