"""What an organisation changes about itself: the contact at once, name, code and division if the supervisor agrees."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from db.locks import hold
from db.organisation_changes import OrganisationChange, OrganisationChangeAction, OrganisationChangeStatus
from db.organisations import Organisation, OrganisationStatus
from services import divisions, fields, organisation_form, organisations, queues, resemblances
from services.clock import now
from services.errors import N_, DomainError, InvalidField, NotFound, WrongStatus
from services.events import record
from services.organisations import OwnOrganisation
from services.permissions import Actor, Permission, allowed, require

PAGE_SIZE = 50
LONGEST_HISTORY = 20
EXPLANATION = N_("变更说明")


class NothingChanged(DomainError):
    message = N_("名称、代码和行政区划都与现在的相同。请先填写需要变更的内容。")


class AlreadyAsked(DomainError):
    message = N_("本单位已有一项资料变更等待审核。如需改正，请先撤回。")


class CodeTaken(DomainError):
    message = N_("新的统一社会信用代码已由其他单位注册，不能变更。如果是同一单位重复注册，请由主管部门合并。")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What name, code and division are to be, and why."""

    name: str
    uscc: str
    division: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Move:
    """From where to where an action leads, and who may take it."""

    source: OrganisationChangeStatus
    target: OrganisationChangeStatus
    permission: Permission
    needs_opinion: bool = False


_REQUESTED, _DECIDE = OrganisationChangeStatus.REQUESTED, Permission.ORGANISATION_DECIDE

MOVES: dict[OrganisationChangeAction, Move] = {
    OrganisationChangeAction.APPROVE: Move(_REQUESTED, OrganisationChangeStatus.APPROVED, _DECIDE),
    OrganisationChangeAction.RETURN: Move(_REQUESTED, OrganisationChangeStatus.RETURNED, _DECIDE, needs_opinion=True),
    OrganisationChangeAction.WITHDRAW: Move(
        _REQUESTED, OrganisationChangeStatus.WITHDRAWN, Permission.ORGANISATION_OWN
    ),
}


def update_contact(
    session: Session, actor: Actor, organisation_id: int, *, contact_name: str, contact_phone: str, seen: int
) -> None:
    """Whom the staff may ask, from now on. Raises NotFound, WrongStatus, InvalidField."""
    organisation = _working(session, actor, organisation_id)
    if organisation.version != seen:
        raise WrongStatus
    before = _contact(organisation)
    organisation.contact_name = fields.required_text(organisation_form.CONTACT, contact_name)
    organisation.contact_phone = fields.phone(organisation_form.PHONE, contact_phone)
    record(session, actor, "organisation_contact", organisation, before=before, after=_contact(organisation))


def _contact(organisation: Organisation) -> dict[str, str]:
    return {"contact_name": organisation.contact_name, "contact_phone": organisation.contact_phone}


def _working(session: Session, actor: Actor, organisation_id: int) -> Organisation:
    organisation = organisations.get_own(session, actor, organisation_id)
    if organisation.status is not OrganisationStatus.APPROVED:
        raise WrongStatus
    return organisation


def request(session: Session, actor: Actor, organisation_id: int, wanted: Wanted) -> OrganisationChange:
    """Ask the supervisor for another name, code or division; a holding employer has those of its division.

    Raises NotFound, WrongStatus, InvalidField, NothingChanged, AlreadyAsked, CodeTaken.
    """
    organisation = _working(session, actor, organisation_id)
    if organisation.uscc is None:
        raise WrongStatus
    change = _checked(organisation, organisation.uscc, wanted)
    hold(session, f"change of organisation {organisation.id}")
    if open_change(session, actor, organisation.id):
        raise AlreadyAsked
    _refuse_taken_code(session, organisation, change)
    session.add(change)
    record(session, actor, "organisation_change_request", organisation, before=_old(change), after=_new(change))
    session.flush()
    return change


def _checked(organisation: Organisation, uscc: str, wanted: Wanted) -> OrganisationChange:
    change = OrganisationChange(
        organisation_id=organisation.id,
        old_name=organisation.name,
        new_name=fields.required_text(organisation_form.NAME, wanted.name),
        old_uscc=uscc,
        new_uscc=organisation_form.checked_uscc(wanted.uscc),
        old_division=organisation.division,
        new_division=organisation_form.checked_division(wanted.division),
        explanation=fields.required_text(EXPLANATION, wanted.explanation, fields.LONGEST_TEXT),
        requested_at=now(),
    )
    if _old(change) == _new(change):
        raise NothingChanged
    if not divisions.common(change.old_division, change.new_division):
        raise InvalidField(organisation_form.DIVISION, N_("只能变更为同一省份内的行政区划。"))
    return change


def _old(change: OrganisationChange) -> dict[str, str]:
    return {"name": change.old_name, "uscc": change.old_uscc, "division": change.old_division}


def _new(change: OrganisationChange) -> dict[str, str]:
    return {"name": change.new_name, "uscc": change.new_uscc, "division": change.new_division}


def _refuse_taken_code(session: Session, organisation: Organisation, change: OrganisationChange) -> None:
    code_changes = change.new_uscc != organisation.uscc
    if code_changes and organisations.is_registered(session, change.new_uscc, organisation.kind):
        raise CodeTaken


def list_own(session: Session, actor: Actor, organisation_id: int) -> Sequence[OrganisationChange]:
    """The newest changes that were asked for, at most LONGEST_HISTORY. Raises NotFound."""
    organisation = organisations.get_own(session, actor, organisation_id)
    asked = select(OrganisationChange).where(OrganisationChange.organisation_id == organisation.id)
    return session.scalars(asked.order_by(OrganisationChange.id.desc()).limit(LONGEST_HISTORY)).all()


