"""The gate: every request passes here before Streamlit or a route of ours sees it."""

import hashlib
import secrets
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db import reading
from db.settings import settings
from services import sessions
from services.permissions import Actor
from web import uploads
from web.addresses import Visit, is_document
from web.cookies import browser_cookie, session_cookie
from web.incidents import report
from web.messages import only_for_pages
from web.origin import client_address, may_come_in, same_site
from web.page_shell import incident_page, not_found_page, page_shell
from web.request_log import RequestLog
from web.run_log import note_actor
from web.security_headers import add_security_headers
from web.session import ADDRESS_HEADER, SESSION_HEADER

MEDIA_PREFIX = "/media/"
# What Streamlit offers besides the application: figures about it, a remote control, component frames.
HIDDEN_PREFIXES = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check", "/component/")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BROWSER_SECONDS = 400 * 24 * 3600


class SecurityHeaders:
    """An ASGI middleware around all others: what they refuse, and what breaks in them, carries the headers too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_security_headers(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, add)


class Gate:
    """An ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not may_come_in(scope) or not same_site(Headers(scope=scope), required=True):
            await send({"type": "websocket.close", "code": 1008})  # before the handshake: answered with 403
            return
        _identify(scope, await _actor(scope))
        await self.app(scope, only_for_pages(receive), send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._own_answer(scope)
        if response is not None:
            await response(scope, receive, send)
            return
        _identify(scope, None)
        await self.app(scope, receive, _uncached(send) if scope["path"].startswith(MEDIA_PREFIX) else send)

    async def _own_answer(self, scope: Scope) -> Response | None:
        """What the gate answers itself: refusals, redirects, and the first visit of a browser."""
        path, method, headers = scope["path"], scope["method"], Headers(scope=scope)
        if not may_come_in(scope):
            return _plain(HTTPStatus.FORBIDDEN)
        if path.startswith(HIDDEN_PREFIXES):
            return _plain(HTTPStatus.NOT_FOUND)
        if not same_site(headers, required=False) and method not in SAFE_METHODS:
            return _plain(HTTPStatus.FORBIDDEN)
        if path.startswith(uploads.UPLOAD_PREFIX) and method != "OPTIONS":
            status = uploads.refusal(Request(scope), await _actor(scope))
            return None if status is None else _plain(status)
        if path.startswith(MEDIA_PREFIX) and not _known_browser(scope):
            return _plain(HTTPStatus.NOT_FOUND)
        if is_document(method, path):
            return await _document(scope)
        return None


async def _document(scope: Scope) -> Response:
    """A page is opened by its address: led elsewhere, shown, or not found."""
    connection = HTTPConnection(scope)
    visit = Visit(await _actor(scope), scope["path"], connection.query_params)
    if (target := visit.redirect()) is not None:
        response: Response = RedirectResponse(target, HTTPStatus.SEE_OTHER)
    elif visit.exists():
        response = HTMLResponse(page_shell(visit.language))
    else:
        response = HTMLResponse(not_found_page(), HTTPStatus.NOT_FOUND)
    response.headers["Cache-Control"] = "no-store"  # after the sign-out, "back" must not bring a page up again
    if not _known_browser(scope):
        _mark_browser(response)
    return response


def _mark_browser(response: Response) -> None:
    """Tells this browser from others before anybody is signed in: a ticket works only where its password was typed."""
    response.set_cookie(
        browser_cookie(),
        secrets.token_urlsafe(32),
        max_age=BROWSER_SECONDS,
        secure=settings().secure_cookies,
        httponly=True,
        samesite="lax",
    )


def _known_browser(scope: Scope) -> bool:
    return bool(HTTPConnection(scope).cookies.get(browser_cookie()))


def _identify(scope: Scope, actor: Actor | None) -> None:
    """What a client says in our private headers is removed; Streamlit learns from them whom a session belongs to."""
    ours = {ADDRESS_HEADER.encode(), SESSION_HEADER.encode()}
    scope["headers"] = [
        *((name, value) for name, value in scope["headers"] if name.lower() not in ours),
        (ADDRESS_HEADER.encode(), client_address(scope).encode()),
        (SESSION_HEADER.encode(), _identity(scope, actor).encode()),
    ]


def _identity(scope: Scope, actor: Actor | None) -> str:
    if actor is not None:
        return f"session {actor.session_id}"
    mark = HTTPConnection(scope).cookies.get(browser_cookie(), "")
    return f"browser {hashlib.sha256(mark.encode()).hexdigest()}"


async def _actor(scope: Scope) -> Actor | None:
    token = HTTPConnection(scope).cookies.get(session_cookie(), "")
    return await run_in_threadpool(_resolve, token, client_address(scope)) if token else None


def _resolve(token: str, address: str) -> Actor | None:
    with reading() as session:
        actor = sessions.resolve(session, token, address)
    note_actor(actor)
    return actor


def _plain(status: HTTPStatus) -> Response:
    return PlainTextResponse(status.phrase, status)


def _uncached(send: Send) -> Send:
    """A picture or a download of one user must not wait in a cache for the next."""

    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Cache-Control"] = "no-store"
        await send(message)

    return add


def answer_incident(connection: HTTPConnection, error: Exception) -> Response | None:
    """Otherwise the server would write the error into its log with all that it quotes."""
    page = incident_page(report(error))
    if connection.scope["type"] == "websocket":
        return None  # the server ends the connection
    return HTMLResponse(page, HTTPStatus.INTERNAL_SERVER_ERROR, {"Cache-Control": "no-store"})


MIDDLEWARE = [
    Middleware(RequestLog),
    Middleware(SecurityHeaders),
    Middleware(ExceptionMiddleware, handlers={Exception: answer_incident}),  # type: ignore[dict-item]  # of both kinds
    Middleware(Gate),
]
