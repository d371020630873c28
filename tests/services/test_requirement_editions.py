"""Requirements: which edition asks what of whom, and how one is drafted, tried out and put in force."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.claims import Category
from db.events import pending
from db.organisations import Organisation
from db.people import Binding, Person, TitleSeries
from db.requirements import EditionStatus, RequirementEdition
from services import (
    asked_hours,
    certificates,
    clock,
    progress,
    requirement_editions,
    requirement_trials,
    standing,
    statistics,
)
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.permissions import SYSTEM, Actor
from services.progress import Wanted
from services.requirement_editions import NotTried
from services.requirement_trials import Flip
from services.requirements import NoRequirement
from services.rulemaking import NotTopmost
from tests import factories
from tests.services.claim_forms import TODAY
from tests.services.requirement_forms import FORM, MORE, YEAR, draft, hire, put_in_force, tried


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def asked(person: Person, year: int = YEAR) -> list[Decimal]:
    with reading() as session:
        return [line.required for line in standing.of_year(session, person.id, year).official]


def test_a_draft_binds_nobody(topmost: Actor) -> None:
    person = hire()
    tried(topmost)
    assert asked(person) == [30, 42, 18]


def test_what_is_put_in_force_is_asked_for_with_its_number_and_its_reason(topmost: Actor) -> None:
    person = hire()
    newest = put_in_force(topmost)
    assert asked(person) == [30, 48, 18]
    with reading() as session:
        shown = standing.of_year(session, person.id, YEAR)
        assert asked_hours.newest_begun(session, clock.today()) == newest.edition
        assert requirement_editions.history(session, topmost, YEAR)[0].edition == newest.edition
    assert shown.rule_edition == newest.edition
    assert shown.rules[0].edition.basis == FORM.basis


def test_an_edition_begins_on_its_day(topmost: Actor) -> None:
    person = hire()
    put_in_force(topmost, replace(FORM, in_force_on=date(2026, 7, 1)))
    assert asked(person) == [30, 42, 18]
    with clock.at(TODAY + timedelta(days=16)):
        assert asked(person) == [30, 48, 18]


def test_of_two_editions_the_one_decided_later_holds_whichever_begins_later(topmost: Actor) -> None:
    person = hire()
    put_in_force(topmost, replace(FORM, in_force_on=date(2026, 7, 1)))
    put_in_force(topmost, replace(FORM, hours={**MORE, Category.ELECTIVE: 12}))
    with clock.at(TODAY + timedelta(days=30)):
        assert asked(person) == [30, 48, 12]


TEACHERS = replace(FORM, title_series=TitleSeries.TEACHING, hours={Category.PROFESSIONAL: 60})
CITY = replace(FORM, division="440100", hours={Category.GENERAL: 20, Category.PROFESSIONAL: 50})
COUNTY = replace(FORM, division="440104", hours={Category.GENERAL: 10})


@pytest.mark.parametrize(
    ("division", "series", "expected"),
    [
        ("440104", None, [10, 50, 18]),
        ("440106", None, [20, 50, 18]),
        ("441200", None, [30, 42, 18]),
        ("441200", TitleSeries.TEACHING, [30, 60, 18]),
        ("440104", TitleSeries.TEACHING, [10, 60, 18]),
        ("440104", TitleSeries.HEALTH, [10, 50, 18]),
    ],
)
def test_the_narrower_rule_goes_before_the_wider_category_by_category(
    topmost: Actor, division: str, series: TitleSeries | None, expected: list[int]
) -> None:
    """The profession's rule before the division's; what a rule leaves open is the wider one's affair."""
    for form in (COUNTY, TEACHERS, CITY):
        put_in_force(topmost, form)
    person = hire(division=division, series=series)
    assert asked(person) == expected
    with transaction() as session:
        works_at = session.scalars(select(Organisation).join(Binding).where(Binding.person_id == person.id)).one()
        reviewer = factories.actor_of(session, factories.create_reviewer(session, works_at))
    with reading() as session:
        (member,) = progress.roster(session, reviewer, Wanted(YEAR))
    assert [line.required for line in member.official] == expected


def test_somebody_without_an_employer_is_asked_what_everybody_is(topmost: Actor) -> None:
    put_in_force(topmost, CITY)
    with transaction() as session:
        person = factories.create_person(session)
    assert asked(person) == [30, 42, 18]


def test_a_rule_for_some_is_taken_back_by_one_that_leaves_everything_open(topmost: Actor) -> None:
    person = hire(series=TitleSeries.TEACHING)
    put_in_force(topmost, TEACHERS)
    put_in_force(topmost, replace(TEACHERS, hours={}))
    assert asked(person) == [30, 42, 18]


