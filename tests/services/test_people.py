"""Basic information, and the number that only few may see."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from db.ethnicities import Ethnicity
from db.events import pending
from services import people
from services.errors import InvalidField
from services.people import Profile
from services.permissions import Actor
from tests import factories

PROFILE = Profile(
    mobile="13800000000",
    email="name@example.com",
    ethnicity=Ethnicity.ZHUANG,
    native_place="广西百色",
)


@pytest.fixture
def professional(open_session: Session) -> Actor:
    return factories.actor_for(open_session, factories.create_person(open_session))


def test_the_profile_is_kept(open_session: Session, professional: Actor) -> None:
    people.update_profile(open_session, professional, PROFILE)
    person = people.own_profile(open_session, professional)
    assert (person.mobile, person.ethnicity, person.native_place) == ("13800000000", "zhuang", "广西百色")


@pytest.mark.parametrize(("change", "field"), [({"mobile": "1"}, "手机号码"), ({"email": "at home"}, "电子邮箱")])
def test_a_wrong_field_is_named(open_session: Session, professional: Actor, change: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidField, match=field):
        people.update_profile(open_session, professional, replace(PROFILE, **change))  # type: ignore[arg-type]  # texts


def test_the_own_number_is_shown_and_the_look_is_recorded_without_it(
    open_session: Session, professional: Actor
) -> None:
    number = people.reveal_own_id_number(open_session, professional)
    person = people.own_profile(open_session, professional)
    assert person.id_number_masked == f"{number[:3]}***********{number[-4:]}"
    assert [event.action for event in pending(open_session)] == ["id_number_reveal"]
    assert number not in str([(e.before, e.after) for e in pending(open_session)])
