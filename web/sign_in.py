"""The login form of streamlit-authenticator over accounts of ours, one at a time.

Kept: the form, the captcha's picture and encryption, LoginError. Replaced: the dictionary of all accounts, the lockout
kept in it, the life of a captcha, the cookie that scripts can read, and the logout that leaves the cookie valid.
"""

from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit_authenticator import Authenticate  # type: ignore[import-untyped]  # comes without types
from streamlit_authenticator.utilities import LoginError  # type: ignore[import-untyped]  # comes without types

from db import transaction
from db.settings import settings
from services import sign_in
from services.errors import DomainError
from web import captchas
from web.i18n import _, explain
from web.redirect import redirect
from web.session import SESSION_START, browser_mark, client_address

__all__ = ["LoginError", "SignIn"]

FORM = "login"  # the library looks for the answer under "login_captcha"


class SignIn(Authenticate):  # type: ignore[misc]  # the library comes without types
    """Draws the form; the base class's constructor would read every account and start a cookie component."""

    def __init__(self, *, remember: bool, totp_code: str) -> None:
        self.attrs = {"login_sleep_time": 0}
        self.path = None
        self.secret_key = settings().secret_key
        self.cookie_controller = NoCookie()
        self.authentication_controller = OneAccount(remember, totp_code)

    def draw(self, fields: dict[str, str]) -> None:
        """Raises LoginError with the sentence for the user."""
        captchas.prepare(FORM)
        # The form gives its fields no keys: a new picture gets an empty field by another label, one blank longer. None
        # comes back, because the browser would fill a field it remembers with what was typed then.
        label = fields["Captcha"] + " " * captchas.serial(FORM)
        self.login(fields={**fields, "Captcha": label}, captcha=True, key=FORM)


class NoCookie:
    """The session's cookie is set by a route, out of reach for scripts."""

    def get_cookie(self) -> None:
        return None


class OneAccount:
    """What the form calls with the user's input."""

    def __init__(self, remember: bool, totp_code: str) -> None:
        self.remember = remember
        self.totp_code = totp_code

    def login(self, username: str, password: str, *_rest: Any, entered_captcha: str, **_options: Any) -> bool:
        """Always False: this connection stays a stranger's, the next one carries the cookie."""
        if not captchas.consume(FORM, entered_captcha):
            raise LoginError(_(captchas.REFUSAL))
        try:
            ticket = self._ticket(username, password)
        except DomainError as refusal:
            raise LoginError(explain(refusal)) from None
        redirect(f"{SESSION_START}?{urlencode({'ticket': ticket, 'next': st.query_params.get('next', '')})}")
        return False

    def _ticket(self, username: str, password: str) -> str:
        address, browser = client_address(), browser_mark()
        with transaction() as session:
            candidate = sign_in.begin(session, username, address=address)
        verified = sign_in.verify(candidate, password)
        with transaction() as session:
            return sign_in.finish(
                session, candidate, verified, browser=browser, remember=self.remember, totp_code=self.totp_code
            )
