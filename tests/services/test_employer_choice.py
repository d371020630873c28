"""The employers among which a professional chooses."""

import pytest
from sqlalchemy.orm import Session

from db.organisations import OrganisationKind, OrganisationStatus
from services import employer_choice
from services.errors import PermissionDenied
from services.permissions import Actor
from tests import factories

PROVINCE, CITY, COUNTY, OTHER_COUNTY, OTHER_CITY = "440000", "440100", "440104", "440105", "440300"


@pytest.fixture
def professional(open_session: Session) -> Actor:
    return factories.actor_for(open_session, factories.create_person(open_session))


def registered(session: Session, actor: Actor, text: str = "", *, division: str = CITY) -> list[str]:
    return [each.name for each in employer_choice.list_registered(session, actor, division=division, text=text)]


def holding(session: Session, actor: Actor, division: str) -> list[str]:
    return [each.division for each in employer_choice.list_holding(session, actor, division=division)]


def test_they_are_the_approved_ones_of_a_division_and_below(open_session: Session, professional: Actor) -> None:
    factories.create_employer(open_session, name="晴川桥隧设计有限公司", division=COUNTY)
    factories.create_employer(open_session, name="晴川测绘院", division=OTHER_CITY)
    factories.create_organisation(open_session, name="晴川候审公司", status=OrganisationStatus.APPLIED)
    factories.create_organisation(open_session, name="晴川培训中心", kind=OrganisationKind.PROVIDER)
    factories.create_holding_employer(open_session)
    assert registered(open_session, professional) == ["晴川桥隧设计有限公司"]
    assert registered(open_session, professional, division=COUNTY) == ["晴川桥隧设计有限公司"]
    assert registered(open_session, professional, division=OTHER_COUNTY) == []


@pytest.mark.parametrize(("text", "found"), [("桥隧", 1), ("桥隧\0", 1), ("100%", 0), ("_", 0)])
def test_they_are_found_by_part_of_the_name_and_wildcards_mean_themselves(
    open_session: Session, professional: Actor, text: str, found: int
) -> None:
    factories.create_employer(open_session, name="晴川桥隧设计有限公司")
    assert len(registered(open_session, professional, text)) == found


def test_whoever_finds_none_is_offered_the_nearest_holding_employer_first(
    open_session: Session, professional: Actor
) -> None:
    places = (PROVINCE, CITY, COUNTY, OTHER_COUNTY, OTHER_CITY)
    employers = {place: factories.create_holding_employer(open_session, division=place) for place in places}
    assert holding(open_session, professional, COUNTY) == [COUNTY, CITY, PROVINCE]
    assert holding(open_session, professional, CITY) == [CITY, PROVINCE]
    assert holding(open_session, professional, OTHER_CITY) == [OTHER_CITY, PROVINCE]
    employers[CITY].status = OrganisationStatus.SUSPENDED
    open_session.flush()
    assert holding(open_session, professional, COUNTY) == [COUNTY, PROVINCE]


def test_where_somebody_works_already_is_not_offered(open_session: Session) -> None:
    employer = factories.create_employer(open_session)
    looked_after = factories.create_holding_employer(open_session)
    employed, held = (
        factories.actor_for(open_session, factories.create_person(open_session, employer=each))
        for each in (employer, looked_after)
    )
    assert registered(open_session, employed) == []
    assert holding(open_session, employed, COUNTY) == [COUNTY]
    assert registered(open_session, held) == [employer.name]
    assert holding(open_session, held, COUNTY) == []


def test_nobody_else_looks_through_them(open_session: Session) -> None:
    reviewer = factories.create_reviewer(open_session, factories.create_employer(open_session))
    actor = factories.actor_of(open_session, reviewer)
    for choose in (employer_choice.list_registered, employer_choice.list_holding):
        with pytest.raises(PermissionDenied):
            choose(open_session, actor, division=CITY)
