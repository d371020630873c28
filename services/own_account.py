"""The own account while something is kept for it: it cannot be closed beside, for that would be forgotten there."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import Account, AccountStatus
from db.locks import hold
from services.errors import WrongStatus
from services.permissions import Actor


def keep_open(session: Session, actor: Actor) -> None:
    """Nobody closes the actor's account until this transaction ends; held before anything else.

    Raises WrongStatus for somebody who has closed it since it was found out who acts.
    """
    hold(session, f"account/{actor.account_id}")
    if is_closed(session, actor.account_id):
        raise WrongStatus


def is_closed(session: Session, account_id: int | None) -> bool:
    status = session.scalar(select(Account.status).where(Account.id == account_id))
    return status is AccountStatus.CLOSED
