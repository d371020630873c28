"""Streamlit's own protocol spoken from inside a browser, as an attacker would who ignores what the screens offer."""

import base64
import time

from playwright.sync_api import Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.chromium import PATIENCE

CONNECT = """([address, ...protocols]) => new Promise((done, fail) => {
    window.heard = []
    window.talk = new WebSocket(address.replace("http", "ws") + "/_stcore/stream", protocols)
    window.talk.binaryType = "arraybuffer"
    window.talk.onopen = () => done()
    window.talk.onerror = fail
    window.talk.onmessage = event =>
        window.heard.push(btoa(Array.from(new Uint8Array(event.data), byte => String.fromCharCode(byte)).join("")))
})"""
SAY = "frame => window.talk.send(Uint8Array.from(atob(frame), character => character.charCodeAt(0)))"


class Talk:
    """A connection with the cookies of this page's browser; `resuming` is a session that it claims to be."""

    def __init__(self, page: Page, *, resuming: str = "") -> None:
        self.page = page
        page.evaluate(CONNECT, [page.evaluate("location.origin"), "streamlit", "token", *filter(None, [resuming])])

    def run(
        self, *, page_hash: str = "", page_name: str = "", query: str = "", fragment: str = "", pressed: str = ""
    ) -> list[ForwardMsg]:
        """Everything that one run of the script answers with; `pressed` is a button's id."""
        wish = BackMsg()
        wish.rerun_script.page_script_hash, wish.rerun_script.page_name = page_hash, page_name
        wish.rerun_script.query_string, wish.rerun_script.fragment_id = query, fragment
        if pressed:
            wish.rerun_script.widget_states.widgets.add(id=pressed, trigger_value=True)
        self.page.evaluate(SAY, base64.b64encode(wish.SerializeToString()).decode())
        heard = list[ForwardMsg]()
        end = time.monotonic() + PATIENCE / 1000
        while not any(message.WhichOneof("type") == "script_finished" for message in heard):
            assert time.monotonic() < end, "the run does not end"
            heard += map(_decoded, self.page.evaluate("window.heard.splice(0)"))
        return heard


def _decoded(frame: str) -> ForwardMsg:
    message = ForwardMsg()
    message.ParseFromString(base64.b64decode(frame))
    return message


def menu(messages: list[ForwardMsg]) -> dict[str, str]:
    """Addresses and Streamlit's own names of the pages that there are."""
    found = [message.navigation for message in messages if message.WhichOneof("type") == "navigation"]
    return {page.url_pathname: page.page_script_hash for page in found[-1].app_pages} if found else {}


def shown(messages: list[ForwardMsg]) -> set[str]:
    """Streamlit's names of the pages that were drawn."""
    return {message.navigation.page_script_hash for message in messages if message.WhichOneof("type") == "navigation"}


def drawn(messages: list[ForwardMsg]) -> list[Element]:
    return [message.delta.new_element for message in messages if message.delta.WhichOneof("type") == "new_element"]


def fragments(messages: list[ForwardMsg]) -> set[str]:
    return {message.delta.fragment_id for message in messages if message.delta.fragment_id}


def button(messages: list[ForwardMsg], label: str) -> str:
    """The id of a button."""
    return next(str(each.button.id) for each in drawn(messages) if each.button.label == label)


def session_of(messages: list[ForwardMsg]) -> str:
    return next(
        str(message.new_session.initialize.session_id)
        for message in messages
        if message.WhichOneof("type") == "new_session"
    )


def led_to(messages: list[ForwardMsg]) -> list[str]:
    return [message.auth_redirect.url for message in messages if message.WhichOneof("type") == "auth_redirect"]
