"""Who is told of a notice: by role, by place and by day, until he has taken note of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.accounts import Account, Role
from db.notices import Notice, NoticeAudience, NoticeDismissal, NoticeStatus
from db.organisations import OrganisationKind, OrganisationStatus
from db.people import BindingStatus
from services import clock, notice_board
from services.clock import now, today
from services.errors import NotFound, PermissionDenied
from services.permissions import SYSTEM, Actor
from tests import factories
from tests.counting import counted
from tests.services.acting import refused

COUNTY, NEIGHBOUR, CITY, OTHER_CITY, PROVINCE, OTHER_PROVINCE = (
    "440104",
    "440106",
    "440100",
    "440300",
    "440000",
    "430000",
)


def announce(
    session: Session,
    *roles: Role,
    division: str | None = None,
    begins: int = 0,
    days: int = 7,
    status: NoticeStatus = NoticeStatus.PUBLISHED,
) -> int:
    first = today() + timedelta(days=begins)
    notice = Notice(title="系统维护", text="周六维护。", show_from=first, show_until=first + timedelta(days=days))
    notice.division, notice.status, notice.created_at = division, status, now()
    notice.published_at = now() if status in {NoticeStatus.PUBLISHED, NoticeStatus.ENDED} else None
    notice.audience = [NoticeAudience(role=role) for role in roles or Role]
    session.add(notice)
    session.flush()
    return notice.id


def actor_with(session: Session, role: Role, division: str = COUNTY) -> Actor:
    """Somebody whose role has to do with a division, as far as a role has."""
    match role:
        case Role.PROFESSIONAL:
            employer = factories.create_employer(session, division=division)
            return factories.actor_for(session, factories.create_person(session, employer=employer))
        case Role.EMPLOYER | Role.PROVIDER:
            kind = OrganisationKind(role.value)
            account = factories.create_account(session)
            organisation = factories.create_organisation(session, kind=kind, division=division)
            factories.grant(session, account, role, organisation=organisation)
            return factories.actor_of(session, account)
        case Role.SUPERVISOR:
            return factories.actor_of(session, factories.create_supervisor(session, division))
    return factories.actor_of(session, factories.create_account(session, role))


def told(actor: Actor) -> list[int]:
    with reading() as session:
        return [notice.notice_id for notice in notice_board.read(session, actor)]


def new(actor: Actor) -> list[int]:
    with reading() as session:
        return [notice.notice_id for notice in notice_board.read(session, actor) if notice.is_new]


def take_note(actor: Actor, notice_id: int) -> None:
    with transaction() as session:
        notice_board.take_note(session, actor, notice_id)


@pytest.mark.parametrize("reader", Role)
def test_each_role_is_told_what_is_for_it_and_nothing_else(reader: Role) -> None:
    with transaction() as session:
        actor = actor_with(session, reader)
        announced = {role: announce(session, role) for role in Role}
    assert told(actor) == [announced[reader]]


PLACED = [Role.PROFESSIONAL, Role.EMPLOYER, Role.PROVIDER, Role.SUPERVISOR]


@pytest.mark.parametrize("reader", PLACED)
def test_a_notice_for_a_division_is_for_all_below_it(reader: Role) -> None:
    with transaction() as session:
        places = (COUNTY, NEIGHBOUR, CITY, OTHER_CITY, PROVINCE, OTHER_PROVINCE)
        announced = {place: announce(session, division=place) for place in places}
        county, city, province = (actor_with(session, reader, place) for place in (COUNTY, CITY, PROVINCE))
    assert set(told(county)) == {announced[COUNTY], announced[CITY], announced[PROVINCE]}
    assert set(told(city)) == {announced[CITY], announced[PROVINCE]}
    assert told(province) == [announced[PROVINCE]]


@pytest.mark.parametrize("reader", [role for role in Role if role not in PLACED])
def test_a_role_that_holds_everywhere_is_told_of_every_division(reader: Role) -> None:
    with transaction() as session:
        actor = actor_with(session, reader)
        announced = announce(session, division=OTHER_PROVINCE)
    assert told(actor) == [announced]


def test_of_several_roles_each_counts_in_its_own_place() -> None:
    """A professional of one county who supervises another one is not told as a supervisor what is for the first."""
    with transaction() as session:
        employer = factories.create_employer(session, division=COUNTY)
        person = factories.create_person(session, employer=employer)
        account = session.get_one(Account, person.account_id)
        factories.grant(session, account, Role.SUPERVISOR, division=OTHER_CITY)
        actor = factories.actor_of(session, account)
        mine = announce(session, Role.PROFESSIONAL, division=COUNTY)
        mine_too = announce(session, Role.SUPERVISOR, division=OTHER_CITY)
        announce(session, Role.SUPERVISOR, division=COUNTY)
        announce(session, Role.PROFESSIONAL, division=OTHER_CITY)
    assert set(told(actor)) == {mine, mine_too}


@pytest.mark.parametrize("status", [status for status in BindingStatus if status is not BindingStatus.ACTIVE])
def test_only_the_employer_of_now_says_where_a_professional_is(status: BindingStatus) -> None:
    with transaction() as session:
        person = factories.create_person(session)
        factories.create_binding(session, person, factories.create_employer(session), status=status)
        actor = factories.actor_for(session, person)
        everywhere = announce(session)
        announce(session, division=COUNTY)
    assert told(actor) == [everywhere]


def test_a_suspended_organisation_is_told_as_well() -> None:
    with transaction() as session:
        employer = factories.create_organisation(session, status=OrganisationStatus.SUSPENDED)
        actor = factories.actor_of(session, factories.create_reviewer(session, employer))
        announced = announce(session, division=COUNTY)
    assert told(actor) == [announced]


@pytest.mark.parametrize("status", [status for status in NoticeStatus if status is not NoticeStatus.PUBLISHED])
def test_only_what_is_published_is_told(status: NoticeStatus) -> None:
    with transaction() as session:
        actor = actor_with(session, Role.ANALYST)
        notice_id = announce(session, status=status)
    assert told(actor) == []
    assert refused(notice_board.take_note, actor, notice_id) is NotFound


def test_it_is_told_from_its_first_day_and_is_of_before_after_its_last() -> None:
    with transaction() as session:
        actor = actor_with(session, Role.ANALYST)
        notice_id = announce(session, begins=2, days=1)
    midnight = {days: clock.midnight(today() + timedelta(days=days)) for days in (2, 4)}
    with clock.at(midnight[2] - timedelta(seconds=1)):
        assert told(actor) == []
    for moment in (midnight[2], midnight[4] - timedelta(seconds=1)):
        with clock.at(moment):
            assert new(actor) == [notice_id]
    with clock.at(midnight[4]):
        assert (new(actor), told(actor)) == ([], [notice_id])


def test_what_somebody_has_taken_note_of_is_new_to_others_only() -> None:
    with transaction() as session:
        actor, other = (actor_with(session, Role.ANALYST) for _ in range(2))
        notice_id = announce(session)
    take_note(actor, notice_id)
    take_note(actor, notice_id)
    assert (new(actor), told(actor), new(other)) == ([], [notice_id], [notice_id])


def test_two_clicks_at_once_note_it_once() -> None:
    with transaction() as session:
        actor = actor_with(session, Role.ANALYST)
        notice_id = announce(session)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: take_note(actor, notice_id), range(4)))
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(NoticeDismissal)) == 1


def test_nobody_takes_note_of_what_is_not_told_to_him() -> None:
    with transaction() as session:
        actor = actor_with(session, Role.ANALYST)
        for_others = announce(session, Role.EMPLOYER)
        later = announce(session, begins=1)
    assert {refused(notice_board.take_note, actor, number) for number in (for_others, later, 10**9)} == {NotFound}


def test_new_ones_come_first_each_kind_from_the_newest_on() -> None:
    with transaction() as session:
        actor = actor_with(session, Role.ANALYST)
        old, older, over = (announce(session, begins=begins, days=3) for begins in (-1, -2, -9))
        newest = announce(session)
    take_note(actor, newest)
    assert told(actor) == [old, older, newest, over]


def test_of_many_only_some_are_read_in_one_query() -> None:
    with transaction() as session:
        actor = actor_with(session, Role.PROFESSIONAL)
        for _ in range(notice_board.MOST_SHOWN + 5):
            announce(session)
    with counted() as queries:
        assert len(told(actor)) == notice_board.MOST_SHOWN
    assert len(queries) == 1


def test_somebody_without_a_role_is_told_nothing_and_nobody_reads_before_he_may_work() -> None:
    with transaction() as session:
        actor = factories.actor_of(session, factories.create_account(session))
        notice_id = announce(session)
    assert told(actor) == []
    for stranger in (SYSTEM, replace(actor, must_change_password=True)):
        assert refused(notice_board.read, stranger) is PermissionDenied
        assert refused(notice_board.take_note, stranger, notice_id) is PermissionDenied
