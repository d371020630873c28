"""What a professional says about himself, and the employer he asks to confirm it."""

import streamlit as st

from db import reading
from services import binding_steps, bindings, people
from web.binding_card import draw_coming, draw_current, draw_history, draw_refusal
from web.command import command
from web.employer_choice import choose_employer
from web.i18n import _
from web.profile_form import draw_identity, draw_profile_form
from web.session import current_actor
from web.transfer_form import draw_transfer

actor = current_actor()
with reading() as session:
    person = people.own_profile(session, actor)
current = people.find_binding(person, binding_steps.ACTIVE)
coming = people.find_binding(person, binding_steps.COMING)

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
    draw_refusal(person)
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
                people.update_profile(session, actor, profile)
                bindings.request(session, actor, employer_id or 0)
    draw_history(person)
