"""What runs for each browser, before its page: who is there, which pages there are, and the frame around them."""

import streamlit as st

from db.settings import settings
from web.command import announce
from web.frame import draw_sidebar, draw_top_bar, heartbeat
from web.navigation import pages_for
from web.page_shell import ICON
from web.session import drawing_for, welcome

# Before the navigation: the page's own icon would otherwise be fetched from a font host on the internet.
st.set_page_config(page_icon=ICON)
actor = welcome()
page = st.navigation(pages_for(actor), position="sidebar" if actor else "hidden", expanded=True)
st.set_page_config(
    page_title=f"{page.title} · {settings().title}",
    layout="wide" if actor else "centered",
)

with drawing_for(actor):
    if actor:
        draw_sidebar(actor)
        heartbeat()
    else:
        draw_top_bar()
    st.title(page.title, anchor=False)
    announce()
    page.run()
