"""The staff of an employer: who is listed, in which order, found by what, and of whom how much is shown."""

import pytest
from sqlalchemy.orm import Session

from db.events import pending
from db.organisations import Organisation
from db.people import BindingStatus, Person
from services import binding_steps, bindings, people, staff
from services.clock import today
from services.errors import NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor
from tests import factories


@pytest.fixture
def professional(open_session: Session) -> Actor:
    return factories.actor_for(open_session, factories.create_person(open_session))


def names(session: Session, actor: Actor, status: BindingStatus, text: str = "") -> list[str]:
    return [binding.person.name for binding in staff.roster(session, actor, status=status, text=text)]


def test_requests_are_counted_and_wait_for_this_employer_alone(
    open_session: Session, professional: Actor, reviewer: Actor, employer: Organisation
) -> None:
    bindings.request(open_session, professional, employer.id)
    open_session.flush()
    stranger = factories.create_reviewer(open_session, factories.create_employer(open_session))
    other = factories.actor_of(open_session, stranger)
    assert staff.counts(open_session, reviewer) == {BindingStatus.REQUESTED: 1}
    assert open_session.scalar(staff.waiting(reviewer)) == 1
    assert (staff.counts(open_session, other), open_session.scalar(staff.waiting(other))) == ({}, 0)


def test_another_employer_neither_sees_nor_decides(
    open_session: Session, professional: Actor, employer: Organisation
) -> None:
    binding = bindings.request(open_session, professional, employer.id)
    stranger = factories.create_reviewer(open_session, factories.create_employer(open_session))
    actor = factories.actor_of(open_session, stranger)
    assert staff.roster(open_session, actor, status=BindingStatus.REQUESTED) == []
    for attempt in (staff.get, staff.reveal_id_number):
        with pytest.raises(NotFound):
            attempt(open_session, actor, binding.id)
        with pytest.raises(PermissionDenied):
            attempt(open_session, professional, binding.id)


def test_the_id_number_is_shown_to_who_decides_only_while_he_decides_and_each_look_is_recorded(
    open_session: Session, professional: Actor, reviewer: Actor, employer: Organisation
) -> None:
    binding = bindings.request(open_session, professional, employer.id)
    own = people.reveal_own_id_number(open_session, professional)
    assert staff.reveal_id_number(open_session, reviewer, binding.id) == own
    bindings.confirm(open_session, reviewer, binding.id)
    open_session.flush()
    with pytest.raises(WrongStatus):
        staff.reveal_id_number(open_session, reviewer, binding.id)
    looks = [event.actor_id for event in pending(open_session) if event.action == "id_number_reveal"]
    assert looks == [professional.account_id, reviewer.account_id]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("买买提", ["阿卜杜拉·买买提"]),
        ("%", ["张100%"]),
        ("_", []),
        ("若谷", ["欧阳若谷"]),
        ("若谷\0", ["欧阳若谷"]),
    ],
)
def test_staff_are_found_by_part_of_the_name_and_wildcards_mean_themselves(
    open_session: Session, reviewer: Actor, employer: Organisation, text: str, found: list[str]
) -> None:
    for name in ("阿卜杜拉·买买提", "欧阳若谷", "张100%"):
        factories.create_person(open_session, name=name, employer=employer)
    assert names(open_session, reviewer, BindingStatus.ACTIVE, text) == found


@pytest.mark.parametrize("status", BindingStatus)
def test_who_is_here_comes_in_order_and_who_is_gone_newest_first_page_by_page(
    open_session: Session,
    reviewer: Actor,
    employer: Organisation,
    status: BindingStatus,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(staff, "PAGE_SIZE", 2)
    for name in "甲乙丙":
        person = factories.create_person(open_session, name=name)
        factories.create_binding(open_session, person, employer, status=status)
    first = staff.roster(open_session, reviewer, status=status)
    second = staff.roster(open_session, reviewer, status=status, after_id=first[-1].id)
    listed = "".join(binding.person.name for binding in (*first, *second))
    assert listed == ("甲乙丙" if status in binding_steps.OPEN else "丙乙甲")


def test_the_old_employer_is_told_when_and_where_somebody_goes(
    open_session: Session, reviewer: Actor, employer: Organisation
) -> None:
    mover = factories.actor_for(open_session, factories.create_person(open_session, employer=employer))
    there = factories.create_employer(open_session, name="晴川水务有限公司")
    receiving = factories.actor_of(open_session, factories.create_reviewer(open_session, there))
    asked = bindings.request_transfer(open_session, mover, there.id, wished_on=today())
    (before,) = staff.roster(open_session, reviewer, status=BindingStatus.ACTIVE)
    assert before.successor is None
    bindings.confirm(open_session, receiving, asked.id, starts_on=today())
    open_session.expire_all()
    (gone,) = staff.roster(open_session, reviewer, status=BindingStatus.ENDED)
    assert gone.successor is not None
    assert (gone.successor.organisation.name, gone.successor.started_on) == ("晴川水务有限公司", today())
    assert isinstance(gone.person, Person)
