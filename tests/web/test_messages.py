"""What a browser may tell Streamlit over its connection."""

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.web.client import HOST, STREAM
from web.messages import PASSED
from web.middleware import MIDDLEWARE

pytestmark = pytest.mark.no_database
FOR_DEVELOPERS = ("load_git_info", "clear_cache", "set_run_on_save", "debug_shutdown_runtime")
UNREADABLE = b"\xff\xff"


async def _echo(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        await websocket.send_bytes(await websocket.receive_bytes())


def arriving(*frames: bytes) -> list[bytes]:
    """What Streamlit hears of these; the last one must be something that passes."""
    app = Starlette(routes=[WebSocketRoute(STREAM, _echo)], middleware=MIDDLEWARE)
    client, heard = TestClient(app), list[bytes]()
    with client.websocket_connect(f"ws://{HOST}{STREAM}", headers={"origin": f"http://{HOST}"}) as websocket:
        for frame in frames:
            websocket.send_bytes(frame)
        while not heard or heard[-1] != frames[-1]:
            heard.append(websocket.receive_bytes())
    return heard


def rerun(page: str) -> bytes:
    message = BackMsg()
    message.rerun_script.page_name = page
    return bytes(message.SerializeToString())


def flag(name: str) -> bytes:
    message = BackMsg()
    setattr(message, name, True)
    return bytes(message.SerializeToString())


@pytest.mark.parametrize("name", FOR_DEVELOPERS)
def test_what_is_meant_for_developers_does_not_arrive(name: str) -> None:
    """Each of these starts programs, empties caches or stops the server, for anybody who asks."""
    assert arriving(flag(name), rerun("verify")) == [rerun("verify")]


def test_what_draws_pages_arrives_in_order() -> None:
    sent = [rerun("verify"), flag("stop_script"), rerun("account-register")]
    assert arriving(*sent) == sent


def test_what_says_nothing_does_not_arrive_and_what_nobody_can_read_is_left_for_streamlit_to_refuse() -> None:
    assert arriving(b"", UNREADABLE) == [UNREADABLE]


def test_everything_that_passes_still_exists() -> None:
    assert set(BackMsg.DESCRIPTOR.fields_by_name) >= PASSED