def test_nothing_is_put_in_force_that_was_not_tried_after_the_last_change(topmost: Actor) -> None:
    first, second = draft(topmost), tried(topmost, replace(FORM, hours={**MORE, Category.GENERAL: 24}))
    with transaction() as session, pytest.raises(NotTried):
        requirement_editions.put_in_force(session, topmost, first.id, seen=first.version)
    put_in_force(topmost)
    with transaction() as session, pytest.raises(NotTried):
        requirement_editions.put_in_force(session, topmost, second.id, seen=second.version)


def test_a_draft_that_somebody_has_decided_about_is_not_decided_about_again(topmost: Actor) -> None:
    made = tried(topmost)
    with transaction() as session:
        requirement_editions.discard(session, topmost, made.id, seen=made.version)
    with transaction() as session:
        with pytest.raises(WrongStatus):
            requirement_editions.put_in_force(session, topmost, made.id, seen=made.version)
        with pytest.raises(WrongStatus):
            requirement_editions.discard(session, topmost, made.id, seen=made.version)
        with pytest.raises(NotFound):
            requirement_editions.discard(session, topmost, made.id + 99, seen=1)
        assert session.get_one(RequirementEdition, made.id).status is EditionStatus.DISCARDED


def test_a_draft_whose_day_has_passed_begins_no_earlier_than_it_is_decided(topmost: Actor) -> None:
    made = tried(topmost)
    with (
        clock.at(TODAY + timedelta(days=1)),
        transaction() as session,
        pytest.raises(InvalidField, match="不能早于今天"),
    ):
        requirement_editions.put_in_force(session, topmost, made.id, seen=made.version)


@pytest.mark.parametrize(
    "change",
    [
        {"year": None},
        {"basis": " "},
        {"in_force_on": None},
        {"in_force_on": date(2026, 6, 14)},
        {"hours": {**MORE, Category.GENERAL: None}},
        {"hours": {**MORE, Category.GENERAL: "-1"}},
        {"hours": {**MORE, Category.GENERAL: "7.25"}},
        {"hours": {**MORE, Category.GENERAL: 1000}},
        {"division": "110000"},
        {"division": "nowhere"},
    ],
)
def test_a_requirement_that_makes_no_sense_is_refused(topmost: Actor, change: dict[str, object]) -> None:
    form = replace(FORM, **change)  # type: ignore[arg-type]  # that is the test
    with pytest.raises(InvalidField), transaction() as session:
        requirement_editions.draft(session, topmost, form)


def test_nothing_can_be_asked_of_a_year_that_nobody_has_set_up(topmost: Actor) -> None:
    with pytest.raises(NoRequirement), transaction() as session:
        requirement_editions.draft(session, topmost, replace(FORM, year=1999))


def test_a_category_can_ask_for_nothing(topmost: Actor) -> None:
    put_in_force(topmost, replace(FORM, hours={**MORE, Category.ELECTIVE: 0}))
    assert asked(hire()) == [30, 48, 0]


def test_only_the_topmost_supervisor_decides_and_every_supervisor_reads(topmost: Actor) -> None:
    made = tried(topmost)
    with transaction() as session:
        below = factories.actor_of(session, factories.create_supervisor(session, "440104"))
        professional = factories.actor_for(session, factories.create_person(session))
        with pytest.raises(NotTopmost):
            requirement_editions.draft(session, below, FORM)
        with pytest.raises(NotTopmost):
            requirement_editions.put_in_force(session, below, made.id, seen=made.version)
        with pytest.raises(NotTopmost):
            requirement_trials.flipping(session, below, made.id, Flip.LOSING)
        assert requirement_editions.history(session, below, YEAR)
        for read in (requirement_editions.list_drafts, lambda s, a: requirement_editions.history(s, a, YEAR)):
            with pytest.raises(PermissionDenied):
                read(session, professional)


def test_every_step_leaves_an_event(open_session: Session) -> None:
    actor = factories.actor_of(open_session, factories.create_supervisor(open_session, "440000"))
    made = requirement_editions.draft(open_session, actor, FORM)
    requirement_editions.discard(open_session, actor, made.id, seen=made.version)
    assert [event.action for event in pending(open_session)] == ["requirement_draft", "requirement_discard"]


def test_a_certificate_that_was_printed_stays_when_the_rule_changes_afterwards(topmost: Actor) -> None:
    person = hire()
    statistics.recompute(transaction, SYSTEM)
    with transaction() as session:
        owner = factories.actor_for(session, person)
        printed = certificates.obtain(session, owner, YEAR)
    put_in_force(topmost)
    statistics.recompute(transaction, SYSTEM)
    with transaction() as session:
        assert not standing.of_year(session, person.id, YEAR).met
        assert certificates.obtain(session, owner, YEAR).id == printed.id
