"""Who tries what he may not do, or reaches for what is not his, leaves a trace in the event log."""

from traceback import walk_tb
from types import FrameType

from db import transaction
from services import refusals
from services.errors import DomainError
from services.permissions import Actor
from web.session import drawing, signed_in


def note(refusal: DomainError) -> None:
    """Of whoever has just clicked, when the transaction that was refused is over."""
    if refusals.is_noted(refusal) and (actor := drawing() or signed_in()):
        note_of(actor, refusal)


def note_of(actor: Actor, refusal: DomainError) -> None:
    if refusals.is_noted(refusal):
        tried, number = _tried(refusal)
        with transaction() as session:
            refusals.note(session, actor, type(refusal).__name__, tried, number)


def _tried(refusal: DomainError) -> tuple[str, int | None]:
    """The service that was called, and the number of what it was called for: the refusal has come by them."""
    frames = (frame for frame, _line in walk_tb(refusal.__traceback__))
    service = next(filter(_is_service, frames), None)
    if service is None:
        return "", None
    arguments = service.f_code.co_varnames[: service.f_code.co_argcount + service.f_code.co_kwonlyargcount]
    numbers = (service.f_locals.get(name) for name in arguments if name.endswith("_id"))
    module = service.f_globals["__name__"].removeprefix("services.")
    return f"{module}.{service.f_code.co_name}", next((each for each in numbers if isinstance(each, int)), None)


def _is_service(frame: FrameType) -> bool:
    """One that a page may call, and no step within it."""
    name = frame.f_code.co_name
    return frame.f_globals.get("__name__", "").startswith("services.") and name[0] not in {"_", "<"}
