"""Dishonesty cases: found by those whom they concern, and moved along, by the only functions that do so."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from db.locks import hold
from db.misconduct import MisconductAction, MisconductKind, MisconductRecord, MisconductStatus, MisconductStep, Severity
from db.people import Person
from db.session import UnitOfWork
from services import (
    fields,
    misconduct_effects,
    misconduct_files,
    misconduct_moves,
    misconduct_terms,
    own_account,
    person_names,
    queues,
)
from services.clock import midnight, months_later, now, today
from services.errors import N_, DomainError, NotFound, PermissionDenied, WrongStatus
from services.events import record
from services.evidence_files import CheckedFile
from services.misconduct_access import get, get_to_change, own_by, supervised_by, with_all
from services.misconduct_moves import EDITABLE, EXPIRING, Move, OwnCase, concerns
from services.permissions import SYSTEM, Actor, Permission, allowed, require

PAGE_SIZE = 50


class Stage(StrEnum):
    """In which part of their way cases are listed."""

    OPEN = "open"
    ASKED = "asked"
    STANDING = "standing"
    CLOSED = "closed"


STAGES: Mapping[Stage, frozenset[MisconductStatus]] = {
    Stage.OPEN: EDITABLE | {MisconductStatus.NOTIFIED},
    Stage.ASKED: frozenset(misconduct_terms.DECISION_DAYS),
    Stage.STANDING: misconduct_terms.IN_FORCE - misconduct_terms.DECISION_DAYS.keys(),
    Stage.CLOSED: frozenset(
        {
            MisconductStatus.DISMISSED,
            MisconductStatus.CANCELLED,
            MisconductStatus.REPAIRED,
            MisconductStatus.EXPIRED,
        }
    ),
}
OPINION = N_("说明")


class NothingAmended(DomainError):
    message = N_("更正的内容与原认定相同。请修改类型、情节或涉及的学时；不需要更正的，请选择“维持”。")


@dataclass(frozen=True, slots=True)
class Amendment:
    """What an objection changes about a record: the hours that are left out are given back."""

    kind: MisconductKind
    severity: Severity
    claim_ids: Collection[int]


def list_own(session: Session, actor: Actor) -> Sequence[MisconductRecord]:
    """The actor's own records, newest first."""
    require(actor, Permission.MISCONDUCT_ANSWER)
    mine = select(MisconductRecord).where(own_by(actor)).order_by(MisconductRecord.id.desc())
    return session.scalars(with_all(mine)).all()


def queue(
    session: Session, actor: Actor, *, stage: Stage, text: str = "", before_id: int = 0
) -> Sequence[MisconductRecord]:
    """One page of the division's cases of one stage with their people and employers, newest first."""
    require(actor, Permission.MISCONDUCT_HANDLE)
    found = select(MisconductRecord).where(supervised_by(actor), MisconductRecord.status.in_(STAGES[stage]))
    if name := fields.search_text(text):
        found = found.where(MisconductRecord.person.has(person_names.holds(Person.name, name)))
    if before_id:
        found = found.where(MisconductRecord.id < before_id)
    both = joinedload(MisconductRecord.person), joinedload(MisconductRecord.employer)
    return session.scalars(found.options(*both).order_by(MisconductRecord.id.desc()).limit(PAGE_SIZE)).all()


def counts(session: Session, actor: Actor) -> dict[Stage, int]:
    require(actor, Permission.MISCONDUCT_HANDLE)
    counted = (
        select(MisconductRecord.status, func.count()).where(supervised_by(actor)).group_by(MisconductRecord.status)
    )
    found = {MisconductStatus(status): count for status, count in session.execute(counted)}
    return {stage: sum(found.get(status, 0) for status in statuses) for stage, statuses in STAGES.items()}


def open_record(
    session: Session, actor: Actor, listed: Sequence[MisconductRecord], named: int | None
) -> MisconductRecord | None:
    """The row of a list that is open, by the rule of `queues.opened`, with all that belongs to it."""
    opened = queues.opened(actor, listed, named, lambda number: get(session, actor, number))
    return get(session, actor, opened.id) if opened else None


def _hearings_over() -> datetime:
    """Who was told before this moment has let the days pass in which he could have answered."""
    return midnight(misconduct_terms.last_notice_without_answer() + timedelta(days=1))


def waiting_for_owner(actor: Actor) -> Select[int]:
    """Notices that the person concerned can still answer."""
    told = MisconductRecord.status == MisconductStatus.NOTIFIED, MisconductRecord.replied_at.is_(None)
    since = MisconductRecord.notified_at >= _hearings_over()
    return select(func.count(MisconductRecord.id)).where(own_by(actor), *told, since)


def waiting(actor: Actor) -> Select[int]:
    """Cases that the authority must bring on: to look into, or to decide after the person was heard."""
    heard = or_(
        MisconductRecord.replied_at.is_not(None),
        MisconductRecord.notified_at < _hearings_over(),
    )
    told = and_(MisconductRecord.status == MisconductStatus.NOTIFIED, heard)
    wanted = or_(MisconductRecord.status.in_(EDITABLE), told)
    return select(func.count(MisconductRecord.id)).where(supervised_by(actor), wanted)


def waiting_requests(actor: Actor) -> Select[int]:
    """Objections and requests for repair that this actor can decide."""
    objected = and_(
        MisconductRecord.status == MisconductStatus.OBJECTED,
        MisconductRecord.confirmed_by_id.is_distinct_from(actor.account_id),
    )
    asked = MisconductRecord.status == MisconductStatus.REPAIR_REQUESTED
    return select(func.count(MisconductRecord.id)).where(supervised_by(actor), or_(objected, asked))


