"""What we rely on without a promise from its makers: these fail when an upgrade changes it."""

import inspect
import re

import pytest
from starlette.datastructures import Headers
from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.metrics_util import Installation
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette.starlette_websocket import gather_user_info
from streamlit_authenticator import Authenticate  # type: ignore[import-untyped]  # comes without types
from streamlit_authenticator.utilities import Encryptor, Helpers  # type: ignore[import-untyped]  # comes without types

from web import page_shell, security_headers
from web.session import SESSION_HEADER

pytestmark = pytest.mark.no_database
PARTS = ['<html lang="en">', "<title>Streamlit</title>", 'href="./favicon.png"', "service-desc", "<noscript>"]


def test_the_login_form_takes_the_words_and_the_captcha_that_we_hand_it() -> None:
    parameters = inspect.signature(Authenticate.login).parameters
    assert {"fields", "captcha", "key", "location"} <= set(parameters)
    assert "login_sleep_time" in inspect.getsource(Authenticate.login)
    assert "authentication_controller.login(username, password," in inspect.getsource(Authenticate.login)


def test_the_captcha_that_is_drawn_is_the_one_that_was_laid_ready() -> None:
    def page() -> None:
        import streamlit as st
        from streamlit_authenticator.utilities import Encryptor, Helpers

        st.session_state["login_captcha"] = Encryptor("key").encrypt("7QXMD")
        Helpers.generate_captcha("login_captcha", "key")
        st.text(Encryptor("key").decrypt(st.session_state["login_captcha"]))

    assert AppTest.from_function(page).run().text[0].value == "7QXMD"
    assert "'login_captcha'" in inspect.getsource(Authenticate.login)
    assert callable(Helpers.generate_captcha)
    assert Encryptor("key").decrypt(Encryptor("key").encrypt("x")) == "x"


def test_the_browser_can_be_sent_elsewhere() -> None:
    message = ForwardMsg()
    message.auth_redirect.url = "/session/start"
    assert message.WhichOneof("type") == "auth_redirect"


def test_the_private_header_becomes_the_identity_of_a_streamlit_session() -> None:
    config.get_config_options(force_reparse=True)
    info = gather_user_info(Headers({SESSION_HEADER: "session 7"}))
    assert info == {"session": "session 7"}


def test_a_connection_can_be_asked_for_the_cookies_it_was_opened_with() -> None:
    assert list(inspect.signature(Runtime.get_client).parameters) == ["self", "session_id"]


def test_the_index_page_has_the_one_inline_script_that_the_policy_allows() -> None:
    page = security_headers.INDEX.read_text(encoding="utf-8")
    inline = re.findall(r"<script(?![^>]*src=)[^>]*>", page)
    assert inline == ["<script>"]
    assert security_headers.content_security_policy().count("'sha256-") == 2  # and ours
    assert page_shell.page_shell().count("<script>") == 2


def test_what_a_process_says_about_its_installation_can_be_set() -> None:
    installation = Installation()
    installation.installation_id_v3 = "the same on all machines"
    assert installation.installation_id == "the same on all machines"


@pytest.mark.parametrize("part", PARTS)
def test_the_index_page_has_the_parts_that_we_put_our_own_in_place_of(part: str) -> None:
    assert part in security_headers.INDEX.read_text(encoding="utf-8")
    assert part not in page_shell.page_shell() or part == "<noscript>"
