"""Which imports somebody may see, and the accounts of an import that nobody has used yet."""

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import Session

from db.accounts import Account, AuthSession, Grant, PasswordHistory, Role
from db.imports import Import
from db.organisations import Organisation, OrganisationStatus
from services.errors import NotFound, WrongStatus
from services.permissions import Actor, Permission, require


def visible_to(actor: Actor) -> Select[Import]:
    return select(Import).where(Import.organisation_id.in_(actor.organisation_ids(Role.EMPLOYER)))


def get(session: Session, actor: Actor, import_id: int) -> Import:
    """Raises NotFound for an import of another employer."""
    require(actor, Permission.STAFF_IMPORT)
    found = session.scalar(visible_to(actor).where(Import.id == import_id))
    if found is None:
        raise NotFound
    return found


def get_to_change(session: Session, actor: Actor, import_id: int) -> Import:
    """Like `get`, locked until the transaction ends.

    Raises WrongStatus once the organisation may not work any more or the actor does not act for it: an import goes on
    for minutes after the click.
    """
    require(actor, Permission.STAFF_IMPORT)
    wanted = visible_to(actor).where(Import.id == import_id).with_for_update()
    found = session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    acting = exists().where(Grant.organisation_id == Organisation.id, Grant.account_id == actor.account_id)
    working = select(Organisation.id).where(Organisation.status == OrganisationStatus.APPROVED, acting)
    if session.scalar(working.where(Organisation.id == found.organisation_id).with_for_update(read=True)) is None:
        raise WrongStatus
    return found


def require_employer(actor: Actor, organisation_id: int) -> None:
    """Raises PermissionDenied, NotFound."""
    require(actor, Permission.STAFF_IMPORT)
    if organisation_id not in actor.organisation_ids(Role.EMPLOYER):
        raise NotFound


def never_in() -> ColumnElement[bool]:
    """An account whose owner has not signed in, and whose password nobody has reset."""
    has_session = exists().where(AuthSession.account_id == Account.id)
    had_password = exists().where(PasswordHistory.account_id == Account.id)
    return and_(Account.must_change_password, ~has_session, ~had_password)
