"""Hour claims: the way of a claim as data, and the only functions that walk it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ScalarSelect, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from db.accounts import Role
from db.claims import Claim, ClaimAction, ClaimStatus, ClaimStep
from db.locks import hold
from services import claim_form, fields, people, requirements
from services.claim_form import ClaimForm
from services.clock import now
from services.errors import N_, DomainError, NotFound, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, allowed, require
from services.rules import plain

PAGE_SIZE = 50
OPINION = N_("审核意见")
AWARD = N_("核定学时")


class NoEvidence(DomainError):
    message = N_("请先上传至少一份附件材料，再确认送审。")


class NotAttested(DomainError):
    message = N_("请先勾选承诺，再确认送审。")


class OwnClaim(DomainError):
    message = N_("不能审核自己的学时，请由本单位其他审核人审核。")


class MoreThanClaimed(DomainError):
    message = N_("核定学时不能超过申报的 %(claimed)s 学时。")


@dataclass(frozen=True, slots=True)
class Move:
    """From where to where an action leads, and who may take it."""

    sources: frozenset[ClaimStatus]
    target: ClaimStatus
    permission: Permission
    needs_opinion: bool = False


EDITABLE = frozenset({ClaimStatus.DRAFT, ClaimStatus.RETURNED})
_WAITING = frozenset({ClaimStatus.SUBMITTED})

MOVES: dict[ClaimAction, Move] = {
    ClaimAction.SUBMIT: Move(EDITABLE, ClaimStatus.SUBMITTED, Permission.CLAIM_WRITE),
    ClaimAction.WITHDRAW: Move(_WAITING, ClaimStatus.DRAFT, Permission.CLAIM_WRITE),
    ClaimAction.APPROVE: Move(_WAITING, ClaimStatus.APPROVED, Permission.CLAIM_REVIEW),
    ClaimAction.RETURN: Move(_WAITING, ClaimStatus.RETURNED, Permission.CLAIM_REVIEW, needs_opinion=True),
    ClaimAction.REJECT: Move(_WAITING, ClaimStatus.REJECTED, Permission.CLAIM_REVIEW, needs_opinion=True),
}


def is_owner(actor: Actor, claim: Claim) -> bool:
    return actor.person_id is not None and claim.person_id == actor.person_id


def is_reviewer(actor: Actor, claim: Claim) -> bool:
    return claim.employer_id in actor.organisation_ids(Role.EMPLOYER)


def _stands_right(actor: Actor, claim: Claim, permission: Permission) -> bool:
    """Owners write, reviewers of the employer review, and nobody reviews himself."""
    if permission is Permission.CLAIM_WRITE:
        return is_owner(actor, claim)
    return is_reviewer(actor, claim) and not is_owner(actor, claim)


def possible_actions(actor: Actor, claim: Claim) -> list[ClaimAction]:
    """The actions whose buttons this actor is shown on this claim."""
    return [
        action
        for action, move in MOVES.items()
        if claim.status in move.sources
        and allowed(actor, move.permission)
        and _stands_right(actor, claim, move.permission)
    ]


def can_edit(actor: Actor, claim: Claim) -> bool:
    return claim.status in EDITABLE and is_owner(actor, claim) and allowed(actor, Permission.CLAIM_WRITE)


def _visible_to(actor: Actor) -> Select[Claim]:
    """One's own claims, and those sent to an employer that the actor reviews for, as far as he may work now."""
    writes, reviews = (allowed(actor, right) for right in (Permission.CLAIM_WRITE, Permission.CLAIM_REVIEW))
    own = and_(literal(writes), Claim.person_id == actor.person_id)
    employers = actor.organisation_ids(Role.EMPLOYER) if reviews else []
    sent = and_(Claim.employer_id.in_(employers), Claim.status != ClaimStatus.DRAFT)
    return select(Claim).where(or_(own, sent))


