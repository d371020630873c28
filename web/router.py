"""What runs for each browser, before its page: who is there, which pages there are, and the frame around them."""

import streamlit as st

from db.settings import settings
from web.command import announce
from web.frame import draw_sidebar, draw_top_bar, heartbeat
from web.i18n import _
from web.navigation import in_sections, pages_for
from web.notice_board import draw_notices
from web.page_shell import ICON
from web.run_log import running
from web.session import drawing_for, welcome
from web.to_do import numbers

with running("page") as run:
    # Before the navigation: the page's own icon would otherwise be fetched from a font host on the internet.
    st.set_page_config(page_icon=ICON)
    actor = welcome()
    pages = pages_for(actor, numbers(actor) if actor else {})
    page = st.navigation(in_sections(pages), position="sidebar" if actor else "hidden", expanded=True)
    screen = next(screen for screen, each in pages.items() if each is page)
    run.page = screen.path
    st.set_page_config(
        page_title=f"{_(screen.title)} · {settings().title}",
        layout="wide" if actor else "centered",
    )

    with drawing_for(actor):
        if actor:
            draw_sidebar(actor)
            heartbeat()
        else:
            draw_top_bar()
        st.title(_(screen.title), anchor=False)  # without the number in the menu
        announce()
        if actor and page is next(iter(pages.values())):
            draw_notices(actor)
        page.run()
