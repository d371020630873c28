"""The application: Streamlit's pages behind our own routes and gate. Started by `streamlit run Home.py`."""

import streamlit as st

from web.incidents import show_incident
from web.lifespan import lifespan
from web.middleware import MIDDLEWARE
from web.routes import ROUTES

app = st.App(
    "web/router.py",
    routes=ROUTES,
    middleware=MIDDLEWARE,
    lifespan=lifespan,
    on_script_error=show_incident,
)
