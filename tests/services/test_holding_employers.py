"""Holding employers: one for each division, run by its supervisor, for people whose employer is not registered."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.accounts import Account
from db.events import pending
from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from db.people import BindingStatus
from services import bindings, divisions, holding_employers, organisation_history, people
from services.errors import InvalidField, PermissionDenied
from services.holding_employers import HoldingExists
from services.permissions import Actor
from tests import factories

PROVINCE, CITY, COUNTY, OTHER_COUNTY, OTHER_CITY = "440000", "440100", "440104", "440105", "440300"


@pytest.fixture
def account(open_session: Session) -> Account:
    return factories.create_supervisor(open_session, CITY)


@pytest.fixture
def supervisor(open_session: Session, account: Account) -> Actor:
    return factories.actor_of(open_session, account)


@pytest.fixture
def professional(open_session: Session) -> Actor:
    return factories.actor_for(open_session, factories.create_person(open_session))


def found(session: Session, actor: Actor, division: str | None = COUNTY) -> Organisation:
    return holding_employers.found(session, actor, division, contact_name="陈景行", contact_phone="020-00000000")


def test_its_founder_runs_it_and_its_people_work_as_those_of_any_employer(
    open_session: Session, account: Account, supervisor: Actor, professional: Actor
) -> None:
    employer = found(open_session, supervisor)
    assert (employer.is_holding, employer.status) == (True, OrganisationStatus.APPROVED)
    assert employer.name == "广东省广州市越秀区代管单位"
    running = factories.actor_of(open_session, account)
    asked = bindings.request(open_session, professional, employer.id)
    bindings.confirm(open_session, running, asked.id)
    open_session.flush()
    assert people.employer_of(open_session, professional.person_id).id == employer.id


def test_its_beginning_stands_in_the_log_and_in_its_history(open_session: Session, supervisor: Actor) -> None:
    employer = found(open_session, supervisor)
    (event,) = pending(open_session)
    assert (event.action, event.object_id) == ("organisation_found", employer.id)
    assert event.after["division"] == COUNTY
    assert event.action in organisation_history.ACTIONS


@pytest.mark.parametrize("division", [PROVINCE, OTHER_CITY, "440102", "999999", "", None])
def test_a_supervisor_founds_one_in_a_current_division_of_his_only(
    open_session: Session, supervisor: Actor, division: str | None
) -> None:
    with pytest.raises(InvalidField, match="行政区划"):
        found(open_session, supervisor, division)


def test_nobody_else_founds_one(open_session: Session, professional: Actor) -> None:
    reviewer = factories.create_reviewer(open_session, factories.create_employer(open_session))
    for actor in (professional, factories.actor_of(open_session, reviewer)):
        with pytest.raises(PermissionDenied):
            found(open_session, actor)


@pytest.mark.parametrize(
    ("contact", "phone", "field"), [(" ", "020-00000000", "联系人"), ("陈景行", "call me", "联系电话")]
)
def test_it_tells_its_people_whom_to_call(
    open_session: Session, supervisor: Actor, contact: str, phone: str, field: str
) -> None:
    with pytest.raises(InvalidField, match=field):
        holding_employers.found(open_session, supervisor, COUNTY, contact_name=contact, contact_phone=phone)


def test_a_division_has_one_at_most_and_others_have_their_own(open_session: Session, supervisor: Actor) -> None:
    found(open_session, supervisor)
    with pytest.raises(HoldingExists, match="越秀区"):
        found(open_session, supervisor)
    found(open_session, supervisor, CITY)
    with pytest.raises(IntegrityError), open_session.begin_nested():
        factories.create_holding_employer(open_session, division=COUNTY)


def test_only_an_employer_goes_without_a_code(open_session: Session) -> None:
    provider = factories.create_organisation(open_session, kind=OrganisationKind.PROVIDER)
    provider.uscc = None
    with pytest.raises(IntegrityError):
        open_session.flush()


def test_a_supervisor_sees_those_of_his_divisions_with_how_many_people_they_look_after(
    open_session: Session, supervisor: Actor
) -> None:
    first = factories.create_holding_employer(open_session, division=COUNTY)
    factories.create_holding_employer(open_session, division=OTHER_COUNTY)
    factories.create_holding_employer(open_session, division=OTHER_CITY)
    for status in (BindingStatus.ACTIVE, BindingStatus.ACTIVE, BindingStatus.REQUESTED, BindingStatus.ENDED):
        factories.create_binding(open_session, factories.create_person(open_session), first, status=status)
    listed = holding_employers.list_all(open_session, supervisor)
    assert [(each.employer.division, each.staff, each.requests) for each in listed] == [
        (COUNTY, 2, 1),
        (OTHER_COUNTY, 0, 0),
    ]


def test_it_can_be_founded_everywhere_below_and_nowhere_twice(supervisor: Actor) -> None:
    places = holding_employers.possible_divisions(supervisor)
    codes = [place.code for place in places]
    assert codes[0] == CITY
    assert {COUNTY, OTHER_COUNTY} < set(codes)
    assert len(codes) == len(set(codes))
    assert all(divisions.covers(CITY, code) and divisions.can_be_chosen(code) for code in codes)


def test_two_supervisors_of_a_place_agree_on_the_one_that_is_there(open_session: Session, supervisor: Actor) -> None:
    found(open_session, supervisor)
    county = factories.actor_of(open_session, factories.create_supervisor(open_session, COUNTY))
    with pytest.raises(HoldingExists):
        found(open_session, county)
    stored = open_session.scalars(select(Organisation).where(Organisation.uscc.is_(None))).all()
    assert len(stored) == 1
