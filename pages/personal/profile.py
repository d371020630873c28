"""What a professional says about himself, and the employer he asks to confirm it."""

import streamlit as st

from db import reading
from db.profile_changes import ProfilePart
from services import (
    binding_steps,
    bindings,
    identity_changes,
    people,
    profile_changes,
    profile_drafts,
    qualifications,
)
from web.binding_card import draw_coming, draw_current, draw_history, draw_refusal
from web.command import command
from web.contact_form import draw_contact_form
from web.employer_choice import choose_employer
from web.i18n import _
from web.identity_card import draw_identity
from web.profile_card import draw_profile
from web.session import current_actor
from web.transfer_form import draw_transfer

actor = current_actor()
with reading() as session:
    person = people.own_profile(session, actor)
    corrections = identity_changes.own_changes(session, actor)
    change = profile_changes.own_change(session, actor)
    entries = qualifications.list_entries(session, actor, person.id)
current = people.find_binding(person, binding_steps.ACTIVE)
coming = people.find_binding(person, binding_steps.COMING)

with st.container(width=820):
    st.header(_("基本信息"), anchor=False)
    draw_identity(actor, person, corrections)
    contact = draw_contact_form(person)
    if st.button(_("保存"), icon=":material/save:"):
        with command(_("基本信息已保存")) as session:
            people.update_profile(session, actor, contact)

    st.header(_("任职、职称、学历与资格"), anchor=False)
    work = draw_profile(actor, person, entries, change)

    st.header(_("工作单位"), anchor=False)
    draw_refusal(person, is_employed=current is not None)
    if current:
        draw_current(current)
    if coming:
        draw_coming(actor, coming)
    elif current:
        draw_transfer(actor, current)
    else:
        st.markdown(_("先选择单位所在的行政区划，再从名单中选择单位，最后点击“提交”，由单位确认。"))
        employer_id = choose_employer(actor)
        if st.button(_("提交"), type="primary", icon=":material/send:", disabled=employer_id is None, key="submit"):
            with command(_("已提交，请等待单位确认")) as session:
                people.update_profile(session, actor, contact)
                if work is not None:
                    profile_drafts.put(session, actor, ProfilePart.WORK, work, entry_id=person.id)
                bindings.request(session, actor, employer_id or 0)
    draw_history(person)
