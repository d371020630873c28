"""What surrounds every page: the name of the system, the account, the language, the sign-out."""

from datetime import timedelta

import streamlit as st

from db import transaction
from db.settings import settings
from services import accounts, sessions
from services.permissions import Actor, Permission
from web import labels
from web.i18n import LANGUAGES, _, language
from web.logo import logo
from web.session import drawing, leave, signed_in
from web.text import escape_markdown

HEARTBEAT = timedelta(seconds=15)


@st.fragment(run_every=HEARTBEAT)
def heartbeat() -> None:
    """Ends a browser whose session was revoked, without a click; it does not count as the user's activity."""
    if drawing() is None and signed_in() is None:
        leave()


def draw_sidebar(actor: Actor) -> None:
    st.logo(logo(settings().title), size="large")
    with st.sidebar, st.container(border=True, gap="small"):
        st.markdown(f":material/account_circle: **{escape_markdown(actor.name)}**")
        st.caption(" · ".join(labels.word(role) for role in sorted(actor.roles)))
        with st.container(horizontal=True, gap="small"):
            sign_out = st.button(_("退出登录"), icon=":material/logout:", key="sign_out")
            switch = st.button(_other_language(), icon=":material/translate:", key="language_switch", type="tertiary")
    if sign_out:
        with transaction() as session:
            sessions.sign_out(session, actor)
        leave()
    if switch:
        _switch_language(actor)


def draw_top_bar() -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.image(logo(settings().title), width=190, alt=settings().title)
        if st.button(_other_language(), icon=":material/translate:", key="language_switch", type="tertiary"):
            _switch_language(None)


def _other_language() -> str:
    return LANGUAGES[_next_language()]


def _next_language() -> str:
    return next(code for code in LANGUAGES if code != language())


def _switch_language(actor: Actor | None) -> None:
    chosen = _next_language()
    if actor and Permission.ACCOUNT_OWN in actor.permissions:
        with transaction() as session:
            accounts.set_language(session, actor, chosen)
    st.session_state["language"] = chosen
    st.rerun()
