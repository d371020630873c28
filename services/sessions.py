"""Signed-in browsers: from the ticket to the token, and who a token stands for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from services.errors import N_, DomainError
from services.permissions import Actor


class TicketRefused(DomainError):
    message = N_("登录已超时，请重新登录。")


@dataclass(frozen=True, slots=True)
class SignedInDevice:
    """A browser in which the account is signed in; `current` is the one that asks."""

    session_id: int
    device: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    remembered: bool
    current: bool


def redeem(session: Session, ticket: str, *, browser: str, device: str, address: str, old_token: str = "") -> str:
    """The token for the cookie. `device` is the browser's User-Agent; the session of `old_token` ends.

    Raises TicketRefused for a ticket that is unknown, used, older than 60 seconds or of another browser.
    """
    raise NotImplementedError


def resolve(session: Session, token: str, address: str = "") -> Actor | None:
    """The actor a token stands for at this moment, in one query; nobody when the session has ended."""
    raise NotImplementedError


def needs_touch(actor: Actor) -> bool:
    """Whether the activity of this session is due to be written down (once a minute)."""
    raise NotImplementedError


def touch(session: Session, actor: Actor) -> None:
    """Write down that the user did something; never called by the heartbeat."""
    raise NotImplementedError


def sign_out(session: Session, actor: Actor) -> None:
    """End the session that the actor uses."""
    raise NotImplementedError


def sign_out_others(session: Session, actor: Actor) -> int:
    """End every other session of the account; how many there were."""
    raise NotImplementedError


def end_session(session: Session, actor: Actor, session_id: int) -> None:
    """End one session of the own account. Raises NotFound for any other."""
    raise NotImplementedError


def list_sessions(session: Session, actor: Actor) -> Sequence[SignedInDevice]:
    """The living sessions of the own account, the last used first."""
    raise NotImplementedError
