"""The second factor of staff accounts: codes of RFC 6238 from an app on the telephone."""

from sqlalchemy.orm import Session

from services.permissions import Actor


def provisioning_uri(actor: Actor) -> str:
    """What the app reads from a QR code; stays the same until the session ends."""
    raise NotImplementedError


def enrol(session: Session, actor: Actor, code: str) -> None:
    """Keep the secret once a first code proves that the app has it. Raises WrongCode, TooManyAttempts."""
    raise NotImplementedError


def remove(session: Session, actor: Actor, account_id: int) -> None:
    """After a lost telephone: the account enrols anew at its next sign-in. Raises NotFound."""
    raise NotImplementedError
