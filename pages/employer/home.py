"""What waits for the employer, and where its own registration stands."""

import streamlit as st

from db import reading
from db.organisations import OrganisationStatus
from services import organisations, workload
from web.facts import draw_facts
from web.i18n import _
from web.organisation_card import draw_organisation
from web.session import current_actor
from web.times import waited
from web.to_do import draw_to_do

actor = current_actor()
with reading() as session:
    own = organisations.list_own(session, actor)
    figures = workload.of_employer(session, actor)

if any(organisation.status is OrganisationStatus.APPROVED for organisation in own):
    draw_to_do(actor, nothing=_("没有待办事项。有需要处理的事项时，会出现在这里。"))
    if figures:
        draw_facts(
            {
                _("本单位人员"): str(figures.staff),
                _("等待最久的学时"): waited(figures.oldest) if figures.oldest else "—",
            }
        )
for organisation in own:
    draw_organisation(actor, organisation)
if not own:
    st.caption(_("您的账号没有管理任何单位。"))
