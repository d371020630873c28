"""Who will have met the year at its end: by employer, with the people at risk, beside last year's forecast."""

import streamlit as st

from db import reading
from services.errors import DomainError
from web import filters, forecast_reading, forecast_view
from web.command import refuse
from web.session import current_actor

actor = current_actor()
wanted, after = forecast_reading.place(st.query_params), filters.after()
try:
    with reading() as session:
        found = forecast_reading.read(session, actor, wanted, after)
except DomainError as refusal:
    refuse(refusal)
    forecast_view.draw_all()
    st.stop()

forecast_view.draw(actor, found)
