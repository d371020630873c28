"""Files over plain HTTP, each with the rule of its service: whoever it is not for finds nothing there."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http import HTTPStatus
from urllib.parse import quote

from sqlalchemy.orm import Session
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from db import reading, transaction
from db.files import StoredFile
from services import (
    certificates,
    class_files,
    evidence,
    exemptions,
    identity_changes,
    misconduct_files,
    missing_records,
    personal_archive,
    previews,
    stored_files,
)
from services.errors import DomainError
from services.permissions import Actor
from services.sessions import NotConfirmed
from services.throttle import TooManyAttempts
from web import own_archive, refusals
from web.answers import actor_of, asked_by_us, not_found, see_other
from web.download import PDF, ZIP
from web.exports import EXPORTS
from web.i18n import explain, speaking

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

Read = Callable[[Session, Actor, int], tuple[StoredFile, bytes]]


# Where in the address files are, and the service that says who reads them.
READERS: Mapping[str, Read] = {
    "/files": evidence.read,
    "/files/identity": identity_changes.read_file,
    "/files/classes": class_files.read,
    "/files/exemptions": exemptions.read_file,
    "/files/misconduct": misconduct_files.read,
    "/files/missing": missing_records.read_file,
}
# Those that are looked at page by page beside a decision.
PAGED = {"/files", "/files/identity", "/files/missing"}


def _file_read_by(read: Read, request: Request) -> Response:
    actor = actor_of(request)
    if actor is None:
        return not_found()
    inline = request.path_params.get("how") == "inline"
    try:
        with transaction() as session:
            found, content = read(session, actor, request.path_params["file_id"])
            if not inline:
                stored_files.note_download(session, actor, found)
    except DomainError as refusal:
        return _refused(actor, refusal)
    return _file(content, found.media_type, found.file_name, inline=inline)


def _page_read_by(read: Read, request: Request) -> Response:
    """One page of a file as a picture, for the same readers as the file."""
    actor = actor_of(request)
    if actor is None:
        return not_found()
    try:
        with transaction() as session:
            found, content = read(session, actor, request.path_params["file_id"])
        # Drawn when the transaction is over, because on SQLite all other writers wait for its end.
        picture = previews.page_image(content, found.media_type, request.path_params["page"])
    except DomainError as refusal:
        return _refused(actor, refusal)
    return Response(picture, media_type="image/png", headers=DOWNLOAD_HEADERS)


def certificate_file(request: Request) -> Response:
    actor = actor_of(request)
    if actor is None:
        return not_found()
    try:
        with transaction() as session:
            found, content = certificates.read_pdf(session, actor, request.path_params["certificate_id"])
            stored_files.note_download(session, actor, found)
    except DomainError as refusal:
        return _refused(actor, refusal)
    return _file(content, PDF, f"{found.number}.pdf")


def exported(request: Request) -> Response:
    """A file that is made for whoever asks: what may be in it is decided by the services behind the export."""
    actor, export = actor_of(request), EXPORTS.get(request.path_params["name"])
    if actor is None or export is None or not asked_by_us(request):
        return not_found()
    try:
        with speaking(actor.language):
            made = export(actor, request.query_params)
    except DomainError as refusal:
        return _refused(actor, refusal)
    if isinstance(made.content, bytes):
        return _file(made.content, made.media_type, made.file_name)
    return StreamingResponse(made.content, media_type=made.media_type, headers=_headers(made.file_name))


def own_data(request: Request) -> Response:
    """Everything about whoever has just given his password once more, sent as it is packed."""
    actor = actor_of(request)
    if actor is None or not asked_by_us(request):
        return not_found()
    with speaking(actor.language):
        try:
            with transaction() as session:
                personal_archive.begin(session, actor)
        except NotConfirmed:
            return see_other("/account-security")
        except TooManyAttempts as refusal:
            return PlainTextResponse(explain(refusal), HTTPStatus.TOO_MANY_REQUESTS, {"Cache-Control": "no-store"})
        except DomainError as refusal:
            return _refused(actor, refusal)
        with reading() as session:
            contents = personal_archive.collect(session, actor)
        name, explanation = own_archive.file_name(contents), own_archive.explanation()
    archive = personal_archive.stream(contents, explanation)
    return StreamingResponse(archive, media_type=ZIP, headers=_headers(name))


def _refused(actor: Actor, refusal: DomainError) -> Response:
    refusals.note_of(actor, refusal)
    return not_found()


def _file(content: bytes, media_type: str, name: str, *, inline: bool = False) -> Response:
    return Response(content, media_type=media_type, headers=_headers(name, inline=inline))


def _headers(name: str, *, inline: bool = False) -> dict[str, str]:
    disposition = f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}"
    return {**(INLINE_HEADERS if inline else DOWNLOAD_HEADERS), "Content-Disposition": disposition}


def _nothing_there(_request: Request) -> Response:
    """Instead of the index page that Streamlit answers with wherever it has no file."""
    return not_found()


class NumberConvertor(Convertor[int]):
    """An id that every database can be asked for; Starlette's own `int` takes any number of digits."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("number", NumberConvertor())


def _routes(place: str, read: Read) -> Iterator[Route]:
    address = f"{place}/{{file_id:number}}"
    yield Route(address, partial(_file_read_by, read))
    yield Route(f"{address}/{{how}}", partial(_file_read_by, read))
    if place in PAGED:
        yield Route(f"{address}/pages/{{page:number}}", partial(_page_read_by, read))


ROUTES = [
    *(route for place, read in READERS.items() for route in _routes(place, read)),
    Route("/certificates/{certificate_id:number}", certificate_file),
    Route(own_archive.ADDRESS, own_data),
    Route("/exports/{name}", exported),
    Route("/files/{rest:path}", _nothing_there),
    Route("/certificates/{rest:path}", _nothing_there),
    Route("/exports/{rest:path}", _nothing_there),
]
