"""Hour claims: kept, changed and moved along, by the only functions that do so."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import ColumnElement, case, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from db.activity_rules import ActivityRule
from db.claims import ActivityType, Claim, ClaimAction, ClaimStatus, ClaimStep, Evidence, ReviewReason
from services import (
    activity_rules,
    claim_form,
    claim_moves,
    corrections,
    deciding,
    fields,
    hour_limits,
    organisations,
    own_account,
    people,
    requirements,
    stored_files,
)
from services.claim_access import hold_claims, is_owner, is_reviewer, is_supervisor, visible_to
from services.claim_form import ClaimForm
from services.claim_moves import EDITABLE, Move, OwnClaim
from services.clock import now
from services.errors import NotFound, PermissionDenied, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, allowed, require

PAGE_SIZE = 50


def get(session: Session, actor: Actor, claim_id: int) -> Claim:
    """A claim with its person, employer, rule, evidence and steps. Raises NotFound out of scope."""
    everything = (
        joinedload(Claim.person),
        joinedload(Claim.employer),
        joinedload(Claim.activity_rule),
        joinedload(Claim.evidence),
        selectinload(Claim.steps),
    )
    claim = session.scalars(visible_to(actor).where(Claim.id == claim_id).options(*everything)).unique().one_or_none()
    if claim is None:
        raise NotFound
    return claim


def get_to_change(session: Session, actor: Actor, claim_id: int) -> Claim:
    """Like `get`, and whoever else means to change this claim or its evidence waits. Raises NotFound."""
    hold_claims(session, [claim_id])
    return get(session, actor, claim_id)


def list_mine(session: Session, actor: Actor, *, year: int | None = None, after_id: int = 0) -> Sequence[Claim]:
    """One page of the actor's claims with their employers: what waits for him first, then newest first."""
    require(actor, Permission.CLAIM_WRITE)
    mine = select(Claim).where(Claim.person_id == actor.person_id)
    if year is not None:
        mine = mine.where(Claim.year == year)
    if after_id:
        last = aliased(Claim)
        place = select(_waits(last), last.id).where(last.id == after_id).scalar_subquery()
        mine = mine.where(tuple_(_waits(Claim), Claim.id) < place)
    newest_first = mine.order_by(_waits(Claim).desc(), Claim.id.desc()).limit(PAGE_SIZE)
    return session.scalars(newest_first.options(joinedload(Claim.employer))).all()


def _waits(claim: type[Claim]) -> ColumnElement[int]:
    return case((claim.status.in_(EDITABLE), 1), else_=0)


def list_my_years(session: Session, actor: Actor) -> Sequence[int]:
    """The years that the actor has claims of, newest first."""
    require(actor, Permission.CLAIM_WRITE)
    years = select(Claim.year).where(Claim.person_id == actor.person_id).distinct()
    return session.scalars(years.order_by(Claim.year.desc())).all()


def create(session: Session, actor: Actor, form: ClaimForm, *, copy_of: int | None = None) -> Claim:
    """Keep a new draft; the copy of a claim that was not let through comes with its evidence.

    Raises NotFound, NoRequirement, WindowClosed and the refusals of claim_form and conversion.
    """
    require(actor, Permission.CLAIM_WRITE)
    if actor.person_id is None:
        raise NotFound
    own_account.keep_open(session, actor)
    columns, rule = checked(session, form)
    claim = Claim(person_id=actor.person_id, created_at=now(), activity_rule=rule, **columns)
    hour_limits.check(session, claim, claim.hours_claimed)
    if copy_of is not None:
        claim.evidence = _evidence_to_copy(get_own(session, actor, copy_of))
    session.add(claim)
    session.flush()
    note_step(session, actor, claim, ClaimAction.CREATE, None)
    return claim


def get_own(session: Session, actor: Actor, claim_id: int) -> Claim:
    """Raises NotFound for somebody else's claim."""
    require(actor, Permission.CLAIM_WRITE)
    claim = get(session, actor, claim_id)
    if not is_owner(actor, claim):
        raise NotFound
    return claim


def _evidence_to_copy(claim: Claim) -> list[Evidence]:
    """Evidence of hours that count, or may still count, proves no others."""
    files = claim.evidence if claim.status is ClaimStatus.REJECTED else []
    return [Evidence(uploaded_at=now(), **stored_files.copied(file)) for file in files]


