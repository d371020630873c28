"""The open change of a professional's profile above the parts that it changes: what it says, and its next step."""

import streamlit as st

from db.people import Binding
from db.profile_changes import ProfileChange, ProfileChangeAction, ProfileChangeStatus
from services import profile_changes
from services.permissions import Actor
from web.claim_view import reviewer
from web.command import command
from web.i18n import N_, _
from web.labels import badge_text, word
from web.profile_view import draw_items
from web.text import escape_markdown
from web.times import local_time

DONE = {
    ProfileChangeAction.SUBMIT: N_("已提交"),
    ProfileChangeAction.WITHDRAW: N_("已撤回，可以继续修改"),
    ProfileChangeAction.DISCARD: N_("已放弃修改，资料保持不变"),
}


def draw_open_change(actor: Actor, change: ProfileChange, employed: Binding | None) -> None:
    with st.container(border=True):
        st.markdown(f"{badge_text(change.status)} **{_('资料变更')}**")
        _draw_state(change, employed)
        draw_items(change)
        with st.container(horizontal=True):
            for action in profile_changes.possible_actions(actor, change):
                _draw_action(actor, change, action)


def _draw_state(change: ProfileChange, employed: Binding | None) -> None:
    if change.status is ProfileChangeStatus.RETURNED:
        reason = escape_markdown(change.reason)
        st.error(
            _("单位退回了变更，请更正后重新提交。退回原因：%(reason)s") % {"reason": reason}, icon=":material/undo:"
        )
    if change.status is not ProfileChangeStatus.REQUESTED:
        st.caption(_("提交后由单位确认，确认后才生效。") if employed else _("您现在没有确认的单位，提交后立即生效。"))
    elif employed is None:
        st.caption(_("您现在没有确认的单位：新单位确认您之后会看到这些变更；也可以先撤回。"))
    elif change.requested_at:
        st.caption(_("%(time)s 提交，等待单位确认；确认前资料保持不变。") % {"time": local_time(change.requested_at)})
        st.markdown(reviewer(employed.organisation))


def _draw_action(actor: Actor, change: ProfileChange, action: ProfileChangeAction) -> None:
    if action is ProfileChangeAction.SUBMIT:
        pressed = st.button(word(action), type="primary", icon=":material/send:", key=f"submit_{change.id}")
    elif action is ProfileChangeAction.WITHDRAW:
        pressed = st.button(word(action), icon=":material/undo:", key=f"withdraw_{change.id}")
    else:
        with st.popover(word(action), icon=":material/delete:"):
            st.markdown(_("已保存的修改会全部清除，资料保持不变。"))
            pressed = st.button(_("确认放弃"), type="primary", key=f"discard_{change.id}")
    if pressed:
        with command(_(DONE[action])) as session:
            profile_changes.act(session, actor, change.id, action, seen=change.version)
