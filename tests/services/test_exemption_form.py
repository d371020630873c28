"""Asking for an exemption: how much, with which proof, and of whom."""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from db.claims import Category
from db.events import pending
from db.exemptions import WHOLE
from db.exemptions import ExemptionAction as Action
from db.exemptions import ExemptionStatus as Status
from db.organisations import Organisation
from db.people import Person
from services import exemption_form, exemptions
from services.clock import today
from services.errors import InvalidField, LeftOut, NotFound, PermissionDenied
from services.exemption_form import AlreadyRequested, Given, LessThanGranted, NoProof, NothingReduced
from services.people import NoEmployer
from services.permissions import Actor
from services.requirements import NoRequirement
from tests import factories
from tests.exemption_cases import create_exemption
from tests.services.exemption_steps import HALF, act, form
from tests.services.files import checked_file


@pytest.fixture
def owner(open_session: Session, person: Person) -> Actor:
    return factories.actor_for(open_session, person)


def test_what_was_asked_for_waits_for_the_supervisors_of_the_employer(
    open_session: Session, owner: Actor, employer: Organisation, supervisor: Actor
) -> None:
    made = exemption_form.request(open_session, owner, form(), [checked_file()])
    assert (made.status, made.employer_id) == (Status.REQUESTED, employer.id)
    assert [made.hours(category) for category in Category] == [0, 21, 0]
    assert [each.id for each in exemptions.queue(open_session, supervisor, status=Status.REQUESTED)] == [made.id]
    assert exemptions.counts(open_session, supervisor) == {Status.REQUESTED: 1}
    assert made.news_at is None


def test_the_event_does_not_say_why(open_session: Session, owner: Actor) -> None:
    made = exemption_form.request(open_session, owner, form(), [checked_file()])
    (said,) = (event.after for event in pending(open_session) if event.object_id == made.id)
    assert said == {
        "status": "requested", "year": made.year, "general": "0", "professional": "21", "elective": "0"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"year": None, "reason": None, "explanation": " "}, LeftOut),
        ({"hours": {}}, NothingReduced),
        ({"hours": {Category.GENERAL: 0.0, Category.ELECTIVE: ""}}, NothingReduced),
        ({"hours": {Category.PROFESSIONAL: "42.5"}}, InvalidField),
        ({"hours": {Category.PROFESSIONAL: -1}}, InvalidField),
        ({"hours": {Category.PROFESSIONAL: "一半"}}, InvalidField),
        ({"hours": {Category.PROFESSIONAL: Decimal("1.25")}}, InvalidField),
        ({"hours": {Category.PROFESSIONAL: "NaN"}}, InvalidField),
        ({"explanation": "长" * 501}, InvalidField),
        ({"year": 1999}, NoRequirement),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    open_session: Session, owner: Actor, changes: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        exemption_form.request(open_session, owner, form(**changes), [checked_file()])


def test_a_year_to_come_asks_for_nothing_yet(open_session: Session, owner: Actor) -> None:
    with pytest.raises(NoRequirement):
        exemption_form.request(open_session, owner, form(year=today().year + 1), [checked_file()])


@pytest.mark.parametrize("given", ["42", 42.0, WHOLE])
def test_up_to_all_that_is_asked_for_can_be_reduced(open_session: Session, owner: Actor, given: Given) -> None:
    asked = form(hours={Category.PROFESSIONAL: given})
    made = exemption_form.request(open_session, owner, asked, [checked_file()])
    assert made.professional == (WHOLE if given == WHOLE else 42)


def test_proof_is_needed(open_session: Session, owner: Actor) -> None:
    with pytest.raises(NoProof):
        exemption_form.request(open_session, owner, form(), [])


def test_without_an_employer_there_is_nobody_to_decide(open_session: Session) -> None:
    alone = factories.actor_for(open_session, factories.create_person(open_session))
    with pytest.raises(NoEmployer):
        exemption_form.request(open_session, alone, form(), [checked_file()])


def test_one_request_at_a_time(open_session: Session, owner: Actor) -> None:
    made = exemption_form.request(open_session, owner, form(), [checked_file()])
    with pytest.raises(AlreadyRequested):
        exemption_form.request(open_session, owner, form(), [checked_file()])
    act(open_session, owner, made, Action.WITHDRAW)
    exemption_form.request(open_session, owner, form(), [checked_file()])


@pytest.mark.parametrize(
    "hours", [{Category.GENERAL: "30"}, {Category.PROFESSIONAL: "20.5"}, {Category.PROFESSIONAL: "21"}]
)
def test_another_one_reduces_more_than_the_one_that_holds(
    open_session: Session, person: Person, employer: Organisation, owner: Actor, hours: dict[Category, str]
) -> None:
    create_exemption(open_session, person, employer, status=Status.GRANTED, hours=HALF)
    with pytest.raises(LessThanGranted):
        exemption_form.request(open_session, owner, form(hours=hours), [checked_file()])


def test_a_supervisor_proposes_for_his_own_division_only(
    open_session: Session, person: Person, supervisor: Actor, owner: Actor
) -> None:
    elsewhere = factories.actor_of(open_session, factories.create_supervisor(open_session, "440300"))
    for stranger, refusal in ((elsewhere, NotFound), (owner, PermissionDenied)):
        with pytest.raises(refusal):
            exemption_form.propose(open_session, stranger, person.id, form(), [checked_file()])
    made = exemption_form.propose(open_session, supervisor, person.id, form(), [checked_file()])
    assert made.news_at is not None
    assert open_session.scalar(exemptions.waiting_news(owner)) == 1
