"""Whether the runs that a page asked for are over, as the frames between browser and server tell.

The page itself says that nothing runs until the server has begun with its answer, which takes long on a busy machine.
"""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from playwright.sync_api import Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


@dataclass
class Asking:
    """A page asks for a run; over is one that began afterwards and did not give way to another."""

    is_open: bool = False
    has_begun: bool = False

    def listen(self, socket: WebSocket) -> None:
        self.is_open = False
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes) and BackMsg.FromString(frame).WhichOneof("type") == "rerun_script":
            self.is_open, self.has_begun = True, False

    def _received(self, frame: str | bytes) -> None:
        message = ForwardMsg.FromString(frame) if isinstance(frame, bytes) else ForwardMsg()
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.has_begun = True
        elif kind == "script_finished" and self.has_begun:
            self.is_open = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN


_askings = WeakKeyDictionary[Page, Asking]()


def watch(page: Page) -> None:
    """From before it opens anything."""
    _askings[page] = Asking()
    page.on("websocket", _askings[page].listen)


def are_over(page: Page) -> bool:
    return not _askings[page].is_open
