"""The staff of an employer: requests to be confirmed first, then everybody who works here or has."""

from collections.abc import Sequence

import streamlit as st

from db import reading
from db.people import Binding, BindingStatus
from services import binding_steps, obstacles, qualifications, staff
from services.permissions import Actor
from web import filters, worklist
from web.as_of import draw_as_of
from web.download import address
from web.i18n import _
from web.labels import word
from web.profile_view import draw_profile
from web.staff_actions import draw_actions
from web.staff_card import draw_person, row

LIST, EXPORT = "people", "staff"
OFFERED = [
    BindingStatus.REQUESTED,
    BindingStatus.SCHEDULED,
    BindingStatus.ACTIVE,
    BindingStatus.ENDED,
    BindingStatus.REFUSED,
]


def draw(actor: Actor) -> None:
    status, text, named, after = filters.status(OFFERED), filters.text(), filters.opened(LIST), filters.after()
    with reading() as session:
        counts = staff.counts(session, actor)
        listed = staff.roster(session, actor, status=status, text=text, after_id=after)
        member = staff.open_member(session, actor, listed, named)
        waiting = obstacles.waiting_claims(session, member) if member else []
        entries = qualifications.list_entries(session, actor, member.person_id) if member else {}
    filters.draw_status(OFFERED, status, counts)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        filters.draw_text(_("查找人员"), _("姓名中的字，或完整的手机号码"))
        st.link_button(_("导出"), address(EXPORT, status=status, text=text), icon=":material/download:")
    _draw_list(listed, member, status, text)
    if member is not None:
        filters.remember_opened(LIST, member.id)
        left, right = st.columns(2)
        with left:
            draw_person(member)
            if member.status in binding_steps.OPEN:
                draw_profile(member.person, entries)
        with right:
            draw_actions(actor, member, len(waiting))
            if member.status is BindingStatus.ACTIVE:
                draw_as_of(actor, member.person_id)


def _draw_list(listed: Sequence[Binding], opened: Binding | None, status: BindingStatus, text: str) -> None:
    if listed:
        worklist.draw({each.id: row(each) for each in listed}, opened.id if opened else None, alt=_("人员名单"))
        worklist.draw_pages(len(listed), staff.PAGE_SIZE, listed[-1].id)
    elif text:
        st.info(_("没有找到符合条件的人员，请换一个姓名或手机号码。"), icon=":material/search_off:")
    elif status is BindingStatus.REQUESTED:
        st.success(
            _("没有待确认的人员。员工在“人员基本信息维护”中选择本单位并提交后，会出现在这里。"),
            icon=":material/task_alt:",
        )
    else:
        st.caption(_("没有“%(status)s”的人员。") % {"status": word(status)})
