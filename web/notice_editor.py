"""Notices as administrators write them: the list, one of them open, and its form."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import streamlit as st

from db.accounts import Role
from db.notices import LONGEST, Notice, NoticeAction, NoticeStatus
from services import divisions, fields, notices
from services.clock import today
from services.notice_board import Told
from services.notices import NoticeForm, NoticePhase
from services.permissions import Actor
from web import filters, pause, worklist
from web.command import command
from web.division_field import choose_division
from web.facts import draw_facts
from web.i18n import N_, _
from web.labels import badge_text, word
from web.notice_board import draw_notice
from web.times import local_time

USUAL = timedelta(days=14)
NOTHING = {
    NoticePhase.CURRENT: N_("现在没有公告。点击“新建通知”，填写后先存为草稿，预览无误再发布。"),
    NoticePhase.COMING: N_("没有即将公告的通知。开始日期晚于今天的通知发布后会出现在这里。"),
    NoticePhase.DRAFT: N_("没有草稿。点击“新建通知”即可起草。"),
    NoticePhase.PAST: N_("还没有结束的通知。公告期满或取消发布的通知会出现在这里。"),
}
DONE = {
    NoticeAction.PUBLISH: N_("通知已发布，公告期内会显示在发布对象的首页。"),
    NoticeAction.END: N_("已取消发布，首页不再显示；可在“已结束”中恢复发布。"),
    NoticeAction.RESTORE: N_("已恢复发布。"),
    NoticeAction.DISCARD: N_("草稿已删除。"),
}


def draw_list(
    found: Sequence[Notice], opened: Notice | None, phase: NoticePhase, counts: Mapping[NoticePhase, int]
) -> None:
    filters.draw_status(list(NoticePhase), phase, counts)
    if not found:
        st.caption(_(NOTHING[phase]))
        return
    worklist.draw({each.id: _row(each) for each in found}, opened.id if opened else None, alt=_("通知列表"))
    worklist.draw_pages(len(found), notices.PAGE_SIZE, found[-1].id)
    if opened is None:
        st.caption(_("选中一行后可预览、发布、修改或取消发布。"))


def _row(notice: Notice) -> dict[str, object]:
    return {
        _("标题"): notice.title,
        _("开始日期"): str(notice.show_from),
        _("结束日期"): str(notice.show_until),
        _("发布对象"): _audience(notice),
        _("行政区划"): _place(notice),
        _("发布时间"): local_time(notice.published_at) if notice.published_at else "",
    }


def _audience(notice: Notice) -> str:
    return _("、").join(word(each.role) for each in notice.audience)


def _place(notice: Notice) -> str:
    return divisions.name(notice.division) if notice.division else _("不限")


def draw_new(actor: Actor, opened: Notice | None) -> None:
    """Folded up again as soon as a notice is opened, so that this one is in sight; what was typed stays."""
    with st.expander(_("新建通知"), icon=":material/add:", key=f"new_notice_{opened.id if opened else 0}"):
        form = _draw_form("notice_new", None)
        if st.button(_("保存草稿"), type="primary", icon=":material/save:", key="notice_new_save"):
            made: list[Notice] = []
            with command(_("草稿已保存，请预览后发布。"), before_redraw=lambda: _show(made)) as session:
                made.append(notices.draft(session, actor, form))


def _show(made: Sequence[Notice]) -> None:
    """Opened for its author, whose form is empty again."""
    for name in [name for name in st.session_state if str(name).startswith("notice_new")]:
        del st.session_state[name]
    filters.show(status=NoticePhase.DRAFT)
    filters.open_row(made[0].id)


def draw_opened(actor: Actor, notice: Notice) -> None:
    key = f"notice_{notice.id}_{notice.version}"
    st.header(f"{_('预览')} {badge_text(notices.phase_of(notice))}", anchor=False)
    with st.container(border=True):
        draw_notice(Told(notice.id, notice.title, notice.text, notice.show_from, is_new=True))
    period = _("%(start)s 至 %(end)s") % {"start": notice.show_from, "end": notice.show_until}
    draw_facts({_("公告期"): period, _("发布对象"): _audience(notice), _("行政区划"): _place(notice)})
    with st.container(horizontal=True):
        for action in notices.possible_actions(notice):
            _draw_action(actor, notice, action, key)
    if notice.status in notices.EDITABLE:
        _draw_edit(actor, notice, key)


def _draw_action(actor: Actor, notice: Notice, action: NoticeAction, key: str) -> None:
    resting = pause.is_on()
    stands_out = action in {NoticeAction.PUBLISH, NoticeAction.RESTORE}
    if action is NoticeAction.DISCARD:
        with st.popover(word(action), icon=":material/delete:", key=f"{key}_{action}_open"):
            st.caption(_("删除后不能恢复，操作日志中仍可查到内容。"))
            pressed = st.button(_("确认删除"), key=f"{key}_{action}", disabled=resting)
    else:
        pressed = st.button(
            word(action), type="primary" if stands_out else "secondary", key=f"{key}_{action}", disabled=resting
        )
    if pressed:
        taken: list[Notice] = []
        with command(_(DONE[action]), before_redraw=lambda: _go_on(taken[0])) as session:
            taken.append(notices.take(session, actor, notice.id, action, seen=notice.version))


def _go_on(notice: Notice) -> None:
    """It stays open where it has gone, with the button that takes the step back."""
    pause.begin()
    if notice.status is NoticeStatus.DISCARDED:
        filters.show()
    else:
        filters.show(status=notices.phase_of(notice))
        filters.open_row(notice.id)


def _draw_edit(actor: Actor, notice: Notice, key: str) -> None:
    with st.expander(_("修改"), icon=":material/edit:", key=f"{key}_edit"):
        st.caption(_("修改前的内容保留在操作日志中；已点过“知道了”的人会重新看到这条通知。"))
        form = _draw_form(key, notice)
        if st.button(_("保存修改"), type="primary", icon=":material/save:", key=f"{key}_save"):
            with command(_("通知已修改。")) as session:
                notices.edit(session, actor, notice.id, form, seen=notice.version)


def _draw_form(key: str, notice: Notice | None) -> NoticeForm:
    title = st.text_input(
        _("标题"), notice.title if notice else "", max_chars=fields.LONGEST_NAME, key=f"{key}_title", on_change="ignore"
    )
    text = st.text_area(
        _("内容"),
        notice.text if notice else "",
        max_chars=LONGEST,
        height=160,
        key=f"{key}_text",
        help=_("按原样显示，换行保留，不支持链接和格式。"),
        on_change="ignore",
    )
    begin, end = st.columns(2)
    first = begin.date_input(
        _("开始日期"),
        notice.show_from if notice else today(),
        format="YYYY-MM-DD",
        key=f"{key}_from",
        on_change="ignore",
    )
    last = end.date_input(
        _("结束日期"),
        notice.show_until if notice else today() + USUAL,
        format="YYYY-MM-DD",
        key=f"{key}_until",
        on_change="ignore",
    )
    roles = st.pills(
        _("发布对象"),
        list(Role),
        selection_mode="multi",
        default=[each.role for each in notice.audience] if notice else None,
        format_func=word,
        key=f"{key}_audience",
    )
    st.caption(_("行政区划不选时不限；选择后只告知该区划及以下的单位、机构、主管部门，以及在这些单位工作的人员。"))
    division = choose_division(f"{key}_division", current=(notice.division or "") if notice else "")
    return NoticeForm(title, text, first, last, roles, division)
