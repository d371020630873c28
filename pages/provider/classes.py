"""The classes of a provider: the list, and one class from its plan to its end."""

import streamlit as st

from db import reading
from db.classes import ClassStatus
from services import classes
from services.errors import DomainError
from web import class_list, filters
from web.class_actions import draw_actions, draw_amendment, draw_files_of
from web.class_editor import draw_draft, draw_new, show_list
from web.class_view import draw_heading, draw_particulars, draw_sessions, draw_steps
from web.command import refuse
from web.filters import CLASS
from web.i18n import _
from web.session import current_actor

actor = current_actor()
is_new, named = st.query_params.get(CLASS) == class_list.NEW, filters.number(CLASS)
status, text, after = filters.choice(filters.STATUS, list(ClassStatus)), filters.text(), filters.after()

if (is_new or named) and st.button(_("返回列表"), icon=":material/arrow_back:", type="tertiary"):
    show_list()
    st.rerun()
try:
    with reading() as session:
        if is_new:
            providers = classes.list_providers(session, actor)
        elif named:
            opened = classes.get_own(session, actor, named)
        else:
            counts = classes.counts_own(session, actor)
            listed = classes.list_own(session, actor, status=status, text=text, after_id=after)
except DomainError as refusal:
    refuse(refusal)
    st.stop()

if is_new:
    draw_new(actor, providers)
elif named:
    draw_heading(opened)
    if opened.status is ClassStatus.DRAFT:
        draw_draft(actor, opened)
    else:
        draw_actions(actor, opened)
        draw_particulars(opened)
        draw_sessions(opened)
        draw_files_of(actor, opened)
        draw_amendment(actor, opened)
    draw_steps(opened)
else:
    class_list.draw(listed, counts, status)
