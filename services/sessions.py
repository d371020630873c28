"""Signed-in browsers: from the ticket to the token, and who a token stands for."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from db.accounts import Account, AccountStatus, AuthSession, Grant, Role, Ticket
from db.organisations import Organisation, OrganisationStatus
from db.people import Person
from services import sealing, totp
from services.clock import now
from services.errors import N_, DomainError, NotFound
from services.events import record
from services.permissions import Actor, Permission, Scope, require

IDLE = timedelta(minutes=30)
LIFE = timedelta(hours=12)
REMEMBERED_LIFE = timedelta(days=14)
TOUCH_EVERY = timedelta(minutes=1)
CONFIRMED_FOR = timedelta(minutes=5)
LONGEST_DEVICE = 200


class TicketRefused(DomainError):
    message = N_("登录已超时，请重新登录。")


class NotConfirmed(DomainError):
    message = N_("请先再次输入密码。")


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
    account, remember = _use(session, ticket, browser)
    _revoke(session, AuthSession.token_hash == sealing.fingerprint(old_token))
    token = secrets.token_urlsafe(32)
    started = AuthSession(
        token_hash=sealing.fingerprint(token),
        account_id=account.id,
        created_at=now(),
        last_seen_at=now(),
        expires_at=now() + (REMEMBERED_LIFE if remember else LIFE),
        remembered=remember,
        device="".join(filter(str.isprintable, device))[:LONGEST_DEVICE],
        address=address,
    )
    session.add(started)
    session.flush()
    actor = Actor(account.id, account.display_name, username=account.username, address=address)
    record(session, actor, "sign_in", started, after={"device": started.device, "remembered": remember})
    return token


def _use(session: Session, ticket: str, browser: str) -> tuple[Account, bool]:
    """Settled by one UPDATE: of two browsers that bring the same ticket one at most gets in."""
    valid = and_(
        Ticket.ticket_hash == sealing.fingerprint(ticket),
        Ticket.browser_hash == sealing.fingerprint(browser),
        Ticket.used_at.is_(None),
        Ticket.expires_at > now(),
    )
    use = update(Ticket).where(valid).values(used_at=now()).returning(Ticket.account_id, Ticket.remember)
    used = session.execute(use).one_or_none() if browser else None
    account = session.get(Account, used.account_id) if used else None
    if used is None or account is None or account.status is not AccountStatus.ACTIVE:
        raise TicketRefused
    return account, used.remember


def resolve(session: Session, token: str, address: str = "") -> Actor | None:
    """The actor a token stands for at this moment, in one query; nobody when the session has ended."""
    rows = session.execute(_actor_rows(sealing.fingerprint(token))).all()
    return _actor(rows, address) if rows else None


def _actor_rows(token_hash: str) -> Select[Any]:
    """One row for each grant, or a single one without."""
    return (
        select(AuthSession.id.label("session_id"), AuthSession.last_seen_at, Person.id.label("person_id"))
        .add_columns(Account.id, Account.username, Account.display_name, Account.must_change_password)
        .add_columns(Account.language, Account.totp_secret.is_not(None).label("has_totp"))
        .add_columns(Grant.role, Grant.organisation_id, Grant.division, Organisation.status.label("standing"))
        .join(Account, Account.id == AuthSession.account_id)
        .outerjoin(Person, Person.account_id == Account.id)
        .outerjoin(Grant, Grant.account_id == Account.id)
        .outerjoin(Organisation, Organisation.id == Grant.organisation_id)
        .where(AuthSession.token_hash == token_hash, Account.status == AccountStatus.ACTIVE, _alive())
        .order_by(Grant.id)
    )


def _actor(rows: Sequence[Row[Any]], address: str) -> Actor:
    first = rows[0]
    scopes = tuple(_scope(row) for row in rows if row.role is not None)
    return Actor(
        account_id=first.id,
        name=first.display_name,
        username=first.username,
        scopes=scopes,
        person_id=first.person_id,
        session_id=first.session_id,
        must_change_password=first.must_change_password,
        language=first.language,
        address=address,
        must_enrol_totp=not first.has_totp and totp.demanded_of({scope.role for scope in scopes}),
        seen_at=first.last_seen_at,
    )


def _scope(row: Row[Any]) -> Scope:
    return Scope(
        row.role, row.organisation_id, row.division, in_force=row.standing in {None, OrganisationStatus.APPROVED}
    )


def _alive() -> ColumnElement[bool]:
    """Remembered only as long as the account has no role but the professional's."""
    at = now()
    staff = exists().where(Grant.account_id == AuthSession.account_id, Grant.role != Role.PROFESSIONAL)
    short = and_(AuthSession.last_seen_at > at - IDLE, AuthSession.created_at > at - LIFE)
    long = and_(AuthSession.remembered, ~staff.correlate(AuthSession))
    return and_(AuthSession.revoked_at.is_(None), AuthSession.expires_at > at, or_(short, long))


