"""One's own employer or provider: what it says about itself, and who acts for it."""

import streamlit as st

from db import reading
from db.organisations import OrganisationStatus
from services import organisation_changes, organisation_history, organisations, reviewers
from web.i18n import _
from web.organisation_card import draw_organisation
from web.organisation_change import draw_changes, draw_contact_form, draw_past
from web.organisation_history import draw_history
from web.reviewer_list import draw_reviewers
from web.session import current_actor

actor = current_actor()
with reading() as session:
    own = organisations.list_own(session, actor)
    acting = {each.id: reviewers.of(session, actor, each.id) for each in own}
    changes = {each.id: organisation_changes.list_own(session, actor, each.id) for each in own}
    steps = {each.id: organisation_history.of(session, each) for each in own}

for organisation in own:
    draw_organisation(actor, organisation)
    if organisation.status is OrganisationStatus.APPROVED:
        draw_contact_form(actor, organisation)
        draw_changes(actor, organisation, changes[organisation.id])
    draw_reviewers(actor, organisation, acting[organisation.id])
    draw_past(changes[organisation.id])
    draw_history(steps[organisation.id])
if not own:
    st.caption(_("您的账号没有管理任何单位。"))
