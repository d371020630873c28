"""The classes of the professional's division, one of them with everything about it, and the way into it."""

import streamlit as st

from db import reading
from db.organisations import OrganisationStatus
from services import class_choice, divisions, enrolling, people
from services.errors import DomainError
from services.people import EmployerSuspended
from web import class_filters, filters, worklist
from web.class_choice import draw_card, draw_nothing, draw_whole
from web.command import refuse
from web.i18n import _, explain
from web.session import current_actor

actor = current_actor()
named, after, view = filters.number(filters.OPENED), filters.after(), class_filters.chosen()

if named and st.button(_("返回列表"), icon=":material/arrow_back:", type="tertiary"):
    del st.query_params[filters.OPENED]
    st.rerun()
try:
    with reading() as session:
        employer = people.confirmed_employer(session, actor.person_id)
        if named:
            listed = [class_choice.get(session, actor, named)]
        else:
            listed = list(class_choice.list_open(session, actor, view, after_id=after))
        prospects = enrolling.prospects(session, actor, listed)
        nothing = None if listed else class_choice.why_nothing(session, actor)
except DomainError as refusal:
    refuse(refusal)
    st.stop()

if employer and employer.status is OrganisationStatus.SUSPENDED:
    suspended = EmployerSuspended(division=divisions.name(employer.division))
    st.warning(explain(suspended), icon=":material/block:")
if named:
    draw_whole(actor, listed[0], prospects[named])
    st.stop()
if employer:
    class_filters.draw(view)
for each in listed:
    draw_card(actor, each, prospects[each.id])
if listed or after:
    worklist.draw_pages(len(listed), class_choice.PAGE_SIZE, listed[-1].id if listed else 0)
elif nothing:
    draw_nothing(nothing, employer)