def needs_touch(actor: Actor) -> bool:
    """Whether the activity of this session is due to be written down (once a minute)."""
    return actor.seen_at is not None and now() - actor.seen_at >= TOUCH_EVERY


def touch(session: Session, actor: Actor) -> None:
    """Write down that the user did something; never called by the heartbeat."""
    due = and_(AuthSession.id == actor.session_id, AuthSession.last_seen_at <= now() - TOUCH_EVERY)
    session.execute(update(AuthSession).where(due).values(last_seen_at=now()))


def confirm(session: Session, actor: Actor) -> None:
    """The password was given once more in this browser."""
    session.execute(update(AuthSession).where(AuthSession.id == actor.session_id).values(confirmed_at=now()))


def require_confirmed(session: Session, actor: Actor) -> None:
    """Raises NotConfirmed unless the password was given once more in this browser a moment ago."""
    recently = and_(AuthSession.id == actor.session_id, AuthSession.confirmed_at > now() - CONFIRMED_FOR)
    if session.scalar(select(AuthSession.id).where(recently)) is None:
        raise NotConfirmed


def sign_out(session: Session, actor: Actor) -> None:
    """End the session that the actor uses."""
    _end(session, actor, "sign_out", actor.session_id)


def end_session(session: Session, actor: Actor, session_id: int) -> None:
    """End one session of the own account. Raises NotFound for any other."""
    require(actor, Permission.ACCOUNT_OWN)
    _end(session, actor, "session_end", session_id)


def _end(session: Session, actor: Actor, action: str, session_id: int | None) -> None:
    own = select(AuthSession).where(AuthSession.id == session_id, AuthSession.account_id == actor.account_id)
    ended = session.scalars(own).one_or_none()
    if ended is None:
        raise NotFound
    if _revoke(session, AuthSession.id == ended.id):
        record(session, actor, action, ended)


def sign_out_others(session: Session, actor: Actor) -> int:
    """End every other session of the account; how many there were."""
    require(actor, Permission.ACCOUNT_OWN)
    account = session.get_one(Account, actor.account_id)
    count = end_all(session, account.id, keep=actor.session_id)
    record(session, actor, "sign_out_others", account, after={"sessions": count})
    return count


def end_all(session: Session, account_id: int, *, keep: int | None = None) -> int:
    """Every session of an account but one, and every ticket on its way; how many sessions there were."""
    waiting = and_(Ticket.account_id == account_id, Ticket.used_at.is_(None))
    session.execute(update(Ticket).where(waiting).values(used_at=now()))
    return _revoke(session, and_(AuthSession.account_id == account_id, AuthSession.id != (keep or 0)))


def _revoke(session: Session, which: ColumnElement[bool]) -> int:
    living = and_(which, AuthSession.revoked_at.is_(None))
    return len(
        session.execute(update(AuthSession).where(living).values(revoked_at=now()).returning(AuthSession.id)).all()
    )


def list_sessions(session: Session, actor: Actor) -> Sequence[SignedInDevice]:
    """The living sessions of the own account, the last used first."""
    require(actor, Permission.ACCOUNT_OWN)
    own = select(AuthSession).where(AuthSession.account_id == actor.account_id, _alive())
    return [_device(row, actor) for row in session.scalars(own.order_by(AuthSession.last_seen_at.desc()))]


def _device(row: AuthSession, actor: Actor) -> SignedInDevice:
    return SignedInDevice(
        session_id=row.id,
        device=row.device,
        address=row.address,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        remembered=row.remembered,
        current=row.id == actor.session_id,
    )
