"""The second factor of staff accounts: codes of RFC 6238 from an app on the telephone."""

import base64
import hmac
from collections.abc import Set
from datetime import timedelta

import pyotp
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from db.accounts import Account, Attempt, AttemptKind, Role
from db.session import Recorded
from db.settings import settings
from services import own_account, sealing, throttle
from services.clock import now
from services.errors import N_, DomainError, NotFound, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, require, visitor

STEP = timedelta(seconds=30)
# One step either way: telephones are not exactly on time.
DRIFT = (0, -1, 1)
_SEALED = "totp secret"
_SECRET_BYTES = 20


class CodeRequired(Recorded, DomainError):
    """The password was right and the account also needs its one-time code."""

    message = N_("请输入动态验证码。")


class WrongCode(Recorded, DomainError):
    message = N_("动态验证码不正确或已使用过，请等待新的验证码再试。")


def demanded_of(roles: Set[Role]) -> bool:
    """Everybody but professionals, when the installation asks for it."""
    return settings().require_totp and not roles <= {Role.PROFESSIONAL}


def provisioning_uri(actor: Actor) -> str:
    """What the app reads from a QR code; stays the same until the session ends."""
    require(actor, Permission.TOTP_ENROL)
    return pyotp.TOTP(_proposed(actor)).provisioning_uri(name=actor.username, issuer_name=settings().title)


def enrol(session: Session, actor: Actor, code: str) -> None:
    """Keep the secret once a first code proves that the app has it. Raises WrongCode, TooManyAttempts, WrongStatus."""
    require(actor, Permission.TOTP_ENROL)
    own_account.keep_open(session, actor)
    account = session.get_one(Account, actor.account_id, with_for_update=True)
    if account.totp_secret is not None:
        raise WrongStatus
    secret = _proposed(actor)
    _accept(session, actor, account, secret, code)
    account.totp_secret = base64.b64encode(sealing.seal(_SEALED, secret)).decode()
    record(session, actor, "totp_enrol", account)


def check(session: Session, account: Account, code: str, address: str) -> None:
    """The code of an enrolled account that signs in. Raises CodeRequired, WrongCode, TooManyAttempts."""
    if account.totp_secret is None:
        return
    if not code.strip():
        raise CodeRequired
    secret = sealing.unseal(_SEALED, base64.b64decode(account.totp_secret))
    _accept(session, visitor(address), account, secret, code)


def remove(session: Session, actor: Actor, account_id: int) -> None:
    """After a lost telephone: the account enrols anew at its next sign-in. Raises NotFound."""
    require(actor, Permission.ACCOUNT_MANAGE)
    account = session.get(Account, account_id)
    if account is None or account.totp_secret is None:
        raise NotFound
    account.totp_secret = None
    record(session, actor, "totp_remove", account)


def _proposed(actor: Actor) -> str:
    """Derived from the session, so that it need not be kept anywhere before it is proven."""
    derived = sealing.keyed_hash("totp proposal", f"{actor.account_id}/{actor.session_id}")
    return base64.b32encode(derived[:_SECRET_BYTES]).decode()


def _accept(session: Session, actor: Actor, account: Account, secret: str, code: str) -> None:
    key = throttle.key_for(f"totp/{account.id}")
    attempt = throttle.count_try(session, AttemptKind.TOTP, key, actor.address, throttle.CODE_LIMIT)
    used = _key_of_use(session, account, secret, code.strip())
    if used is None:
        locked = throttle.used_up_by(session, attempt, throttle.CODE_LIMIT)
        record(session, actor, "totp_lock" if locked else "totp_fail", account)
        raise WrongCode
    attempt.succeeded = True
    throttle.note(session, AttemptKind.TOTP, used, actor.address, succeeded=True)


def _key_of_use(session: Session, account: Account, secret: str, code: str) -> str | None:
    """Under which key a right code's use is written down; None for a wrong code and for one used before."""
    generator = pyotp.TOTP(secret)
    for steps in DRIFT:
        at = now() + steps * STEP
        if hmac.compare_digest(generator.at(at).encode(), code.encode("utf-8", "surrogatepass")):
            key = throttle.key_for(f"totp/{account.id}/{generator.timecode(at)}")
            return None if _used(session, key) else key
    return None


def _used(session: Session, key: str) -> bool:
    return bool(session.scalar(select(exists().where(Attempt.kind == AttemptKind.TOTP, Attempt.key == key))))
