"""Exemptions: found by those whom they concern, and decided about, by the only functions that do so."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from db.exemptions import Exemption, ExemptionAction, ExemptionFile, ExemptionStatus
from db.people import Person
from services import certificates, exemption_access, exemption_moves, fields, person_names, queues, standing, storage
from services.clock import now
from services.errors import N_, NotFound, PermissionDenied, WrongStatus
from services.events import record
from services.exemption_access import get, get_to_change, own_by, supervised_by
from services.exemption_form import said
from services.exemption_moves import MOVES
from services.permissions import Actor, Permission, allowed, require
from services.standing import YearStanding

PAGE_SIZE = 50
OPINION = N_("审核意见")


def list_own(session: Session, actor: Actor) -> Sequence[Exemption]:
    """The actor's own ones with their files, newest first."""
    require(actor, Permission.EXEMPTION_REQUEST)
    mine = select(Exemption).where(own_by(actor)).order_by(Exemption.id.desc())
    return session.scalars(mine.options(selectinload(Exemption.files))).all()


def queue(
    session: Session, actor: Actor, *, status: ExemptionStatus, text: str = "", after_id: int = 0
) -> Sequence[Exemption]:
    """One page of the division's with their people and employers: the oldest first of those that wait, else the newest.

    By a part of the name.
    """
    require(actor, Permission.EXEMPTION_DECIDE)
    found = select(Exemption).where(supervised_by(actor), Exemption.status == status)
    if name := fields.search_text(text):
        found = found.where(Exemption.person.has(person_names.holds(Person.name, name)))
    oldest_first = status is ExemptionStatus.REQUESTED
    if after_id:
        found = found.where(Exemption.id > after_id if oldest_first else Exemption.id < after_id)
    both = joinedload(Exemption.person), joinedload(Exemption.employer)
    ordered = found.order_by(Exemption.id if oldest_first else Exemption.id.desc())
    return session.scalars(ordered.options(*both).limit(PAGE_SIZE)).all()


def counts(session: Session, actor: Actor) -> Mapping[ExemptionStatus, int]:
    require(actor, Permission.EXEMPTION_DECIDE)
    counted = select(Exemption.status, func.count()).where(supervised_by(actor)).group_by(Exemption.status)
    return {ExemptionStatus(status): count for status, count in session.execute(counted)}


def open_exemption(session: Session, actor: Actor, listed: Sequence[Exemption], named: int | None) -> Exemption | None:
    """The row of a list that is open, by the rule of `queues.opened`, with all that belongs to it."""
    opened = queues.opened(actor, listed, named, lambda number: get(session, actor, number))
    return get(session, actor, opened.id) if opened else None


def year_of(session: Session, exemption: Exemption) -> YearStanding:
    """Where somebody stands whose exemption the caller has found in the actor's scope. Raises NoRequirement."""
    return standing.of_year(session, exemption.person_id, exemption.year)


def granted_beside(session: Session, exemption: Exemption) -> Exemption | None:
    """The one that holds for the person and year of another one, which the caller has found in his scope."""
    same = Exemption.person_id == exemption.person_id, Exemption.year == exemption.year
    held = select(Exemption).where(*same, Exemption.id != exemption.id, Exemption.status == ExemptionStatus.GRANTED)
    return session.scalar(held)


def waiting(actor: Actor) -> Select[int]:
    """Requests that this actor can decide about."""
    others = Exemption.requested_by_id.is_distinct_from(actor.account_id)
    requested = Exemption.status == ExemptionStatus.REQUESTED
    return select(func.count(Exemption.id)).where(supervised_by(actor), requested, others)


def waiting_news(actor: Actor) -> Select[int]:
    """What was decided about the actor, or asked for him, and he has not taken note of."""
    return select(func.count(Exemption.id)).where(own_by(actor), Exemption.news_at.is_not(None))


def note_seen(session: Session, actor: Actor, exemption_id: int) -> None:
    """The actor has taken note of what was decided about him. Raises NotFound."""
    require(actor, Permission.EXEMPTION_REQUEST)
    exemption = get(session, actor, exemption_id)
    if exemption.person_id != actor.person_id:
        raise NotFound
    exemption.news_at = None


def act(
    session: Session, actor: Actor, exemption_id: int, action: ExemptionAction, *, seen: int, opinion: str = ""
) -> Exemption:
    """Take one step; `seen` is the version the actor decided about.

    Raises PermissionDenied, NotFound, WrongStatus, OwnExemption, OwnProposal, InvalidField.
    """
    move = MOVES[action]
    if not any(allowed(actor, permission) for permission in move.permissions):
        raise PermissionDenied
    exemption = get_to_change(session, actor, exemption_id, seen=seen)
    if action is ExemptionAction.WITHDRAW and exemption.requested_by_id != actor.account_id:
        raise NotFound
    if exemption.status not in move.sources:
        raise WrongStatus
    if refusal := exemption_moves.refusal(actor, exemption, action):
        raise refusal
    checked = fields.required_text if move.needs_opinion else fields.optional_text
    text = checked(OPINION, opinion, fields.LONGEST_TEXT)
    before = exemption.status
    if action is ExemptionAction.GRANT:
        _replace_earlier(session, actor, exemption)
    exemption.status = move.target
    _note_decision(actor, exemption, action, text)
    session.flush()
    record(session, actor, f"exemption_{action}", exemption, before={"status": before}, after=said(exemption))
    if action is ExemptionAction.REVOKE:
        certificates.correct_exempted(session, actor, exemption.person_id, exemption.year)
    return exemption


def _note_decision(actor: Actor, exemption: Exemption, action: ExemptionAction, text: str) -> None:
    if exemption.person_id != actor.person_id:
        exemption.news_at = now()
    if action in exemption_moves.DECISIONS:
        exemption.decided_at, exemption.decided_by_id, exemption.decided_by_name = now(), actor.account_id, actor.name
        exemption.opinion = text
    elif action is ExemptionAction.REVOKE:
        _end(actor, exemption, text)


def _end(actor: Actor, exemption: Exemption, because: str = "") -> None:
    exemption.ended_at, exemption.ended_by_id, exemption.ended_by_name = now(), actor.account_id, actor.name
    exemption.ended_because = because


def _replace_earlier(session: Session, actor: Actor, exemption: Exemption) -> None:
    """It reduces no more than the new one, or that could not have been asked for."""
    earlier = granted_beside(session, exemption)
    if earlier is None:
        return
    before, earlier.status = earlier.status, ExemptionStatus.REPLACED
    _end(actor, earlier)
    session.flush()
    record(session, actor, "exemption_replace", earlier, before={"status": before}, after=said(earlier))


def read_file(session: Session, actor: Actor, file_id: int) -> tuple[ExemptionFile, bytes]:
    """For whoever may see the exemption; a supervisor's look is recorded. Raises NotFound."""
    file = session.get(ExemptionFile, file_id)
    if file is None:
        raise NotFound
    if exemption_access.get(session, actor, file.exemption_id).person_id != actor.person_id:
        record(session, actor, "exemption_file_read", file)
    return file, storage.get(file.sha256)
