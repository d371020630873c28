"""The gate and the routes, with a mirror in the place of Streamlit."""

import secrets

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from db import transaction
from db.accounts import Account, AuthSession
from services import sealing, sessions
from services.clock import now
from tests.signing_in import BROWSER
from web.cookies import browser_cookie, session_cookie
from web.middleware import MIDDLEWARE
from web.routes import ROUTES

HOST = "hourbook.test"
STREAM = "/_stcore/stream"


async def _mirror(request: Request) -> Response:
    return JSONResponse(dict(request.headers))


async def _mirror_websocket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json(dict(websocket.headers))
    await websocket.close()


MIRRORS = [
    WebSocketRoute(STREAM, _mirror_websocket),
    Route("/{path:path}", _mirror, methods=["GET", "PUT", "POST"]),
]


def new_client(*, token: str = "", peer: str = "192.0.2.7", host: str = HOST) -> TestClient:
    """A browser at the address `peer`, known to us already, and signed in if it has a token."""
    app = Starlette(routes=[*ROUTES, *MIRRORS], middleware=MIDDLEWARE)
    client = TestClient(app, base_url=f"http://{host}", client=(peer, 50000), follow_redirects=False)
    client.cookies.set(browser_cookie(), BROWSER)
    if token:
        client.cookies.set(session_cookie(), token)
    return client


def token_for(account: Account) -> str:
    """A session that skips the password, which has its own tests."""
    token = secrets.token_urlsafe(32)
    with transaction() as session:
        session.add(
            AuthSession(
                token_hash=sealing.fingerprint(token),
                account_id=account.id,
                created_at=now(),
                last_seen_at=now(),
                expires_at=now() + sessions.LIFE,
                remembered=False,
                device="Firefox",
                address="192.0.2.7",
            )
        )
    return token


def handshake(client: TestClient, **headers: str) -> dict[str, str]:
    """The headers that reach Streamlit when a browser opens its connection from a page of ours."""
    host = client.base_url.host
    with client.websocket_connect(f"ws://{host}{STREAM}", headers={"origin": f"http://{host}", **headers}) as websocket:
        received: dict[str, str] = websocket.receive_json()
        return received