def act(
    session: Session,
    actor: Actor,
    record_id: int,
    action: MisconductAction,
    *,
    seen: int,
    opinion: str = "",
    amendment: Amendment | None = None,
    files: Sequence[CheckedFile] = (),
) -> MisconductRecord:
    """Take one step; `seen` is the version the actor decided about, `files` are what he adds to his words.

    Raises PermissionDenied, NotFound, WrongStatus, OwnCase, InvalidField, and the refusals of `misconduct_moves`,
    `misconduct_effects` and `evidence.check_room`.
    """
    if not any(allowed(actor, permission) for permission in misconduct_moves.permissions_for(action)):
        raise PermissionDenied
    own_account.keep_open(session, actor)
    case = get_to_change(session, actor, record_id, seen=seen)
    move = misconduct_moves.find(action, case)
    if move is None:
        raise WrongStatus
    _check_stand(actor, case, move)
    if refusal := misconduct_moves.refusal(actor, case, action):
        raise refusal
    checked = fields.required_text if move.needs_opinion else fields.optional_text
    said = checked(OPINION, opinion, fields.LONGEST_TEXT)
    misconduct_files.keep(session, case, misconduct_files.PURPOSES.get(action), files)
    before, case.status = case.status, move.target
    _change(session, actor, case, action, amendment)
    if move.permission is Permission.MISCONDUCT_HANDLE:
        case.decided_at, case.decided_by_id = now(), actor.account_id
    note_step(session, actor, case, action, before, said)
    return case


def _check_stand(actor: Actor, case: MisconductRecord, move: Move) -> None:
    require(actor, move.permission)
    if not misconduct_moves.stands_right(actor, case, move):
        raise OwnCase if concerns(actor, case) else NotFound


def _change(
    session: Session, actor: Actor, case: MisconductRecord, action: MisconductAction, amendment: Amendment | None
) -> None:
    """What a step changes besides the status."""
    if action is MisconductAction.NOTIFY:
        case.notified_at = now()
    elif action is MisconductAction.REPLY:
        case.replied_at = now()
    elif action is MisconductAction.CONFIRM:
        case.confirmed_at, case.confirmed_by_id = now(), actor.account_id
        misconduct_terms.set_term(case, today())
        misconduct_effects.forfeit(session, actor, case)
    elif action in {MisconductAction.OBJECT, MisconductAction.REQUEST_REPAIR}:
        case.asked_at = now()
        if action is MisconductAction.OBJECT:
            case.objected_at = case.asked_at
    elif action is MisconductAction.EXTEND:
        case.extended_at = now()
    else:
        _answer(session, actor, case, action, amendment)


def _answer(
    session: Session, actor: Actor, case: MisconductRecord, action: MisconductAction, amendment: Amendment | None
) -> None:
    """An objection or a request for repair is decided, which may give hours back."""
    case.extended_at = None
    if action in misconduct_moves.ANSWERS_OBJECTION:
        case.objection_decided_by_id = actor.account_id
    if action is MisconductAction.REFUSE:
        case.repair_from = months_later(today(), misconduct_terms.REPAIR_AGAIN_AFTER_MONTHS)
    if action is MisconductAction.CANCEL:
        misconduct_effects.give_back(session, actor, case, case.claims)
    if action is MisconductAction.AMEND:
        _amend(session, actor, case, amendment)


def _amend(session: Session, actor: Actor, case: MisconductRecord, amendment: Amendment | None) -> None:
    kept = {claim.id for claim in case.claims} if amendment is None else set(amendment.claim_ids)
    given_back = [claim for claim in case.claims if claim.id not in kept]
    is_other = amendment and (amendment.kind, amendment.severity) != (case.kind, case.severity)
    if amendment is None or case.effective_on is None or not (is_other or given_back):
        raise NothingAmended
    case.kind, case.severity = amendment.kind, amendment.severity
    misconduct_terms.set_term(case, case.effective_on)
    misconduct_effects.give_back(session, actor, case, given_back)
    case.claims = [claim for claim in case.claims if claim.id in kept]


def note_step(
    session: Session,
    actor: Actor,
    case: MisconductRecord,
    action: MisconductAction,
    before: MisconductStatus | None,
    opinion: str = "",
) -> None:
    """What every step of a case leaves behind: one for those it concerns, an event for the log."""
    session.flush()
    step = MisconductStep(record_id=case.id, at=now(), action=action, from_status=before, to_status=case.status)
    step.actor_id, step.actor_name, step.opinion = actor.account_id, actor.name, opinion
    session.add(step)
    after = {"status": case.status, "severity": case.severity, "ends_on": str(case.ends_on) if case.ends_on else None}
    record(session, actor, f"misconduct_{action}", case, before={"status": before} if before else None, after=after)


def expire_due(transaction: UnitOfWork) -> int:
    """Let end what has reached the end of its term, each in a transaction of its own; how many there were."""
    with transaction() as session:
        due = session.scalars(_due().with_only_columns(MisconductRecord.id)).all()
    return sum(_expire(transaction, number) for number in due)


def _due() -> Select[MisconductRecord]:
    over = MisconductRecord.ends_on < today()
    return select(MisconductRecord).where(MisconductRecord.status.in_(EXPIRING), over).order_by(MisconductRecord.id)


def _expire(transaction: UnitOfWork, record_id: int) -> bool:
    """False for what somebody has decided about a moment before."""
    with transaction() as session:
        hold(session, f"misconduct/{record_id}")
        case = session.scalar(_due().where(MisconductRecord.id == record_id))
        if case is None:
            return False
        before, case.status, case.extended_at = case.status, MisconductStatus.EXPIRED, None
        note_step(session, SYSTEM, case, MisconductAction.EXPIRE, before)
        return True
