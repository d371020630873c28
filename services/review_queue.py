"""The claims that wait for an employer's reviewers, and those they have decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, contains_eager, selectinload

from db.accounts import Role
from db.claim_flags import ClaimFlag, FlagKind
from db.claims import Category, Claim, ClaimStatus
from db.people import Person
from services import fields, person_names
from services.clock import now
from services.permissions import Actor, Permission, require

PAGE_SIZE = 50
_WAITING = frozenset({ClaimStatus.SUBMITTED})


class QueueOrder(StrEnum):
    """What comes first: by age and risk together (`claim_flags.WEIGHTS`), or by age alone."""

    PRIORITY = "priority"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class QueueView:
    """Which claims are shown and in which order. Decided ones come newest first in any order."""

    status: ClaimStatus = ClaimStatus.SUBMITTED
    order: QueueOrder = QueueOrder.PRIORITY
    category: Category | None = None
    flag: FlagKind | None = None
    text: str = ""
    waiting_days: int = 0
    second_level: bool = False

    @property
    def newest_first(self) -> bool:
        return self.status not in _WAITING

    @property
    def moment(self) -> str:
        """By which of a claim's moments they are ordered; an index begins with employer, status and this."""
        return "submitted_at" if self.newest_first or self.order is QueueOrder.OLDEST else "queued_at"


TO_REVIEW = QueueView()


def waiting(actor: Actor) -> Select[int]:
    """How many claims wait for the actor's employers."""
    sent = Claim.employer_id.in_(actor.organisation_ids(Role.EMPLOYER))
    return select(func.count(Claim.id)).where(sent, Claim.status.in_(_WAITING))


def queue(session: Session, actor: Actor, view: QueueView = TO_REVIEW, *, after_id: int = 0) -> Sequence[Claim]:
    """One page of the claims sent to the actor's employers, with their people and flags."""
    require(actor, Permission.CLAIM_REVIEW)
    own = Claim.employer_id.in_(actor.organisation_ids(Role.EMPLOYER))
    sent = select(Claim).where(own, Claim.status == view.status, *_conditions(view))
    place = (getattr(Claim, view.moment), Claim.id)
    if after_id:
        here, last = tuple_(*place), _place_of(after_id, view)
        sent = sent.where(here < last if view.newest_first else here > last)
    order = [column.desc() if view.newest_first else column.asc() for column in place]
    loaded = sent.join(Claim.person).options(contains_eager(Claim.person), selectinload(Claim.flags))
    return session.scalars(loaded.order_by(*order).limit(PAGE_SIZE)).all()


def _conditions(view: QueueView) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if view.category:
        conditions.append(Claim.category == view.category)
    if view.flag:
        conditions.append(Claim.id.in_(select(ClaimFlag.claim_id).where(ClaimFlag.kind == view.flag)))
    if wanted := fields.search_text(view.text):
        titled = Claim.title.contains(wanted, autoescape=True)
        conditions.append(or_(person_names.holds(Person.name, wanted), titled))
    if view.waiting_days:
        conditions.append(Claim.submitted_at < now() - timedelta(days=view.waiting_days))
    if view.second_level:
        conditions.append(Claim.second_level.is_(True))
    return conditions


def _place_of(claim_id: int, view: QueueView) -> ScalarSelect[datetime | None]:
    last = aliased(Claim)
    return select(getattr(last, view.moment), last.id).where(last.id == claim_id).scalar_subquery()


def goes_before(view: QueueView, claim: Claim, other: Claim) -> bool:
    """Whether a claim comes before another in the order of a view."""
    here, there = ((getattr(each, view.moment), each.id) for each in (claim, other))
    return bool(here > there if view.newest_first else here < there)


def counts(session: Session, actor: Actor) -> dict[ClaimStatus, int]:
    """How many claims of the actor's employers are in each status."""
    require(actor, Permission.CLAIM_REVIEW)
    sent = Claim.employer_id.in_(actor.organisation_ids(Role.EMPLOYER)) & (Claim.status != ClaimStatus.DRAFT)
    rows = session.execute(select(Claim.status, func.count()).where(sent).group_by(Claim.status))
    return {status: count for status, count in rows}  # noqa: C416 - dict() of rows has no type
