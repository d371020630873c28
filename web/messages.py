"""What a browser may tell Streamlit over its connection: all that draws pages, and nothing meant for developers.

Streamlit answers everybody: asked about the checkout it starts git several times while all other users wait.
"""

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # comes without types
from starlette.types import Message, Receive
from streamlit.proto.BackMsg_pb2 import BackMsg

PASSED = frozenset({"app_heartbeat", "backend_operation_request", "file_urls_request", "rerun_script", "stop_script"})


def only_for_pages(receive: Receive) -> Receive:
    async def passing() -> Message:
        while True:
            message = await receive()
            if message["type"] != "websocket.receive" or _passes(message.get("bytes")):
                return message

    return passing


def _passes(frame: bytes | None) -> bool:
    """What cannot be read is left for Streamlit to refuse, which ends the connection."""
    if frame is None:
        return True
    try:
        return BackMsg.FromString(frame).WhichOneof("type") in PASSED
    except DecodeError:
        return True
