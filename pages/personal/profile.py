"""What a professional says about himself, and the employer he asks to confirm it."""

import streamlit as st

from db import reading
from services import people
from web.command import command
from web.employer_choice import choose_employer, draw_binding, draw_history, draw_refusal
from web.i18n import _
from web.profile_form import draw_identity, draw_profile_form
from web.session import current_actor

actor = current_actor()
with reading() as session:
    person = people.own_profile(session, actor)
binding = people.current_binding(person)

with st.container(width=820):
    st.subheader(_("基本信息"), anchor=False)
    if draw_identity(person):
        with command(_("已显示完整的证件号码，本次查看已记入日志"), stay=True) as session:
            number = people.reveal_own_id_number(session, actor)
        st.code(number, language=None)
    profile = draw_profile_form(person)
    if st.button(_("保存"), icon=":material/save:"):
        with command(_("基本信息已保存")) as session:
            people.update_profile(session, actor, profile)

    st.subheader(_("工作单位"), anchor=False)
    if binding is None:
        draw_refusal(person)
        employer_id = choose_employer(actor)
        if st.button(_("提交"), type="primary", icon=":material/send:", disabled=employer_id is None, key="submit"):
            with command(_("已提交，请等待单位确认")) as session:
                people.update_profile(session, actor, profile)
                people.request_binding(session, actor, employer_id or 0)
    elif draw_binding(binding):
        with command(_("已撤回，可以重新选择单位")) as session:
            people.withdraw_request(session, actor, binding.id)
    draw_history(person)
