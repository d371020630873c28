"""The claims of a supervisor's divisions: those that wait to be recognised, and those that were decided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from db.claims import Category, Claim, ClaimAction, ClaimSource, ClaimStatus
from db.organisations import Organisation
from db.people import Person
from services import claim_moves, claims, divisions, fields, person_names, reviewing
from services.claim_access import COUNTED, is_owner, is_supervisor, organisations_below
from services.errors import DomainError
from services.permissions import Actor, Permission, allowed, require

PAGE_SIZE = 50
FEW = 2_000
SHOWN = (
    ClaimStatus.ENDORSED,
    ClaimStatus.APPROVED,
    ClaimStatus.RETURNED,
    ClaimStatus.REJECTED,
    ClaimStatus.REVOKED,
)
_SUPERVISING = frozenset({Permission.CLAIM_RECOGNISE, Permission.CLAIM_AUDIT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of them are asked for; `division` is one that is offered, `employer` and `text` are searched for."""

    status: ClaimStatus = ClaimStatus.ENDORSED
    division: str = ""
    employer: str = ""
    category: Category | None = None
    source: ClaimSource | None = None
    text: str = ""


def waiting(actor: Actor) -> Select[int]:
    """How many claims wait for the actor's recognition."""
    return select(func.count(Claim.id)).where(
        Claim.employer_id.in_(organisations_below(actor)), Claim.status == ClaimStatus.ENDORSED
    )


def queue(session: Session, actor: Actor, wanted: Wanted, *, after_id: int = 0) -> Sequence[Claim]:
    """One page, with person and employer: waiting claims longest first, decided ones newest first."""
    require(actor, Permission.CLAIM_RECOGNISE)
    found = _below(session, actor, wanted).where(*_conditions(wanted))
    # Endorsed claims were decided last when they were endorsed.
    place = tuple_(Claim.decided_at, Claim.id)
    newest_first = wanted.status is not ClaimStatus.ENDORSED
    if after_id:
        found = found.where(place < _place_of(after_id) if newest_first else place > _place_of(after_id))
    order = [column.desc() if newest_first else column for column in (Claim.decided_at, Claim.id)]
    loaded = joinedload(Claim.person), joinedload(Claim.employer), selectinload(Claim.flags)
    return session.scalars(found.order_by(*order).limit(PAGE_SIZE).options(*loaded)).all()


def _below(session: Session, actor: Actor, wanted: Wanted) -> Select[Claim]:
    """Of the wanted employers and status.

    Many are read in their order from the index of all claims until a page is full. Few would be looked for there among
    everybody's: they are named.
    """
    found = select(Claim).where(Claim.employer_id.in_(_employers(actor, wanted)), Claim.status == wanted.status)
    numbers = session.scalars(found.with_only_columns(Claim.id).limit(FEW + 1)).all()
    return found if len(numbers) > FEW else select(Claim).where(Claim.id.in_(numbers))


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.status not in {ClaimStatus.ENDORSED, *COUNTED}:
        yield Claim.endorsed_at.is_not(None)
    if wanted.category is not None:
        yield Claim.category == wanted.category
    if wanted.source is not None:
        yield Claim.source == wanted.source
    if text := fields.search_text(wanted.text):
        named = select(Person.id).where(person_names.holds(Person.name, text))
        yield or_(Claim.title.contains(text, autoescape=True), Claim.person_id.in_(named))


def _employers(actor: Actor, wanted: Wanted) -> Select[int]:
    found = organisations_below(actor)
    if wanted.division:
        found = found.where(divisions.within(Organisation.division, wanted.division))
    if name := fields.search_text(wanted.employer):
        found = found.where(or_(Organisation.name.contains(name, autoescape=True), Organisation.uscc == name.upper()))
    return found


def _place_of(claim_id: int) -> ScalarSelect[datetime]:
    last = aliased(Claim)
    return select(last.decided_at, last.id).where(last.id == claim_id).scalar_subquery()


def open_claim(
    session: Session, actor: Actor, page: Sequence[Claim], *, status: ClaimStatus, named: int | None
) -> Claim | None:
    """The named claim; without one, and after the actor's own decision, the next of the page."""
    claim = reviewing.find(session, actor, named)
    if claim is not None and (claim.status not in SHOWN or not is_supervisor(actor, claim)):
        claim = None
    if claim is not None and (claim.status is status or not reviewing.decided_by(actor, claim)):
        return claim
    following = _next(page, claim)
    return claims.get(session, actor, following.id) if following else None


def _next(page: Sequence[Claim], decided: Claim | None) -> Claim | None:
    """The one that was endorsed after the decided one; from the end it goes on at the beginning."""
    first = page[0] if page else None
    if decided is None or decided.endorsed_at is None:
        return first
    place = (decided.endorsed_at, decided.id)
    return next((claim for claim in page if claim.endorsed_at and (claim.endorsed_at, claim.id) > place), first)


def possible_actions(actor: Actor, claim: Claim) -> list[ClaimAction]:
    """Those that the actor may take as a supervisor: he may be the claim's reviewer as well."""
    moves = {action: claim_moves.find(action, claim) for action in claim_moves.possible_actions(actor, claim)}
    return [action for action, move in moves.items() if move and move.permission in _SUPERVISING]


def refusal(actor: Actor, claim: Claim) -> DomainError | None:
    """Why the actor cannot decide about a claim that waits."""
    move = claim_moves.find(ClaimAction.APPROVE, claim)
    if claim.status is not ClaimStatus.ENDORSED or move is None:
        return None
    return claim_moves.OwnClaim() if is_owner(actor, claim) else claim_moves.refusal(actor, claim, move)


def offered_divisions(actor: Actor) -> list[str]:
    """The actor's own divisions, each followed by all below it."""
    supervised = actor.divisions if allowed(actor, Permission.CLAIM_RECOGNISE) else []
    return [code for own in supervised for code in divisions.tree(own)]
