"""What has become of a professional's enrolments: each with its provider's opinion, its steps and what to do next."""

import streamlit as st

from db import reading
from db.enrolments import Enrolment
from services import class_choice, enrolments, waiting_list
from services.errors import DomainError
from web import class_view, enrolment_actions, filters, worklist
from web.command import refuse
from web.enrolment_view import draw_heading, draw_steps
from web.i18n import _
from web.navigation import link
from web.session import current_actor

actor = current_actor()
named, after = filters.number(filters.OPENED), filters.after()


def draw_card(enrolment: Enrolment) -> None:
    with st.container(border=True):
        draw_heading(enrolment, places.get(enrolment.id), claims.get(enrolment.id))
        enrolment_actions.draw_obstacle(enrolment)
        with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
            if not named and st.button(_("查看"), key=f"open_{enrolment.id}", type="tertiary"):
                filters.open_row(enrolment.id)
                st.rerun()
            if enrolment.id in claims:
                claim = {filters.OPENED: str(claims[enrolment.id].id)}
                link("personal/claims", label=_("查看学时记录"), view=claim)
            enrolment_actions.draw(actor, enrolment)


if named and st.button(_("返回列表"), icon=":material/arrow_back:", type="tertiary"):
    filters.show()
    st.rerun()
try:
    with reading() as session:
        if named:
            mine = [enrolments.get_own(session, actor, named)]
            course_class = class_choice.get(session, actor, mine[0].class_id)
        else:
            mine = list(enrolments.list_mine(session, actor, after_id=after))
        places = waiting_list.places(session, mine)
        claims = enrolments.posted_claims(session, actor, mine)
except DomainError as refusal:
    refuse(refusal)
    st.stop()

for each in mine:
    draw_card(each)
if named:
    draw_steps(mine[0])
    with st.expander(_("培训班详情"), icon=":material/school:"):
        class_view.draw_particulars(course_class)
        class_view.draw_sessions(course_class)
        class_view.draw_files(course_class)
elif mine:
    worklist.draw_pages(len(mine), enrolments.PAGE_SIZE, mine[-1].id)
elif after:
    st.caption(_("没有更多报名记录。"))
else:
    st.caption(_("还没有报名。请到“培训班报名申请”选择培训班并报名。"))
    link("personal/classes")