def open_change(session: Session, actor: Actor, organisation_id: int) -> OrganisationChange | None:
    """The one that waits for the supervisor."""
    asked = list_own(session, actor, organisation_id)
    return next((change for change in asked if change.status is OrganisationChangeStatus.REQUESTED), None)


def _visible_to(actor: Actor) -> Select[OrganisationChange]:
    """Changes whose supervisor is over where the organisation is and over where it is to be."""
    over_both = [
        and_(
            divisions.within(Organisation.division, division),
            divisions.within(OrganisationChange.new_division, division),
        )
        for division in actor.divisions
    ]
    found = select(OrganisationChange).join(OrganisationChange.organisation)
    organisation = contains_eager(OrganisationChange.organisation).joinedload(Organisation.merged_into)
    return found.where(or_(False, *over_both)).options(organisation)


def queue(
    session: Session, actor: Actor, *, status: OrganisationChangeStatus, text: str = "", after_id: int = 0
) -> Sequence[OrganisationChange]:
    """One page of the changes in a status, longest waiting first."""
    require(actor, Permission.ORGANISATION_DECIDE)
    found = _visible_to(actor).where(OrganisationChange.status == status, OrganisationChange.id > after_id)
    if wanted := fields.search_text(text):
        names = (OrganisationChange.old_name, OrganisationChange.new_name)
        codes = (OrganisationChange.old_uscc, OrganisationChange.new_uscc)
        found = found.where(
            or_(
                *(name.contains(wanted, autoescape=True) for name in names), *(code == wanted.upper() for code in codes)
            )
        )
    return session.scalars(found.order_by(OrganisationChange.id).limit(PAGE_SIZE)).all()


def counts(session: Session, actor: Actor) -> dict[OrganisationChangeStatus, int]:
    require(actor, Permission.ORGANISATION_DECIDE)
    visible = _visible_to(actor).with_only_columns(OrganisationChange.status, func.count())
    rows = session.execute(visible.group_by(OrganisationChange.status))
    return {status: count for status, count in rows}  # noqa: C416 - dict() of rows has no type


def waiting(actor: Actor) -> Select[int]:
    """How many changes wait for this actor's decision."""
    asked = _visible_to(actor).where(OrganisationChange.status == OrganisationChangeStatus.REQUESTED)
    return asked.with_only_columns(func.count())


def get(session: Session, actor: Actor, change_id: int) -> OrganisationChange:
    """With its organisation. Raises NotFound outside the actor's divisions."""
    require(actor, Permission.ORGANISATION_DECIDE)
    change = session.scalar(_visible_to(actor).where(OrganisationChange.id == change_id))
    if change is None:
        raise NotFound
    return change


def opened(
    session: Session, actor: Actor, listed: Sequence[OrganisationChange], named: int | None
) -> OrganisationChange | None:
    """The row of a list that is open, by the rule of `queues.opened`."""
    return queues.opened(actor, listed, named, lambda number: get(session, actor, number))


def possible_decisions(actor: Actor, change: OrganisationChange) -> list[OrganisationChangeAction]:
    """The decisions whose buttons a supervisor is shown who has found the change in his divisions."""
    own = organisations.is_own(actor, change.organisation)
    return [
        action
        for action, move in MOVES.items()
        if move.permission is _DECIDE and change.status is move.source and allowed(actor, _DECIDE) and not own
    ]


def decide(
    session: Session, actor: Actor, change_id: int, action: OrganisationChangeAction, *, seen: int, opinion: str = ""
) -> None:
    """Approve or return; `seen` is the version that the supervisor looked at. Certificates keep what they say.

    Raises NotFound, OwnOrganisation, WrongStatus, CodeTaken, and InvalidField for an opinion that is missing.
    """
    change = get(session, actor, change_id)
    checked = fields.required_text if MOVES[action].needs_opinion else fields.optional_text
    text = checked(organisations.OPINION, opinion, fields.LONGEST_TEXT)
    if organisations.is_own(actor, change.organisation):
        raise OwnOrganisation
    if action not in possible_decisions(actor, change) or change.version != seen:
        raise WrongStatus
    change.opinion = text
    if action is OrganisationChangeAction.APPROVE:
        _apply(session, change)
    _close(session, actor, change.organisation, change, action)


def _apply(session: Session, change: OrganisationChange) -> None:
    organisation = change.organisation
    _refuse_taken_code(session, organisation, change)
    organisation.name, organisation.uscc = change.new_name, change.new_uscc
    organisation.division = change.new_division
    resemblances.note(session, organisation)


def withdraw(session: Session, actor: Actor, organisation_id: int, *, seen: int) -> None:
    """Raises NotFound, WrongStatus."""
    change = open_change(session, actor, organisation_id)
    if change is None or change.version != seen:
        raise WrongStatus
    organisation = organisations.get_own(session, actor, organisation_id)
    _close(session, actor, organisation, change, OrganisationChangeAction.WITHDRAW)


def drop(session: Session, actor: Actor, organisation: Organisation) -> None:
    """What an organisation has asked for is of no use once it is merged into another one."""
    asked = OrganisationChange.organisation_id == organisation.id, OrganisationChange.status == _REQUESTED
    for change in session.scalars(select(OrganisationChange).where(*asked)):
        _close(session, actor, organisation, change, OrganisationChangeAction.WITHDRAW)


def _close(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    change: OrganisationChange,
    action: OrganisationChangeAction,
) -> None:
    change.status = MOVES[action].target
    change.decided_at, change.decided_by_id = now(), actor.account_id
    said = _new(change) | {"status": change.status, "opinion": change.opinion}
    record(session, actor, f"organisation_change_{action}", organisation, before=_old(change), after=said)
