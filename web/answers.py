"""What all routes have in common: who asks, and the answers that say nothing."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from db import reading
from services import sessions
from services.permissions import Actor
from web.cookies import session_cookie
from web.origin import client_address
from web.run_log import note_actor


def actor_of(request: Request) -> Actor | None:
    token = request.cookies.get(session_cookie(), "")
    if not token:
        return None
    with reading() as session:
        actor = sessions.resolve(session, token, client_address(request.scope))
    note_actor(actor)
    return actor


def not_found() -> Response:
    return PlainTextResponse("Not Found", HTTPStatus.NOT_FOUND, {"Cache-Control": "no-store"})


def see_other(url: str) -> Response:
    return RedirectResponse(url, HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})


def asked_by_us(request: Request) -> bool:
    """A link on a page of ours, or an address that somebody typed."""
    return request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
