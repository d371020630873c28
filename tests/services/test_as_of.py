"""How a year stood on an earlier day: the hours of then, under the rules of then, for those who may know."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.claims import Category, Claim, ClaimAction, ClaimStatus
from db.organisations import Organisation
from db.people import Binding, BindingStatus, Person, TitleSeries
from services import as_of, clock
from services.as_of import YearThen
from services.errors import InvalidField, NotFound
from services.permissions import Actor
from services.requirements import NoRequirement
from tests import factories, profiles
from tests.services.claim_forms import TODAY
from tests.services.requirement_forms import FORM, FULL, MORE, YEAR, put_in_force

LATER = timedelta(days=10)


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def approve(person: Person, category: Category, hours: Decimal, at: datetime = TODAY) -> Claim:
    with clock.at(at), transaction() as session:
        claim = factories.create_claim(
            session, person, status=ClaimStatus.APPROVED, category=category, hours=hours, year=YEAR
        )
        factories.create_step(session, claim, ClaimStatus.APPROVED).hours = hours
        return claim


def actor_for(person: Person) -> Actor:
    with reading() as session:
        return factories.actor_for(session, person)


def then(person: Person, day: date, actor: Actor | None = None, year: int = YEAR) -> YearThen:
    with clock.at(TODAY + LATER), reading() as session:
        return as_of.on(session, actor or actor_for(person), person.id, year, day)


def test_hours_count_from_the_day_of_their_approval_until_they_are_revoked(person: Person) -> None:
    claim = approve(person, Category.GENERAL, Decimal("7.5"), TODAY + timedelta(days=2))
    with clock.at(TODAY + timedelta(days=5)), transaction() as session:
        factories.create_step(session, session.get_one(Claim, claim.id), ClaimStatus.REVOKED, action=ClaimAction.REVOKE)
    seen = {days: then(person, TODAY.date() + timedelta(days=days)).hours[0].earned for days in (1, 2, 4, 5)}
    assert seen == {1: 0, 2: Decimal("7.5"), 4: Decimal("7.5"), 5: 0}


def test_the_year_is_judged_by_the_rules_of_the_day(person: Person) -> None:
    for category, hours in FULL.items():
        approve(person, category, hours)
    with transaction() as session:
        topmost = factories.actor_of(session, factories.create_supervisor(session, "440000"))
    raised = TODAY.date() + timedelta(days=3)
    put_in_force(topmost, replace(FORM, in_force_on=raised))
    before, after = then(person, raised - timedelta(days=1)), then(person, raised)
    assert (before.met, after.met) == (True, False)
    assert [line.required for line in after.hours] == list(MORE.values())
    assert before.rules[0].edition.edition != after.rules[0].edition.edition


def test_a_title_that_was_obtained_since_did_not_hold_then(person: Person) -> None:
    with transaction() as session:
        topmost = factories.actor_of(session, factories.create_supervisor(session, "440000"))
        stored = session.get_one(Person, person.id)
        title = profiles.create_title(session, stored)
        stored.title_series = TitleSeries.TEACHING
        title.series, title.is_current = TitleSeries.TEACHING, True
        title.obtained_on = TODAY.date() + timedelta(days=4)
    put_in_force(topmost, replace(FORM, title_series=TitleSeries.TEACHING, hours={Category.GENERAL: 60}))
    required = {days: then(person, TODAY.date() + timedelta(days=days)).hours[0].required for days in (3, 4)}
    assert required == {3: 30, 4: 60}


def test_a_day_before_the_year_began_asks_for_nothing(person: Person) -> None:
    with pytest.raises(NoRequirement):
        then(person, date(YEAR - 1, 12, 31))


def test_a_day_to_come_is_not_known(person: Person) -> None:
    with pytest.raises(InvalidField):
        then(person, (TODAY + LATER).date() + timedelta(days=1))


def test_a_supervisor_may_know_of_whoever_has_hours_from_his_divisions(person: Person, employer: Organisation) -> None:
    with transaction() as session:
        elsewhere = factories.create_employer(session, division="440300")
        session.scalars(select(Binding)).one().organisation_id = elsewhere.id
        before = factories.actor_of(session, factories.create_supervisor(session, employer.division))
    with pytest.raises(NotFound):
        then(person, TODAY.date(), before)
    with transaction() as session:
        claim = factories.create_claim(
            session, session.get_one(Person, person.id), employer=employer, status=ClaimStatus.SUBMITTED
        )
    with pytest.raises(NotFound):
        then(person, TODAY.date(), before)
    with transaction() as session:
        stored = session.get_one(Claim, claim.id)
        stored.status, stored.hours_awarded = ClaimStatus.APPROVED, stored.hours_claimed
    assert then(person, TODAY.date(), before).year == YEAR


def test_the_person_the_employer_and_the_supervisor_may_know(person: Person, employer: Organisation) -> None:
    with transaction() as session:
        knowing = [
            factories.actor_of(session, factories.create_reviewer(session, employer)),
            factories.actor_of(session, factories.create_supervisor(session, "440100")),
        ]
        ignorant = [
            factories.actor_of(session, factories.create_reviewer(session, factories.create_employer(session))),
            factories.actor_of(session, factories.create_supervisor(session, "440300")),
            factories.actor_for(session, factories.create_person(session, employer=employer)),
            factories.actor_of(session, factories.create_account(session)),
        ]
    for actor in knowing:
        assert then(person, TODAY.date(), actor).employer == employer.name
    for actor in ignorant:
        with pytest.raises(NotFound):
            then(person, TODAY.date(), actor)


def test_who_could_not_begin_elsewhere_on_the_agreed_day_still_worked_here(
    person: Person, employer: Organisation
) -> None:
    """A suspended employer takes nobody over until it is reinstated."""
    with clock.at(TODAY + timedelta(days=2)), transaction() as session:
        elsewhere = factories.create_employer(session)
        stored = session.get_one(Person, person.id)
        factories.create_binding(session, stored, elsewhere, status=BindingStatus.SCHEDULED)
    assert then(person, (TODAY + timedelta(days=5)).date()).employer == employer.name
