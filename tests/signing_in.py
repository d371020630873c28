"""The steps of signing in as the login page takes them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.accounts import Account, Role
from db.events import Event
from services import passwords, sessions, sign_in
from services.permissions import Actor
from tests import factories

PASSWORD = "Pilot-2026"
ADDRESS = "192.0.2.1"
BROWSER = "the mark of one browser"


def create_account(*roles: Role, username: str = "mingyue") -> Account:
    """With `PASSWORD`, which the factories' accounts cannot sign in with."""
    with transaction() as session:
        account = factories.create_account(session, *roles, username=username)
        account.password_hash = passwords.hash_password(PASSWORD)
    return account


def get_ticket(
    username: str = "mingyue",
    password: str = PASSWORD,
    *,
    address: str = ADDRESS,
    remember: bool = False,
    code: str = "",
) -> str:
    with transaction() as session:
        candidate = sign_in.begin(session, username, address=address)
    verified = sign_in.verify(candidate, password)
    with transaction() as session:
        return sign_in.finish(session, candidate, verified, browser=BROWSER, remember=remember, totp_code=code)


def redeem(ticket: str, *, browser: str = BROWSER, device: str = "Firefox", old_token: str = "") -> str:
    with transaction() as session:
        return sessions.redeem(session, ticket, browser=browser, device=device, address=ADDRESS, old_token=old_token)


def enter(username: str = "mingyue", password: str = PASSWORD, *, remember: bool = False, code: str = "") -> str:
    """The token of a new session."""
    return redeem(get_ticket(username, password, remember=remember, code=code))


def whose(token: str) -> Actor | None:
    with reading() as session:
        return sessions.resolve(session, token, ADDRESS)


def actor_of(token: str) -> Actor:
    actor = whose(token)
    assert actor is not None
    return actor


def actions(session: Session) -> list[str]:
    """What the log says happened, in order."""
    return list(session.scalars(select(Event.action).order_by(Event.id)))


def logged() -> list[str]:
    with reading() as session:
        return actions(session)
