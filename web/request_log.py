"""The outermost gate: each request gets a number, and those that do something for somebody a line in the log."""

from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web import uploads
from web.addresses import is_document
from web.routes import ROUTES
from web.run_log import running


class RequestLog:
    """An ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        with running(scope["type"], _name(scope)) as run:

            async def watch(message: Message) -> None:
                if message["type"] == "http.response.start":
                    run.status = message["status"]
                await send(message)

            await self.app(scope, receive, watch)


def _name(scope: Scope) -> str:
    """Without what stands in the address; nothing for Streamlit's own files, pictures and channel."""
    if scope["type"] != "http" or scope["path"].startswith("/health/"):
        return ""
    if scope["path"].startswith(uploads.UPLOAD_PREFIX):
        return "upload"
    ours = next((route.path for route in ROUTES if route.matches(scope)[0] is Match.FULL), "")
    return ours or ("document" if is_document(scope["method"], scope["path"]) else "")
