"""The rules of the types of activity: what holds this year, every edition, and the next one."""

from collections.abc import Sequence

import streamlit as st

from db import reading
from db.activity_rules import ActivityRule
from services import activity_rules, requirements, rulemaking
from services.clock import today
from services.permissions import Actor
from web import filters, worklist
from web.facts import draw_facts
from web.i18n import _
from web.labels import word
from web.rule_form import draw_new_edition
from web.rule_words import asked, cap, origin, rate
from web.rulemaking import draw_who_decides
from web.times import local_time


def draw(actor: Actor) -> None:
    year, named = today().year, filters.opened("rules")
    with reading() as session:
        rules = activity_rules.list_in_force(session, actor, year)
        opened = activity_rules.opened(session, actor, rules, named)
        editions = activity_rules.history(session, actor, opened.activity_type) if opened else []
        windows = requirements.list_windows(session, actor)
        above = rulemaking.division_above(session, actor)
    if opened is None:
        st.caption(_("还没有活动类型规则，申报学时按实际时间计算。"))
        return
    st.caption(_("以下为 %(year)s 年度执行的规则，点击一行查看版本记录。") % {"year": year})
    worklist.draw({rule.id: _row(rule) for rule in rules}, opened.id, alt=_("活动类型规则"))
    st.header(word(opened.activity_type), anchor=False)
    _draw_rule(opened)
    _draw_history(editions)
    draw_who_decides(above)
    if above is None:
        with st.expander(_("制定新版本"), icon=":material/edit:"):
            draw_new_edition(actor, editions[0], [w.year for w in reversed(windows) if w.claim_to >= today()])


def _row(rule: ActivityRule) -> dict[str, object]:
    return {
        _("活动类型"): word(rule.activity_type),
        _("计算方式"): rate(rule),
        _("上限"): cap(rule),
        _("另需填写"): asked(rule),
        _("来源"): origin(rule),
    }


def _draw_rule(rule: ActivityRule) -> None:
    if rule.is_example:
        st.warning(_("示例，非广东省官方标准。请按正式文件制定新版本。"), icon=":material/science:")
    draw_facts({_("计算方式"): rate(rule), _("上限"): cap(rule)})
    draw_facts({_("另需填写"): asked(rule), _("需要的证明材料"): _("；").join(rule.evidence.splitlines()) or _("无")})


def _draw_history(editions: Sequence[ActivityRule]) -> None:
    st.markdown(f"**{_('版本记录')}**")
    st.dataframe([_edition(rule) for rule in editions], hide_index=True, alt=_("版本记录"))


def _edition(rule: ActivityRule) -> dict[str, object]:
    return {
        _("版本"): rule.edition,
        _("执行年度"): _("%(year)s 年度起") % {"year": rule.from_year},
        _("计算方式"): rate(rule),
        _("上限"): cap(rule),
        _("依据"): rule.basis,
        _("制定人"): rule.made_by_name,
        _("制定时间"): local_time(rule.made_at),
    }
