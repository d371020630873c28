"""The event log on the screen: what is looked for, as the address says it, and what was found."""

from collections.abc import Mapping, Sequence

import streamlit as st

from db import reading
from db.events import Event
from services import event_log, fields
from services.event_log import MOST_EXPORTED, Wanted
from services.events import ChainCheck
from services.permissions import Actor
from web import download, event_words, filters
from web.i18n import _
from web.times import local_time

WHO, ACTION, THING, NUMBER = "who", "action", "thing", "number"
NAMES = (WHO, ACTION, THING, NUMBER, filters.FROM, filters.UNTIL)
EXPORT = "events"


def asked(parameters: Mapping[str, str]) -> Wanted:
    """What an address asks for, that of the page or that of the export."""
    action, thing = parameters.get(ACTION, ""), parameters.get(THING, "")
    return Wanted(
        since=filters.day_of(parameters.get(filters.FROM, "")),
        until=filters.day_of(parameters.get(filters.UNTIL, "")),
        who=parameters.get(WHO, "").strip(),
        action=action if action in event_words.all_actions() else "",
        object_type=thing if thing in event_words.THINGS else "",
        object_id=fields.row_number(parameters.get(NUMBER, "")),
    )


def draw_filters(wanted: Wanted) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        filters.draw_text(_("操作人"), _("用户名或完整姓名"), WHO, width=220)
        filters.draw_choice(ACTION, _("操作"), {"": _("全部"), **event_words.all_actions()}, wanted.action)
        things = {code: event_words.thing(code) for code in event_words.THINGS}
        filters.draw_choice(THING, _("对象"), {"": _("全部"), **things}, wanted.object_type)
        filters.draw_text(_("对象编号"), _("对象编号"), NUMBER, width=120)
        filters.draw_day(filters.FROM, _("开始日期"), wanted.since)
        filters.draw_day(filters.UNTIL, _("结束日期"), wanted.until)


def draw_export() -> None:
    given = {name: st.query_params.get(name, "") for name in NAMES}
    st.link_button(_("导出"), download.address(EXPORT, **given), icon=":material/download:")
    st.caption(_("导出最新的 %(most)s 条以内；导出本身也会记入日志。") % {"most": MOST_EXPORTED})


def draw(events: Sequence[Event], *, narrowed: bool) -> None:
    if not events:
        st.info(_("没有符合条件的记录，请放宽条件。") if narrowed else _("还没有操作记录。"))
        return
    st.dataframe([_row(event) for event in events], hide_index=True, alt=_("操作日志"))


def _row(event: Event) -> dict[str, object]:
    return {
        _("编号"): event.id,
        _("时间"): local_time(event.at),
        _("操作人"): event_words.who(event.actor_name),
        _("操作"): event_words.action(event.action),
        _("对象"): event_words.thing(event.object_type),
        _("对象编号"): event.object_id,
        _("操作前"): event_log.as_text(event.before),
        _("操作后"): event_log.as_text(event.after),
        _("网络地址"): event.address,
    }


def check(actor: Actor) -> ChainCheck:
    with reading() as session:
        return event_log.check(session, actor)


def draw_check(check: ChainCheck) -> None:
    if check.intact:
        said = _("操作日志完好：共 %(count)s 条，没有被改动、删除或插入。最后一条的摘要为 %(head)s。")
        st.success(said % {"count": check.events, "head": check.head})
    else:
        said = _("操作日志在第 %(number)s 条断开，之前的 %(count)s 条完好。请保留数据库并立即查明原因。")
        st.error(said % {"number": check.broken_id, "count": check.events})
