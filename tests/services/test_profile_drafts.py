"""What a professional means to change: drafted for his employer, or done at once without one."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.events import pending
from db.people import BindingStatus, Person, TitleLevel, TitleSeries
from db.profile_changes import ProfileChange, ProfileChangeItem, ProfileChangeStatus, ProfilePart
from db.qualifications import Degree, Licence, Title
from services import profile_changes, profile_drafts, qualifications
from services.clock import today
from services.errors import InvalidField, LeftOut, NotFound, PermissionDenied
from services.permissions import Actor
from services.profile_changes import EmployerIsReading
from services.profile_drafts import NothingChanged
from tests import factories, profiles

WORK = {"department": "桥梁所", "position": "结构设计", "practising_since": 2008, "honours": "市青年拔尖人才"}
TITLE = {
    "series": TitleSeries.ENGINEERING,
    "level": TitleLevel.MIDDLE,
    "name": "工程师",
    "specialty": "桥梁工程",
    "obtained_on": date(2018, 11, 30),
    "approving_body": "晴川市人力资源和社会保障局",
    "is_current": True,
}
DEGREE = {
    "school": "晴川大学",
    "major": "土木工程",
    "education_level": "undergraduate",
    "degree_level": "bachelor",
    "graduated_on": date(2007, 6, 30),
}
LICENCE = {
    "name": "一级注册结构工程师",
    "number": "S1-440000-0001",
    "issuing_body": "住房和城乡建设主管部门",
    "issued_on": date(2019, 5, 1),
    "valid_until": date(2031, 4, 30),
}
ALL: dict[ProfilePart, dict[str, Any]] = {
    ProfilePart.TITLE: TITLE,
    ProfilePart.DEGREE: DEGREE,
    ProfilePart.LICENCE: LICENCE,
}


@pytest.fixture
def alone(open_session: Session) -> Actor:
    """Somebody without an employer."""
    return factories.actor_for(open_session, factories.create_person(open_session))


@pytest.fixture
def employed(open_session: Session) -> Actor:
    employer = factories.create_employer(open_session)
    return factories.actor_for(open_session, factories.create_person(open_session, employer=employer))


def person_of(session: Session, actor: Actor) -> Person:
    return session.get_one(Person, actor.person_id)


def items(session: Session, actor: Actor) -> list[ProfileChangeItem]:
    session.flush()
    change = profile_changes.own_change(session, actor)
    return change.items if change else []


def test_without_an_employer_everything_holds_at_once(open_session: Session, alone: Actor) -> None:
    profile_drafts.put(open_session, alone, ProfilePart.WORK, WORK, entry_id=alone.person_id)
    for part, values in ALL.items():
        profile_drafts.put(open_session, alone, part, values)
    person = person_of(open_session, alone)
    assert {name: getattr(person, name) for name in WORK} == WORK
    entries = qualifications.list_entries(open_session, alone, alone.person_id)
    for part, values in ALL.items():
        assert [{name: getattr(row, name) for name in values} for row in entries[part]] == [values]
    assert {event.action for event in pending(open_session)} == {"profile_update"}
    assert open_session.scalars(select(ProfileChange)).all() == []


def test_with_an_employer_nothing_holds_at_once(open_session: Session, employed: Actor) -> None:
    profile_drafts.put(open_session, employed, ProfilePart.WORK, WORK, entry_id=employed.person_id)
    for part, values in ALL.items():
        profile_drafts.put(open_session, employed, part, values)
    assert person_of(open_session, employed).department == ""
    for table in (Title, Degree, Licence):
        assert open_session.scalars(select(table)).all() == []
    assert [item.part for item in items(open_session, employed)] == [ProfilePart.WORK, *ALL]


def test_while_the_first_employer_looks_at_it_nothing_changes(open_session: Session, alone: Actor) -> None:
    employer = factories.create_employer(open_session)
    binding = factories.create_binding(
        open_session, person_of(open_session, alone), employer, status=BindingStatus.REQUESTED
    )
    with pytest.raises(EmployerIsReading):
        profile_drafts.put(open_session, alone, ProfilePart.TITLE, TITLE)
    binding.status = BindingStatus.WITHDRAWN
    open_session.flush()
    profile_drafts.put(open_session, alone, ProfilePart.TITLE, TITLE)
    assert person_of(open_session, alone).title_name == "工程师"


def test_what_was_sent_is_changed_only_after_it_was_taken_back(open_session: Session, employed: Actor) -> None:
    change = profiles.create_profile_change(open_session, person_of(open_session, employed))
    item_id = change.items[0].id
    with pytest.raises(EmployerIsReading):
        profile_drafts.put(open_session, employed, ProfilePart.TITLE, TITLE)
    with pytest.raises(EmployerIsReading):
        profile_drafts.rewrite(open_session, employed, item_id, DEGREE)
    with pytest.raises(EmployerIsReading):
        profile_drafts.drop(open_session, employed, item_id)


def test_an_entry_is_meant_to_be_changed_once_and_then_otherwise(open_session: Session, employed: Actor) -> None:
    title = profiles.create_title(open_session, person_of(open_session, employed))
    profile_drafts.put(open_session, employed, ProfilePart.TITLE, {**TITLE, "name": "高级工程师"}, entry_id=title.id)
    profile_drafts.put(open_session, employed, ProfilePart.TITLE, {**TITLE, "name": "主任工程师"}, entry_id=title.id)
    (item,) = items(open_session, employed)
    assert (item.before["name"], item.after["name"]) == ("工程师", "主任工程师")
    profile_drafts.remove(open_session, employed, ProfilePart.TITLE, title.id)
    (item,) = items(open_session, employed)
    assert item.after == {}


def test_what_ends_as_it_began_is_no_change(open_session: Session, employed: Actor) -> None:
    me = employed.person_id
    profile_drafts.put(open_session, employed, ProfilePart.WORK, WORK, entry_id=me)
    profile_drafts.put(open_session, employed, ProfilePart.WORK, {}, entry_id=me)
    assert items(open_session, employed) == []
    with pytest.raises(NothingChanged):
        profile_drafts.put(open_session, employed, ProfilePart.WORK, {}, entry_id=me)


def test_nothing_changed_is_said_without_an_employer_too(open_session: Session, alone: Actor) -> None:
    with pytest.raises(NothingChanged):
        profile_drafts.put(open_session, alone, ProfilePart.WORK, {}, entry_id=alone.person_id)


def test_what_is_to_be_added_is_written_again_or_dropped(open_session: Session, employed: Actor) -> None:
    profile_drafts.put(open_session, employed, ProfilePart.DEGREE, DEGREE)
    (item,) = items(open_session, employed)
    profile_drafts.rewrite(open_session, employed, item.id, {**DEGREE, "major": "桥梁工程"})
    assert [each.after["major"] for each in items(open_session, employed)] == ["桥梁工程"]
    profile_drafts.drop(open_session, employed, item.id)
    assert items(open_session, employed) == []


def test_an_entry_of_somebody_else_is_not_there(open_session: Session, alone: Actor, employed: Actor) -> None:
    title = profiles.create_title(open_session, person_of(open_session, alone))
    with pytest.raises(NotFound):
        profile_drafts.put(open_session, employed, ProfilePart.TITLE, TITLE, entry_id=title.id)
    with pytest.raises(NotFound):
        profile_drafts.remove(open_session, employed, ProfilePart.TITLE, title.id)
    change = profiles.create_profile_change(
        open_session, person_of(open_session, employed), status=ProfileChangeStatus.DRAFT
    )
    with pytest.raises(NotFound):
        profile_drafts.drop(open_session, alone, change.items[0].id)


def test_only_professionals_have_a_profile(open_session: Session) -> None:
    reviewer = factories.actor_of(
        open_session, factories.create_reviewer(open_session, factories.create_employer(open_session))
    )
    with pytest.raises(PermissionDenied):
        profile_drafts.put(open_session, reviewer, ProfilePart.TITLE, TITLE)


@pytest.mark.parametrize(
    ("part", "wrong", "message"),
    [
        (ProfilePart.TITLE, {"series": "alchemy"}, "职称系列"),
        (ProfilePart.TITLE, {"level": TitleLevel.NONE}, "职称级别"),
        (ProfilePart.TITLE, {"name": "工" * 101}, "职称名称"),
        (ProfilePart.TITLE, {"obtained_on": date(1929, 12, 31)}, "取得日期"),
        (ProfilePart.DEGREE, {"graduated_on": "2019-02-30"}, "毕业日期"),
        (ProfilePart.DEGREE, {"school": "晴川\u202e大学"}, "毕业院校"),
        (ProfilePart.LICENCE, {"valid_until": date(2019, 4, 30)}, "有效期至"),
        (ProfilePart.LICENCE, {"issued_on": 20190501}, "发证日期"),
        (ProfilePart.WORK, {"practising_since": 1800}, "起始年份"),
        (ProfilePart.WORK, {"practising_since": "2008"}, "起始年份"),
        (ProfilePart.WORK, {"honours": "誉" * 501}, "学术技术称号"),
    ],
)
def test_a_wrong_value_is_named(
    open_session: Session, alone: Actor, part: ProfilePart, wrong: dict[str, object], message: str
) -> None:
    given = {**ALL.get(part, WORK), **wrong}
    with pytest.raises(InvalidField, match=message):
        profile_drafts.put(open_session, alone, part, given)


def test_a_day_that_has_not_come_yet_is_refused_except_for_an_expiry(open_session: Session, alone: Actor) -> None:
    tomorrow = today() + timedelta(days=1)
    with pytest.raises(InvalidField, match="取得日期"):
        profile_drafts.put(open_session, alone, ProfilePart.TITLE, {**TITLE, "obtained_on": tomorrow})
    profile_drafts.put(open_session, alone, ProfilePart.LICENCE, {**LICENCE, "valid_until": tomorrow})


def test_everything_that_was_left_out_is_named_at_once(open_session: Session, alone: Actor) -> None:
    with pytest.raises(LeftOut) as refusal:
        profile_drafts.put(open_session, alone, ProfilePart.DEGREE, {"school": " "})
    assert refusal.value.labels == ["毕业院校", "所学专业", "学历", "学位", "毕业日期"]


def test_of_several_titles_one_is_the_current_and_the_persons_columns_follow_it(
    open_session: Session, alone: Actor
) -> None:
    person = person_of(open_session, alone)
    profile_drafts.put(open_session, alone, ProfilePart.TITLE, {**TITLE, "is_current": False})
    assert (person.title_series, person.title_level, person.title_name) == (None, TitleLevel.NONE, "")
    teacher = {**TITLE, "series": TitleSeries.TEACHING, "name": "讲师"}
    profile_drafts.put(open_session, alone, ProfilePart.TITLE, TITLE)
    profile_drafts.put(open_session, alone, ProfilePart.TITLE, teacher)
    titles = open_session.scalars(select(Title).order_by(Title.id)).all()
    assert [title.is_current for title in titles] == [False, False, True]
    assert (person.title_series, person.title_name) == (TitleSeries.TEACHING, "讲师")
    profile_drafts.put(open_session, alone, ProfilePart.TITLE, TITLE, entry_id=titles[0].id)
    open_session.flush()
    open_session.expire_all()
    assert [title.is_current for title in titles] == [True, False, False]
    assert person.title_name == "工程师"
    profile_drafts.remove(open_session, alone, ProfilePart.TITLE, titles[0].id)
    assert (person.title_series, person.title_level, person.title_name) == (None, TitleLevel.NONE, "")


def test_the_database_keeps_one_current_title_a_person(open_session: Session, alone: Actor) -> None:
    profiles.create_title(open_session, person_of(open_session, alone))
    with pytest.raises(IntegrityError), open_session.begin_nested():
        profiles.create_title(open_session, person_of(open_session, alone))


def test_entries_are_seen_by_their_owner_and_by_employers_he_is_tied_to(open_session: Session, alone: Actor) -> None:
    profile_drafts.put(open_session, alone, ProfilePart.DEGREE, DEGREE)
    employer = factories.create_employer(open_session)
    reviewer = factories.actor_of(open_session, factories.create_reviewer(open_session, employer))

    def seen(actor: Actor) -> int:
        return len(qualifications.list_entries(open_session, actor, alone.person_id)[ProfilePart.DEGREE])

    assert (seen(alone), seen(reviewer)) == (1, 0)
    binding = factories.create_binding(
        open_session, person_of(open_session, alone), employer, status=BindingStatus.REQUESTED
    )
    assert seen(reviewer) == 1
    binding.status = BindingStatus.REFUSED
    open_session.flush()
    assert seen(reviewer) == 0


def test_of_several_titles_that_are_to_become_current_the_latest_is_meant(
    open_session: Session, employed: Actor
) -> None:
    for name in ("工程师", "高级工程师", "讲师"):
        profile_drafts.put(open_session, employed, ProfilePart.TITLE, {**TITLE, "name": name})
    first = items(open_session, employed)[0]
    profile_drafts.rewrite(open_session, employed, first.id, TITLE)
    assert [item.after["is_current"] for item in items(open_session, employed)] == [True, False, False]
