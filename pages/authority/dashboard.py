"""One division or organisation in a year: who has met what, the hours, what waits, and all places below it."""

import streamlit as st

from db import reading
from services.dashboards import NoDashboard
from services.errors import DomainError
from web import dashboard_places, dashboard_reading, dashboard_view, filters
from web.command import refuse
from web.i18n import _, explain
from web.session import current_actor
from web.to_do import draw_to_do

actor = current_actor()
draw_to_do(actor, nothing=_("没有待办事项。"))
wanted, after = dashboard_reading.place(st.query_params), filters.after()
try:
    with reading() as session:
        found = dashboard_reading.read(session, actor, wanted, after)
except NoDashboard as nothing:
    st.info(explain(nothing), icon=":material/hourglass_top:")
    st.stop()
except DomainError as refusal:
    refuse(refusal)
    dashboard_places.draw_own()
    st.stop()

dashboard_places.draw_path(actor, found.overview)
dashboard_view.draw(found)
