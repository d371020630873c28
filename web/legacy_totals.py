"""Old totals beside recomputed ones, person by person and year by year, with the reasons of each difference."""

from collections.abc import Mapping
from decimal import Decimal

import streamlit as st

from db import reading
from db.claims import Category
from services import legacy_totals
from services.legacy_totals import YearTotals
from services.permissions import Actor
from services.rules import plain
from web import filters, worklist
from web.i18n import _
from web.labels import word

WHICH, ALL = "which", "all"
REASONS_WIDTH = 420  # pixels


def draw(actor: Actor) -> None:
    year, every = filters.number(filters.YEAR), filters.choice(WHICH, (ALL,)) is not None
    after = filters.after()
    with reading() as session:
        years = legacy_totals.years(session, actor)
        page = legacy_totals.list_(session, actor, year=year, differing=not every, after=after)
    st.caption(
        _(
            "旧证书所载学时与旧学时记录按当年规则重算的结果。没有学时记录的，按证书所载各类学时判断。"
            "每天学时上限和学时要求取当年面向全体人员的规定。"
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = {"": _("全部年度"), **{str(each): str(each) for each in years}}
        filters.draw_choice(filters.YEAR, _("年度"), words, str(year) if year in years else "")
        filters.draw_choice(WHICH, _("范围"), {"": _("有差异的"), ALL: _("全部")}, ALL if every else "")
    if page:
        reasons = {_("差异原因"): st.column_config.Column(width=REASONS_WIDTH)}
        st.dataframe([_row(each) for each in page], hide_index=True, column_config=reasons, alt=_("学时比对"))
        worklist.draw_pages(len(page), legacy_totals.PAGE_SIZE, page[-1].number)
    elif every:
        st.caption(_("还没有匹配到人的历史数据。导入并核对后，学时会在这里逐人逐年比对。"))
    else:
        st.success(_("没有差异：旧证书与旧学时记录一致，判断也与当年要求一致。"), icon=":material/task_alt:")


def _row(each: YearTotals) -> Mapping[str, object]:
    return {
        _("姓名"): each.person.name,
        _("证件号码"): each.person.id_number_masked,
        _("年度"): each.year,
        _("差异原因"): _("；").join(_reason(each)) or _("无差异"),
        _("旧证书"): _hours(each.old, plain(each.old_total)) if each.old_total else _("无证书"),
        _("重算"): _hours(each.recomputed, plain(each.recomputed_total)),
        _("当年要求"): _hours(each.required, "") if each.required else _("无规定"),
    }


def _hours(of: Mapping[Category, Decimal], total: str) -> str:
    parts = "/".join(plain(of[category]) if category in of else "?" for category in Category) if of else ""
    return _("%(total)s（%(parts)s）") % {"total": total, "parts": parts} if total and parts else total or parts


def _reason(each: YearTotals) -> list[str]:
    hours = {reason: _(" %(hours)s 学时") % {"hours": plain(of)} if of else "" for reason, of in each.reasons.items()}
    return [f"{word(reason)}{said}" for reason, said in hours.items()]