def get(session: Session, actor: Actor, claim_id: int) -> Claim:
    """A claim with its person, employer, evidence and steps. Raises NotFound out of scope."""
    everything = (
        joinedload(Claim.person),
        joinedload(Claim.employer),
        joinedload(Claim.evidence),
        selectinload(Claim.steps),
    )
    claim = session.scalars(_visible_to(actor).where(Claim.id == claim_id).options(*everything)).unique().one_or_none()
    if claim is None:
        raise NotFound
    return claim


def get_to_change(session: Session, actor: Actor, claim_id: int) -> Claim:
    """Like `get`, and whoever else means to change this claim or its evidence waits. Raises NotFound."""
    hold(session, f"claim/{claim_id}")
    return get(session, actor, claim_id)


def list_mine(session: Session, actor: Actor, *, year: int | None = None) -> Sequence[Claim]:
    """The actor's claims with employer and evidence, newest first."""
    require(actor, Permission.CLAIM_WRITE)
    mine = select(Claim).where(Claim.person_id == actor.person_id)
    if year is not None:
        mine = mine.where(Claim.year == year)
    loaded = mine.options(joinedload(Claim.employer), joinedload(Claim.evidence)).order_by(Claim.id.desc())
    return session.scalars(loaded).unique().all()


def queue(
    session: Session, actor: Actor, *, status: ClaimStatus = ClaimStatus.SUBMITTED, after_id: int = 0
) -> Sequence[Claim]:
    """One page of the claims sent to the actor's employers: waiting ones longest first, decided ones newest first."""
    require(actor, Permission.CLAIM_REVIEW)
    sent = select(Claim).where(Claim.employer_id.in_(actor.organisation_ids(Role.EMPLOYER)), Claim.status == status)
    place = tuple_(Claim.submitted_at, Claim.id)
    newest_first = status not in _WAITING
    if after_id:
        last = _place_of(after_id)
        sent = sent.where(place < last if newest_first else place > last)
    order = [column.desc() if newest_first else column for column in (Claim.submitted_at, Claim.id)]
    return session.scalars(sent.order_by(*order).limit(PAGE_SIZE).options(joinedload(Claim.person))).all()


def _place_of(claim_id: int) -> ScalarSelect[datetime]:
    last = aliased(Claim)
    return select(last.submitted_at, last.id).where(last.id == claim_id).scalar_subquery()


def counts(session: Session, actor: Actor) -> dict[ClaimStatus, int]:
    """How many claims of the actor's employers are in each status."""
    require(actor, Permission.CLAIM_REVIEW)
    sent = Claim.employer_id.in_(actor.organisation_ids(Role.EMPLOYER)) & (Claim.status != ClaimStatus.DRAFT)
    rows = session.execute(select(Claim.status, func.count()).where(sent).group_by(Claim.status))
    return {status: count for status, count in rows}  # noqa: C416 - dict() of rows has no type


def create(session: Session, actor: Actor, form: ClaimForm) -> Claim:
    """Keep a new draft. Raises the refusals of claim_form, NoRequirement and WindowClosed."""
    require(actor, Permission.CLAIM_WRITE)
    if actor.person_id is None:
        raise NotFound
    columns = _checked(session, form)
    claim = Claim(person_id=actor.person_id, created_at=now(), **columns)
    session.add(claim)
    session.flush()
    _step(session, actor, claim, ClaimAction.CREATE, None)
    return claim


def _checked(session: Session, form: ClaimForm) -> dict[str, object]:
    year = claim_form.given(claim_form.YEAR, form.year)
    return claim_form.checked(form, requirements.open_claim_year(session, year))


def update(session: Session, actor: Actor, claim_id: int, form: ClaimForm, *, seen: int) -> Claim:
    """Change a draft or returned claim; `seen` is the version that the form was filled from."""
    claim = _to_edit(session, actor, claim_id, seen)
    columns = _checked(session, form)
    before = {name: str(getattr(claim, name)) for name in columns}
    for name, value in columns.items():
        setattr(claim, name, value)
    after = {name: str(value) for name, value in columns.items()}
    record(session, actor, "claim_update", claim, before=before, after=after)
    return claim


