"""The staff of a year: who is behind in what, by the official figures."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from db import reading, transaction
from db.accounts import Role
from db.claims import Category, ClaimStatus
from db.organisations import Organisation
from db.people import BindingStatus, Person
from services import progress, statistics
from services.clock import today
from services.errors import PermissionDenied
from services.permissions import SYSTEM, Actor
from services.progress import Member, Reached, Wanted
from services.requirements import NoRequirement
from tests import factories
from tests.counting import CountQueries
from tests.services.acting import last_event

YEAR = today().year
FULL = {Category.GENERAL: Decimal(30), Category.PROFESSIONAL: Decimal(42), Category.ELECTIVE: Decimal(18)}


def hire(employer: Organisation, name: str, hours: Mapping[Category, Decimal] | None = None) -> Person:
    """With these approved hours of the year."""
    with transaction() as session:
        person = factories.create_person(session, name=name, employer=employer)
        for category, number in (hours or {}).items():
            factories.create_claim(session, person, status=ClaimStatus.APPROVED, category=category, hours=number)
        return person


def roster(actor: Actor, wanted: Wanted | None = None, *, after_id: int = 0) -> list[Member]:
    with reading() as session:
        return list(progress.roster(session, actor, wanted or Wanted(YEAR), after_id=after_id))


def names(actor: Actor, **wanted: object) -> list[str]:
    return [member.name for member in roster(actor, Wanted(YEAR, **wanted))]  # type: ignore[arg-type]


@pytest.fixture
def staff(employer: Organisation) -> None:
    hire(employer, "苏清和", FULL)
    hire(employer, "林知夏", {Category.GENERAL: Decimal("29.5"), Category.PROFESSIONAL: Decimal(99)})
    hire(employer, "陈望舒")
    statistics.recompute(transaction, SYSTEM)


@pytest.mark.usefixtures("staff")
def test_those_who_lack_most_come_first_and_no_surplus_makes_up_for_another_category(reviewer: Actor) -> None:
    members = roster(reviewer)
    assert [(member.name, member.missing) for member in members] == [
        ("陈望舒", Decimal(90)),
        ("林知夏", Decimal("18.5")),
        ("苏清和", Decimal(0)),
    ]
    assert [line.missing for line in members[1].official] == [Decimal("0.5"), Decimal(0), Decimal(18)]


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"reached": Reached.BEHIND}, ["陈望舒", "林知夏"]),
        ({"reached": Reached.MET}, ["苏清和"]),
        ({"lacking": Category.PROFESSIONAL}, ["陈望舒"]),
        ({"lacking": Category.GENERAL, "reached": Reached.MET}, []),
        ({"text": "知"}, ["林知夏"]),
        ({"text": "%"}, []),
        ({"text": "\0林"}, ["林知夏"]),
    ],
)
def test_a_list_is_narrowed_down(reviewer: Actor, wanted: dict[str, object], expected: list[str]) -> None:
    assert names(reviewer, **wanted) == expected


@pytest.mark.usefixtures("staff")
def test_the_totals_are_of_the_whole_staff(reviewer: Actor) -> None:
    with reading() as session:
        totals = progress.totals(session, reviewer, YEAR)
    assert (totals.staff, totals.met) == (3, 1)
    assert totals.lacking == {Category.GENERAL: 2, Category.PROFESSIONAL: 1, Category.ELECTIVE: 2}
    assert totals.computed_at is not None


def test_of_a_staff_of_nobody_nobody_is_behind(reviewer: Actor) -> None:
    with reading() as session:
        totals = progress.totals(session, reviewer, YEAR)
    assert (totals.staff, totals.met, set(totals.lacking.values())) == (0, 0, {0})


@pytest.mark.usefixtures("staff")
def test_live_hours_stand_beside_the_official_ones_without_what_was_not_sent(
    reviewer: Actor, employer: Organisation
) -> None:
    with transaction() as session:
        person = factories.create_person(session, name="沈景行", employer=employer)
        for status in (ClaimStatus.APPROVED, ClaimStatus.SUBMITTED, ClaimStatus.DRAFT, ClaimStatus.RETURNED):
            factories.create_claim(session, person, status=status, hours=Decimal(4))
    (member,) = (member for member in roster(reviewer) if member.name == "沈景行")
    assert member.missing == Decimal(90)
    live = member.live[Category.GENERAL]
    assert (live.earned, live.waiting, live.unsent) == (Decimal(4), Decimal(4), Decimal(0))


def test_only_the_own_confirmed_staff_is_listed(reviewer: Actor, employer: Organisation) -> None:
    with transaction() as session:
        factories.create_person(session, employer=factories.create_employer(session))
        asking = factories.create_person(session)
        factories.create_binding(session, asking, employer, status=BindingStatus.REQUESTED)
        factories.create_person(session)
    assert roster(reviewer) == []


def test_a_year_that_asks_for_nothing_has_no_progress(reviewer: Actor) -> None:
    with pytest.raises(NoRequirement):
        roster(reviewer, Wanted(1999))


@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.ANALYST, Role.ADMINISTRATOR])
def test_who_is_no_employer_sees_nobodys_progress(role: Role) -> None:
    with transaction() as session:
        account = (
            factories.create_supervisor(session) if role is Role.SUPERVISOR else factories.create_account(session, role)
        )
        actor = factories.actor_of(session, account)
    with reading() as session:
        for look in (progress.roster, progress.everybody, progress.note_export):
            with pytest.raises(PermissionDenied):
                look(session, actor, Wanted(YEAR))
        with pytest.raises(PermissionDenied):
            progress.totals(session, actor, YEAR)


@pytest.fixture
def many(employer: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PAGE_SIZE", 3)
    for number in range(8):
        hire(employer, f"林知夏{'甲乙丙丁'[number // 2]}", {Category.GENERAL: Decimal(number // 2 + 1)})
    statistics.recompute(transaction, SYSTEM)


@pytest.mark.usefixtures("many")
def test_pages_hold_everybody_once_in_one_order(reviewer: Actor) -> None:
    seen: list[Member] = []
    while page := roster(reviewer, after_id=seen[-1].binding_id if seen else 0):
        seen += page
    with reading() as session:
        everybody = list(progress.everybody(session, reviewer, Wanted(YEAR)))
    assert [member.binding_id for member in seen] == [member.binding_id for member in everybody]
    assert len({member.binding_id for member in seen}) == 8
    assert [member.missing for member in seen] == sorted((member.missing for member in seen), reverse=True)


@pytest.mark.usefixtures("many")
def test_a_page_costs_the_same_with_more_people(reviewer: Actor, count_queries: CountQueries) -> None:
    with count_queries() as queries:
        roster(reviewer)
    assert len(queries) <= 3, queries


def test_a_page_after_somebody_elses_row_is_not_led_by_it(reviewer: Actor, employer: Organisation) -> None:
    stranger = hire_elsewhere()
    hire(employer, "林知夏")
    assert roster(reviewer, after_id=stranger) == []


def hire_elsewhere() -> int:
    with transaction() as session:
        other = factories.create_employer(session)
        return factories.create_binding(session, factories.create_person(session), other).id


def test_an_export_is_recorded(reviewer: Actor, employer: Organisation) -> None:
    with transaction() as session:
        progress.note_export(session, reviewer, Wanted(YEAR, Reached.BEHIND, Category.ELECTIVE))
    event = last_event()
    assert (event.action, event.object_id) == ("progress_export", employer.id)
    assert event.after == {"year": YEAR, "reached": "behind", "lacking": "elective"}


def count_of(session: Session, actor: Actor, reached: Reached) -> int:
    return sum(1 for _ in progress.everybody(session, actor, Wanted(YEAR, reached)))


@pytest.mark.usefixtures("many", "staff")
def test_everybody_is_either_behind_or_not(reviewer: Actor) -> None:
    with reading() as session:
        totals = progress.totals(session, reviewer, YEAR)
        counts = [count_of(session, reviewer, reached) for reached in (Reached.MET, Reached.BEHIND, Reached.ALL)]
    assert counts == [totals.met, totals.staff - totals.met, totals.staff]