def checked(session: Session, form: ClaimForm) -> tuple[dict[str, object], ActivityRule | None]:
    """The columns of a claim, and the rule under which its fields are valid."""
    if form.year is None or form.activity_type is None:  # without them there is no rule that could name what it asks
        fields.refuse_blanks(claim_form.needed(form))
    window = requirements.open_claim_year(session, form.year or 0)
    rule = activity_rules.find(session, window.year, ActivityType(form.activity_type or ActivityType.OTHER))
    return claim_form.checked(form, window, rule), rule


def update(session: Session, actor: Actor, claim_id: int, form: ClaimForm, *, seen: int) -> Claim:
    """Change a draft or returned claim; `seen` is the version that the form was filled from."""
    claim = _to_edit(session, actor, claim_id, seen)
    columns, claim.activity_rule = checked(session, form)
    before = {name: str(getattr(claim, name)) for name in columns}
    for name, value in columns.items():
        setattr(claim, name, value)
    hour_limits.check(session, claim, claim.hours_claimed)
    claim.edited_at = now()
    after = {name: str(value) for name, value in columns.items()}
    record(session, actor, "claim_update", claim, before=before, after=after)
    return claim


def delete(session: Session, actor: Actor, claim_id: int, *, seen: int) -> None:
    """Remove a draft with its evidence. What has ever been decided stays."""
    claim = _to_edit(session, actor, claim_id, seen)
    if claim.status is not ClaimStatus.DRAFT:
        raise WrongStatus
    record(session, actor, "claim_delete", claim, before={"title": claim.title, "year": claim.year})
    stored_files.discard(session, claim.evidence)
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
    reason: ReviewReason | None = None,
    hours: Decimal | float | str | None = None,
    attested: bool = False,
) -> Claim:
    """Take one step; `seen` is the version the actor decided about, `hours` the award when it is not what was asked.

    Raises PermissionDenied, NotFound, WrongStatus, OwnClaim, and the refusals of `claim_moves` and `deciding`.
    """
    claim, move = _to_move(session, actor, claim_id, action, seen)
    deciding.say(claim, move, opinion, reason)
    if action is ClaimAction.SUBMIT:
        deciding.send(session, claim, attested=attested)
    elif action in {ClaimAction.APPROVE, ClaimAction.ENDORSE}:
        deciding.award(session, claim, move, hours)
    elif action is ClaimAction.UNDO:
        deciding.take_back(session, claim, move)
    before, claim.status = claim.status, move.target
    if move.permission is not Permission.CLAIM_WRITE and action is not ClaimAction.UNDO:
        claim.decided_at = now()
    note_step(session, actor, claim, action, before)
    if action in {ClaimAction.UNDO, ClaimAction.REVOKE} and ClaimStatus.APPROVED in {before, claim.status}:
        corrections.recount(session, actor, claim)
    return claim


def _to_move(session: Session, actor: Actor, claim_id: int, action: ClaimAction, seen: int) -> tuple[Claim, Move]:
    if not any(allowed(actor, permission) for permission in claim_moves.permissions_for(action)):
        raise PermissionDenied
    claim = get_to_change(session, actor, claim_id)
    move = claim_moves.find(action, claim)
    if move is None or claim.version != seen:
        raise WrongStatus
    _check_stand(actor, claim, move)
    if refusal := claim_moves.refusal(actor, claim, move):
        raise refusal
    if move.permission is Permission.CLAIM_REVIEW:
        organisations.hold_approved(session, claim.employer_id)
    if action is ClaimAction.SUBMIT:  # before the claim's row changes: who closes the account holds it first, too
        people.hold_employment(session, claim.person_id)
    return claim, move


def _check_stand(actor: Actor, claim: Claim, move: Move) -> None:
    require(actor, move.permission)
    if claim_moves.stands_right(actor, claim, move.permission):
        return
    if is_owner(actor, claim) and (is_reviewer(actor, claim) or is_supervisor(actor, claim)):
        raise OwnClaim
    raise NotFound


def note_step(session: Session, actor: Actor, claim: Claim, action: ClaimAction, before: ClaimStatus | None) -> None:
    """What every change of a claim's status leaves behind: a step for those it concerns, an event for the log."""
    hours = claim.hours_awarded or claim.hours_endorsed or claim.hours_claimed
    session.add(
        ClaimStep(
            claim_id=claim.id,
            at=now(),
            actor_id=actor.account_id,
            actor_name=actor.name,
            action=action,
            from_status=before,
            to_status=claim.status,
            reason=claim.reason,
            opinion=claim.opinion,
            hours=hours,
        )
    )
    state = {"status": claim.status, "hours": str(hours)}
    record(session, actor, f"claim_{action}", claim, before={"status": before} if before else None, after=state)
