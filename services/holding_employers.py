"""Holding employers: run by the supervisor of a division for people whose employer is not registered."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db.accounts import Grant, Role
from db.locks import hold
from db.organisations import Organisation, OrganisationAction, OrganisationKind, OrganisationStatus
from db.people import Binding, BindingStatus
from services import divisions, fields
from services.clock import now
from services.divisions import Division
from services.errors import N_, DomainError, InvalidField
from services.events import record
from services.organisation_form import CONTACT, DIVISION, PHONE
from services.permissions import Actor, Permission, allowed, require


class HoldingExists(DomainError):
    message = N_("%(division)s已有代管单位。")


class Holding(NamedTuple):
    """A holding employer with how many people it looks after, and how many ask it to."""

    employer: Organisation
    staff: int
    requests: int


def possible_divisions(actor: Actor) -> list[Division]:
    """Where this supervisor may found one, the highest first."""
    supervised = actor.divisions if allowed(actor, Permission.ORGANISATION_DECIDE) else []
    return [place for division in supervised for place in divisions.subtree(division)]


def _visible_to(actor: Actor) -> Select[Organisation]:
    """Those of the divisions that the actor supervises."""
    below = divisions.within_any(Organisation.division, actor.divisions)
    return select(Organisation).where(Organisation.uscc.is_(None), below)


def list_all(session: Session, actor: Actor) -> Sequence[Holding]:
    """By division; at most one for each."""
    require(actor, Permission.ORGANISATION_DECIDE)
    counted = (
        func.count().filter(Binding.status == status) for status in (BindingStatus.ACTIVE, BindingStatus.REQUESTED)
    )
    grouped = _visible_to(actor).outerjoin(Binding, Binding.organisation_id == Organisation.id)
    rows = session.execute(grouped.add_columns(*counted).group_by(Organisation.id).order_by(Organisation.division))
    return [Holding(*row) for row in rows]


def found(
    session: Session, actor: Actor, division: str | None, *, contact_name: str, contact_phone: str
) -> Organisation:
    """A new one, run by the actor, who may appoint others. Raises InvalidField and HoldingExists."""
    require(actor, Permission.ORGANISATION_DECIDE)
    if division not in {place.code for place in possible_divisions(actor)}:
        raise InvalidField(DIVISION, N_("请选择您主管的行政区划。"))
    hold(session, f"holding employer/{division}")
    if session.scalar(_visible_to(actor).where(Organisation.division == division)):
        raise HoldingExists(division=divisions.name(division))
    employer = _employer(actor, division, contact_name, contact_phone)
    session.add(employer)
    session.flush()
    _let_run(session, actor, employer)
    after = {"division": division, "name": employer.name, "username": actor.username}
    record(session, actor, f"organisation_{OrganisationAction.FOUND}", employer, after=after)
    return employer


def _employer(actor: Actor, division: str, contact_name: str, contact_phone: str) -> Organisation:
    return Organisation(
        name=f"{divisions.name(division)}代管单位",
        kind=OrganisationKind.EMPLOYER,
        division=division,
        contact_name=fields.required_text(CONTACT, contact_name),
        contact_phone=fields.phone(PHONE, contact_phone),
        status=OrganisationStatus.APPROVED,
        applied_at=now(),
        decided_at=now(),
        decided_by_id=actor.account_id,
    )


def _let_run(session: Session, actor: Actor, employer: Organisation) -> None:
    session.add(
        Grant(
            account_id=actor.account_id,
            role=Role.EMPLOYER,
            organisation_id=employer.id,
            granted_by_id=actor.account_id,
            granted_at=now(),
        )
    )
