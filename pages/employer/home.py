"""What waits for the employer, and where its own registration stands."""

import streamlit as st

from db import reading
from db.organisations import OrganisationStatus
from services import organisations, workload
from web.i18n import _
from web.organisation_card import draw_organisation
from web.session import current_actor
from web.workload_tiles import draw_workload

actor = current_actor()
with reading() as session:
    own = organisations.list_own(session, actor)
    waiting = workload.of_employer(session, actor)

if waiting and any(organisation.status is OrganisationStatus.APPROVED for organisation in own):
    draw_workload(waiting)
for organisation in own:
    draw_organisation(actor, organisation)
if not own:
    st.caption(_("您的账号没有管理任何单位。"))