def delete(session: Session, actor: Actor, claim_id: int, *, seen: int) -> None:
    """Remove a draft with its evidence. What has ever been decided stays."""
    claim = _to_edit(session, actor, claim_id, seen)
    if claim.status is not ClaimStatus.DRAFT:
        raise WrongStatus
    record(session, actor, "claim_delete", claim, before={"title": claim.title, "year": claim.year})
    session.delete(claim)


def _to_edit(session: Session, actor: Actor, claim_id: int, seen: int) -> Claim:
    require(actor, Permission.CLAIM_WRITE)
    claim = get_to_change(session, actor, claim_id)
    if not is_owner(actor, claim):
        raise NotFound
    if claim.status not in EDITABLE or claim.version != seen:
        raise WrongStatus
    return claim


def act(
    session: Session,
    actor: Actor,
    claim_id: int,
    action: ClaimAction,
    *,
    seen: int,
    opinion: str = "",
    hours: Decimal | float | str | None = None,
    attested: bool = False,
) -> Claim:
    """Take one step; `seen` is the version the actor decided about, `hours` the award when it is not what was claimed.

    Raises PermissionDenied, NotFound, WrongStatus, OwnClaim, and the refusals of submitting and approving.
    """
    move = MOVES[action]
    claim = _to_move(session, actor, claim_id, move, seen)
    checked = fields.required_text if move.needs_opinion else fields.optional_text
    claim.opinion = checked(OPINION, opinion, fields.LONGEST_TEXT)
    if action is ClaimAction.SUBMIT:
        _prepare_submission(session, actor, claim, attested)
    elif action is ClaimAction.APPROVE:
        claim.hours_awarded = _award(claim, hours)
    before, claim.status = claim.status, move.target
    if move.permission is Permission.CLAIM_REVIEW:
        claim.decided_at = now()
    _step(session, actor, claim, action, before)
    return claim


def _to_move(session: Session, actor: Actor, claim_id: int, move: Move, seen: int) -> Claim:
    require(actor, move.permission)
    claim = get_to_change(session, actor, claim_id)
    _check_stand(actor, claim, move)
    if claim.status not in move.sources or claim.version != seen:
        raise WrongStatus
    return claim


def _check_stand(actor: Actor, claim: Claim, move: Move) -> None:
    if _stands_right(actor, claim, move.permission):
        return
    if is_owner(actor, claim) and is_reviewer(actor, claim):
        raise OwnClaim
    raise NotFound


def _prepare_submission(session: Session, actor: Actor, claim: Claim, attested: bool) -> None:
    """What was valid when it was saved must still be valid when it is sent."""
    window = requirements.open_claim_year(session, claim.year)
    claim_form.check_dates(claim.start_on, claim.end_on, window)
    claim_form.check_day_cap(claim.start_on, claim.end_on, claim.hours_claimed, window)
    claim.employer_id = people.employer_of(session, actor.person_id).id
    if not claim.evidence:
        raise NoEvidence
    if not attested:
        raise NotAttested
    claim.attested_at = claim.submitted_at = now()
    claim.decided_at = None


def _award(claim: Claim, hours: Decimal | float | str | None) -> Decimal:
    awarded = claim.hours_claimed if hours is None else fields.hours(AWARD, hours)
    if awarded > claim.hours_claimed:
        raise MoreThanClaimed(claimed=plain(claim.hours_claimed))
    return awarded


def _step(session: Session, actor: Actor, claim: Claim, action: ClaimAction, before: ClaimStatus | None) -> None:
    session.add(
        ClaimStep(
            claim_id=claim.id,
            at=now(),
            actor_id=actor.account_id,
            actor_name=actor.name,
            action=action,
            from_status=before,
            to_status=claim.status,
            opinion=claim.opinion,
            hours=claim.hours_awarded or claim.hours_claimed,
        )
    )
    state = {"status": claim.status, "hours": str(claim.hours_awarded or claim.hours_claimed)}
    record(session, actor, f"claim_{action}", claim, before={"status": before} if before else None, after=state)
