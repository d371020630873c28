"""What is answered over plain HTTP: the session's cookie, downloads, verification for machines, and readiness."""

from dataclasses import asdict
from http import HTTPStatus

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from db import migrate, reading, transaction
from db.accounts import AuthSession
from db.settings import settings
from services import sessions, verification
from services.errors import DomainError
from services.throttle import TooManyAttempts
from web import file_routes
from web.addresses import safe_next
from web.answers import actor_of, asked_by_us, see_other
from web.cookies import browser_cookie, session_cookie
from web.origin import client_address
from web.session import SESSION_END, SESSION_START

REMEMBERED_SECONDS = int(sessions.REMEMBERED_LIFE.total_seconds())


def start_session(request: Request) -> Response:
    """A ticket becomes the cookie. Only a page of ours may lead here: the ticket is bound to this very browser."""
    if not asked_by_us(request):
        return _to_login("refused")
    try:
        with transaction() as session:
            token = _redeem(session, request)
            remembered = _is_remembered(session, token)
    except DomainError:
        return _to_login("refused")
    response = see_other(safe_next(request.query_params.get("next", "")))
    response.set_cookie(
        session_cookie(),
        token,
        max_age=REMEMBERED_SECONDS if remembered else None,  # without it the browser forgets when it is closed
        secure=settings().secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return response


def _redeem(session: Session, request: Request) -> str:
    return sessions.redeem(
        session,
        request.query_params.get("ticket", ""),
        browser=request.cookies.get(browser_cookie(), ""),
        device=request.headers.get("user-agent", ""),
        address=client_address(request.scope),
        old_token=request.cookies.get(session_cookie(), ""),
    )


def _is_remembered(session: Session, token: str) -> bool:
    actor = sessions.resolve(session, token)
    return actor is not None and session.get_one(AuthSession, actor.session_id).remembered


def end_session(request: Request) -> Response:
    """Takes the cookie of a dead session away; one that still lives is not ended by a mere link."""
    if actor_of(request) is not None:
        return see_other("/")
    response = _to_login("closed" if "closed" in request.query_params else "ended")
    response.delete_cookie(session_cookie(), secure=settings().secure_cookies, httponly=True, samesite="lax")
    return response


def verify_certificate(request: Request) -> Response:
    """What the page 证书验证 says, for machines."""
    wanted = request.query_params.get("code", "")
    try:
        with transaction() as session:
            found = verification.verify(session, wanted, address=client_address(request.scope))
    except TooManyAttempts as refusal:
        return _json({"found": False, "message": str(refusal)}, HTTPStatus.TOO_MANY_REQUESTS)
    except DomainError as refusal:
        return _json({"found": False, "message": str(refusal)}, HTTPStatus.NOT_FOUND)
    return _json({"found": True, **_public(found)})


def _public(found: verification.Finding) -> dict[str, object]:
    hours = {line.category: {"required": str(line.required), "earned": str(line.earned)} for line in found.hours}
    days = {"issued_on": found.issued_on.isoformat(), "ended_at": found.ended_at and found.ended_at.isoformat()}
    return {**asdict(found), "hours": hours, **days}


def live(_request: Request) -> Response:
    return PlainTextResponse("ok")


def ready(_request: Request) -> Response:
    """Whether this process can serve: its database answers and has the newest tables."""
    try:
        with reading() as session:
            session.execute(text("SELECT 1"))
        is_ready = migrate.is_current()
    except SQLAlchemyError:
        is_ready = False
    return PlainTextResponse(*(("ready", HTTPStatus.OK) if is_ready else ("not ready", HTTPStatus.SERVICE_UNAVAILABLE)))


def _json(content: dict[str, object], status: HTTPStatus = HTTPStatus.OK) -> Response:
    return JSONResponse(content, status, {"Cache-Control": "no-store"})


def _to_login(notice: str) -> Response:
    return see_other(f"/?notice={notice}")


ROUTES = [
    Route(SESSION_START, start_session),
    Route(SESSION_END, end_session),
    *file_routes.ROUTES,
    Route("/verify.json", verify_certificate),
    Route("/health/live", live),
    Route("/health/ready", ready),
]
