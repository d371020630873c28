"""What a draft of requirements would change: whose year would be met by it and is not now, and the other way round."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, not_, select
from sqlalchemy.orm import Session

from db.accounts import Account, AccountStatus
from db.claims import Category
from db.exemptions import Exemption
from db.organisations import Organisation
from db.people import Binding, BindingStatus, Person
from db.requirements import RequirementEdition
from db.session import UnitOfWork
from db.statistics import AnnualSummary
from services import asked_hours, columns, divisions, requirement_editions
from services.asked_hours import Rules
from services.clock import now, today
from services.columns import number_of
from services.errors import WrongStatus
from services.events import record
from services.long_work import Progress, unwatched
from services.permissions import Actor
from services.rules import Standing, standings
from services.standing import by_category

# People per look: often enough for a bar that moves, seldom enough that everything is read in few sweeps.
CHUNK = 50_000
PAGE_SIZE = 50


class Flip(StrEnum):
    """Which way somebody's year would turn."""

    GAINING = "gaining"
    LOSING = "losing"


@dataclass(frozen=True, slots=True)
class Flipping:
    """Somebody whose year would turn; his official hours against what the draft asks of him."""

    person_id: int
    name: str
    id_number_masked: str
    employer: str
    hours: Sequence[Standing]


def run(
    reading: UnitOfWork,
    transaction: UnitOfWork,
    actor: Actor,
    draft_id: int,
    *,
    seen: int,
    on_progress: Progress = unwatched,
) -> RequirementEdition:
    """Compare everybody's official hours with the draft and with what is in force; the draft keeps the numbers.

    The look is cut into parts, so it is handed the ways to open one. Raises NotTopmost, NotFound, WrongStatus.
    """
    with reading() as session:
        draft = requirement_editions.get_draft(session, actor, draft_id)
        compared_with = asked_hours.newest_edition(session)
        last = session.scalar(select(func.max(Person.id))) or 0
    counted = dict.fromkeys(Flip, 0)
    for low in range(0, last, CHUNK):
        with reading() as session:
            for flip, count in _count(session, draft, low, low + CHUNK).items():
                counted[flip] += count
        on_progress(min(low + CHUNK, last), last)
    with transaction() as session:
        return _note(session, actor, draft_id, seen, compared_with, counted)


def _note(
    session: Session, actor: Actor, draft_id: int, seen: int, compared_with: int, counted: dict[Flip, int]
) -> RequirementEdition:
    draft = requirement_editions.get_draft(session, actor, draft_id)
    if draft.version != seen:
        raise WrongStatus
    draft.tried_at, draft.tried_after = now(), compared_with
    draft.gaining, draft.losing = counted[Flip.GAINING], counted[Flip.LOSING]
    record(session, actor, "requirement_trial", draft, after={flip.value: count for flip, count in counted.items()})
    return draft


def flipping(session: Session, actor: Actor, draft_id: int, flip: Flip, *, after_id: int = 0) -> Sequence[Flipping]:
    """One page of those whose year would turn, as far as they work in the actor's divisions. Raises as `get_draft`."""
    draft = requirement_editions.get_draft(session, actor, draft_id)
    then = _then(session, draft)
    supervised = divisions.within_any(Organisation.division, actor.divisions)
    asked = then.columns(Person.title_series, Organisation.division).items()
    page = (
        _people(draft.year)
        .where(_turning(session, draft)[flip], supervised, Person.id > after_id)
        .with_only_columns(
            Person.id,
            Person.name,
            Person.id_number_masked,
            Organisation.name.label("employer"),
            AnnualSummary,
            *(hours.label(category) for category, hours in asked),
        )
    )
    rows = session.execute(page.order_by(Person.id).limit(PAGE_SIZE))
    return [
        Flipping(row.id, row.name, row.id_number_masked, row.employer, _hours(row.AnnualSummary, row)) for row in rows
    ]


def _hours(summary: AnnualSummary | None, row: Any) -> list[Standing]:
    required = {each: asked_hours.as_hours(getattr(row, each)) for each in Category}
    return standings(required, by_category(summary))


def _count(session: Session, draft: RequirementEdition, above: int, up_to: int) -> dict[Flip, int]:
    turning = _turning(session, draft)
    numbers = (number_of(turning[flip]) for flip in Flip)
    part = _people(draft.year).where(Person.id > above, Person.id <= up_to)
    return dict(zip(Flip, session.execute(part.with_only_columns(*numbers)).one(), strict=True))


def _turning(session: Session, draft: RequirementEdition) -> dict[Flip, ColumnElement[bool]]:
    """The conditions that the draft makes the difference for somebody."""
    before, then = _met(asked_hours.of_year(session, draft.year, today())), _met(_then(session, draft))
    return {Flip.GAINING: and_(not_(before), then), Flip.LOSING: and_(before, not_(then))}


def _people(year: int) -> Select[int]:
    """Everybody beside his employer, his official hours and his exemption of a year, as far as there are any."""
    here = and_(Binding.person_id == Person.id, Binding.status == BindingStatus.ACTIVE)
    return (
        select(Person.id)
        .join(Account, Account.id == Person.account_id)
        .outerjoin(Binding, here)
        .outerjoin(Organisation, Organisation.id == Binding.organisation_id)
        .outerjoin(AnnualSummary, and_(AnnualSummary.person_id == Person.id, AnnualSummary.year == year))
        .outerjoin(Exemption, asked_hours.exempted(Person.id, year))
        .where(Account.status != AccountStatus.CLOSED)
    )


def _then(session: Session, draft: RequirementEdition) -> Rules:
    """What would hold: the draft in the place of the edition that is for the same people."""
    return asked_hours.of_year(session, draft.year, today()).with_edition(draft)


def _met(rules: Rules) -> ColumnElement[bool]:
    if not rules.complete:
        return literal(False)
    asked, earned = rules.columns(Person.title_series, Organisation.division), columns.official()
    return and_(*(earned[each] >= asked[each] for each in Category))
