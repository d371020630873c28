"""When the hours of each year may be declared, and how many a day holds."""

import streamlit as st

from db import reading
from db.statistics import ClaimYear
from services import fields, requirements, rulemaking
from services.clock import today
from services.permissions import Actor
from services.requirements import WindowForm
from services.rules import plain
from web import filters, worklist
from web.command import command
from web.i18n import _
from web.rulemaking import draw_who_decides


def draw(actor: Actor) -> None:
    named = filters.opened("windows")
    with reading() as session:
        windows = {window.year: window for window in requirements.list_windows(session, actor)}
        above = rulemaking.division_above(session, actor)
    opened = windows.get(named or today().year) or next(iter(windows.values()), None)
    if opened is None:
        st.caption(_("还没有设置任何年度。"))
        return
    worklist.draw({year: _row(window) for year, window in windows.items()}, opened.year, alt=_("申报时间"))
    st.header(_("%(year)s 年度") % {"year": opened.year}, anchor=False)
    draw_who_decides(above)
    if above is None:
        _draw_form(actor, opened)


def _row(window: ClaimYear) -> dict[str, object]:
    return {
        _("年度"): str(window.year),
        _("申报开始日期"): f"{window.claim_from}",
        _("申报截止日期"): f"{window.claim_to}",
        _("每天最多学时"): plain(window.hours_per_day),
        _("现在"): _("可以申报") if requirements.is_open(window) else _("不能申报"),
    }


def _draw_form(actor: Actor, window: ClaimYear) -> None:
    key = f"{window.year}_{window.version}"
    with st.form(f"window_{key}", enter_to_submit=False):
        left, middle, right = st.columns(3)
        with left:
            claim_from = st.date_input(_("申报开始日期"), window.claim_from, key=f"from_{key}", format="YYYY-MM-DD")
        with middle:
            claim_to = st.date_input(_("申报截止日期"), window.claim_to, key=f"to_{key}", format="YYYY-MM-DD")
        with right:
            hours = st.number_input(
                _("每天最多学时"), value=float(window.hours_per_day), step=0.5, format="%g", key=f"hours_{key}"
            )
        reason = st.text_area(_("修改原因"), max_chars=fields.LONGEST_TEXT, height=100, key=f"reason_{key}")
        st.caption(_("修改后，尚未送审的记录按新的时间办理；已送审和已审核的记录不受影响。"))
        pressed = st.form_submit_button(_("保存"), type="primary")
    if pressed:
        with command(_("申报时间已修改")) as session:
            form = WindowForm(claim_from, claim_to, hours, reason or "")
            requirements.change_window(session, actor, window.year, form, seen=window.version)
