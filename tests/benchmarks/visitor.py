"""One user who speaks Streamlit's own protocol: he signs in with his password, opens pages, presses buttons.

He does what a browser does that costs the server something, his heartbeat included, and draws nothing.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 60  # seconds
FORM_BUTTON = "登录"


@dataclass
class Answer:
    """What one run of the script sent, and how long it took in seconds."""

    seconds: float
    messages: list[ForwardMsg] = field(default_factory=list)

    @property
    def elements(self) -> list[Element]:
        deltas = [each.delta for each in self.messages if each.WhichOneof("type") == "delta"]
        return [delta.new_element for delta in deltas if delta.WhichOneof("type") == "new_element"]

    def buttons(self, label: str) -> list[str]:
        """The ids of those with this label, whatever blank an icon leaves before it."""
        found = [each.button for each in self.elements if each.WhichOneof("type") == "button"]
        return [button.id for button in found if button.label.strip() == label and not button.disabled]

    def inputs(self) -> Mapping[str, str]:
        """The ids of text fields by their labels."""
        found = [each.text_input for each in self.elements if each.WhichOneof("type") == "text_input"]
        return {each.label.strip(): each.id for each in found}

    @property
    def toasts(self) -> list[str]:
        """What was said about the last click."""
        return [each.toast.body for each in self.elements if each.WhichOneof("type") == "toast"]

    @property
    def led_to(self) -> str:
        return next(
            (each.auth_redirect.url for each in self.messages if each.WhichOneof("type") == "auth_redirect"), ""
        )

    @property
    def menu(self) -> Mapping[str, str]:
        """Streamlit's names of the pages by their addresses."""
        found = [each.navigation for each in self.messages if each.WhichOneof("type") == "navigation"]
        return {page.url_pathname: page.page_script_hash for page in found[-1].app_pages} if found else {}


class Visitor:
    """A browser of its own. Close it, or use it as a context manager."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.page = ""  # Streamlit's name of the page that is open
        self._http = httpx2.AsyncClient(base_url=url, headers={"origin": url}, timeout=PATIENCE)
        self._socket: ClientConnection | None = None
        self._heartbeat, self._every, self._beats_at = "", 0.0, float("inf")

    async def sign_in(self, username: str, password: str, captcha: str) -> Answer:
        """As the login page asks for it; then the home page, which is answered."""
        await self._http.get("/")
        await self.connect()
        form = await self.run()
        typed = {
            form.inputs()[label]: said
            for label, said in (("用户名", username), ("密码", password), ("验证码", captcha))
        }
        entered = await self.run(pressed=form.buttons(FORM_BUTTON)[0], texts=typed)
        if not entered.led_to:
            raise PermissionError(f"{username} was not let in")
        await self.disconnect()
        await self._http.get(entered.led_to)
        await self.connect()
        return await self.run()

    async def enter(self, token: str) -> Answer:
        """As somebody who has signed in before; the page that is home, which is answered."""
        await self._http.get("/")
        self._http.cookies.set("hourbook", token)
        await self.connect()
        return await self.run()

    async def connect(self) -> None:
        cookies = "; ".join(f"{name}={value}" for name, value in self._http.cookies.items())
        address = f"ws://{urlsplit(self.url).netloc}/_stcore/stream"
        self._socket = await connect(
            address,
            additional_headers={"Cookie": cookies, "Origin": self.url},
            subprotocols=["streamlit", "token"],  # type: ignore[list-item]  # plain texts, as the protocol has them
            max_size=None,
            proxy=None,
        )

    async def run(
        self, *, page: str = "", query: str = "", fragment: str = "", pressed: str = "", texts: Mapping[str, str] = {}
    ) -> Answer:
        wish = BackMsg()
        asked = wish.rerun_script
        asked.page_script_hash, asked.query_string, asked.fragment_id = page or self.page, query, fragment
        asked.is_auto_rerun = bool(fragment)
        for name, text in texts.items():
            asked.widget_states.widgets.add(id=name, string_value=text)
        if pressed:
            asked.widget_states.widgets.add(id=pressed, trigger_value=True)
        assert self._socket is not None
        began = time.perf_counter()
        await self._socket.send(wish.SerializeToString())
        answer = Answer(0.0)
        async with asyncio.timeout(PATIENCE):
            while not self._hear(answer, await self._socket.recv()):
                pass
        answer.seconds = time.perf_counter() - began
        return answer

    def _hear(self, answer: Answer, frame: str | bytes) -> bool:
        """Whether the answer is complete: a run that gives way to another one is followed by that."""
        message = ForwardMsg.FromString(frame) if isinstance(frame, bytes) else ForwardMsg()
        answer.messages.append(message)
        kind = message.WhichOneof("type")
        if kind == "auto_rerun":
            self._heartbeat, self._every = message.auto_rerun.fragment_id, message.auto_rerun.interval
            self._beats_at = time.monotonic() + self._every
        elif kind == "navigation":
            self.page = message.navigation.page_script_hash
        return kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN

    async def rest(self, seconds: float) -> int:
        """Read what is on the screen; how often the page asked meanwhile whether the session still lives."""
        until, beats = time.monotonic() + seconds, 0
        while (beat := min(self._beats_at, until)) < until:
            await asyncio.sleep(max(beat - time.monotonic(), 0))
            await self.run(fragment=self._heartbeat)
            self._beats_at, beats = time.monotonic() + self._every, beats + 1
        await asyncio.sleep(max(until - time.monotonic(), 0))
        return beats

    async def disconnect(self) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def close(self) -> None:
        await self.disconnect()
        await self._http.aclose()
