"""What is answered over plain HTTP: the session's cookie, downloads, verification for machines, and readiness."""

from dataclasses import asdict
from http import HTTPStatus
from urllib.parse import quote

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from db import migrate, reading, transaction
from db.accounts import AuthSession
from db.settings import settings
from services import certificates, evidence, personal_archive, previews, sessions, verification, workbooks
from services.errors import DomainError
from services.permissions import Actor
from services.sessions import NotConfirmed
from services.throttle import TooManyAttempts
from web import own_archive
from web.addresses import safe_next
from web.cookies import browser_cookie, session_cookie
from web.exports import EXPORTS
from web.i18n import explain, speaking
from web.origin import client_address
from web.session import SESSION_END, SESSION_START

REMEMBERED_SECONDS = int(sessions.REMEMBERED_LIFE.total_seconds())
DOWNLOAD_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
# A picture or PDF beside the reviewer's decision; no sandbox, in which no browser shows a PDF.
INLINE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}


def start_session(request: Request) -> Response:
    """A ticket becomes the cookie. Only a page of ours may lead here: the ticket is bound to this very browser."""
    if not _asked_by_us(request):
        return _to_login("refused")
    try:
        with transaction() as session:
            token = _redeem(session, request)
            remembered = _is_remembered(session, token)
    except DomainError:
        return _to_login("refused")
    response = _see_other(safe_next(request.query_params.get("next", "")))
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
    if _actor(request) is not None:
        return _see_other("/")
    response = _to_login("ended")
    response.delete_cookie(session_cookie(), secure=settings().secure_cookies, httponly=True, samesite="lax")
    return response


def evidence_file(request: Request) -> Response:
    actor = _actor(request)
    if actor is None:
        return _not_found()
    try:
        with transaction() as session:
            found, content = evidence.read(session, actor, request.path_params["evidence_id"])
    except DomainError:
        return _not_found()
    inline = request.path_params.get("how") == "inline"
    return _file(content, found.media_type, found.file_name, inline=inline)


def evidence_page(request: Request) -> Response:
    """One page of a file as a picture, for the same readers as the file."""
    actor = _actor(request)
    if actor is None:
        return _not_found()
    try:
        with transaction() as session:
            found, content = evidence.read(session, actor, request.path_params["evidence_id"])
        # Drawn when the transaction is over, because on SQLite all other writers wait for its end.
        picture = previews.page_image(content, found.media_type, request.path_params["page"])
    except DomainError:
        return _not_found()
    return Response(picture, media_type="image/png", headers=DOWNLOAD_HEADERS)


def certificate_file(request: Request) -> Response:
    actor = _actor(request)
    if actor is None:
        return _not_found()
    try:
        with transaction() as session:
            found, content = certificates.read_pdf(session, actor, request.path_params["certificate_id"])
    except DomainError:
        return _not_found()
    return _file(content, "application/pdf", f"{found.number}.pdf")


def exported(request: Request) -> Response:
    """A file that is made for whoever asks: what may be in it is decided by the services behind the export."""
    actor, export = _actor(request), EXPORTS.get(request.path_params["name"])
    if actor is None or export is None or not _asked_by_us(request):
        return _not_found()
    try:
        with speaking(actor.language):
            made = export(actor, request.query_params)
    except DomainError:
        return _not_found()
    return _file(made.content, workbooks.MEDIA_TYPE, made.file_name)


def own_data(request: Request) -> Response:
    """Everything about whoever has just given his password once more, sent as it is packed."""
    actor = _actor(request)
    if actor is None or not _asked_by_us(request):
        return _not_found()
    with speaking(actor.language):
        try:
            with transaction() as session:
                personal_archive.begin(session, actor)
        except NotConfirmed:
            return _see_other("/account-security")
        except TooManyAttempts as refusal:
            return PlainTextResponse(explain(refusal), HTTPStatus.TOO_MANY_REQUESTS, {"Cache-Control": "no-store"})
        except DomainError:
            return _not_found()
        with reading() as session:
            contents = personal_archive.collect(session, actor)
        name, explanation = own_archive.file_name(contents), own_archive.explanation()
    archive = personal_archive.stream(contents, explanation)
    return StreamingResponse(archive, media_type="application/zip", headers=_headers(name))


def _asked_by_us(request: Request) -> bool:
    """A link on a page of ours, or an address that somebody typed."""
    return request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}


def _file(content: bytes, media_type: str, name: str, *, inline: bool = False) -> Response:
    return Response(content, media_type=media_type, headers=_headers(name, inline=inline))


def _headers(name: str, *, inline: bool = False) -> dict[str, str]:
    disposition = f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}"
    return {**(INLINE_HEADERS if inline else DOWNLOAD_HEADERS), "Content-Disposition": disposition}


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
    return {**asdict(found), "hours": hours, "issued_on": found.issued_on.isoformat()}


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


def _actor(request: Request) -> Actor | None:
    token = request.cookies.get(session_cookie(), "")
    if not token:
        return None
    with reading() as session:
        return sessions.resolve(session, token, client_address(request.scope))


def _json(content: dict[str, object], status: HTTPStatus = HTTPStatus.OK) -> Response:
    return JSONResponse(content, status, {"Cache-Control": "no-store"})


def _nothing_there(_request: Request) -> Response:
    """Instead of the index page that Streamlit answers with wherever it has no file."""
    return _not_found()


def _not_found() -> Response:
    return PlainTextResponse("Not Found", HTTPStatus.NOT_FOUND, {"Cache-Control": "no-store"})


def _to_login(notice: str) -> Response:
    return _see_other(f"/?notice={notice}")


def _see_other(url: str) -> Response:
    return RedirectResponse(url, HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})


class NumberConvertor(Convertor[int]):
    """An id that every database can be asked for; Starlette's own `int` takes any number of digits."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("number", NumberConvertor())

ROUTES = [
    Route(SESSION_START, start_session),
    Route(SESSION_END, end_session),
    Route("/files/{evidence_id:number}", evidence_file),
    Route("/files/{evidence_id:number}/{how}", evidence_file),
    Route("/files/{evidence_id:number}/pages/{page:number}", evidence_page),
    Route("/certificates/{certificate_id:number}", certificate_file),
    Route(own_archive.ADDRESS, own_data),
    Route("/exports/{name}", exported),
    Route("/files/{rest:path}", _nothing_there),
    Route("/certificates/{rest:path}", _nothing_there),
    Route("/exports/{rest:path}", _nothing_there),
    Route("/verify.json", verify_certificate),
    Route("/health/live", live),
    Route("/health/ready", ready),
]
