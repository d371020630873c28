"""The dashboard that a supervisor sees: his divisions and all below them, nothing else, at the same cost everywhere."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from db import reading, transaction
from db.accounts import Role
from db.claims import ActivityType, Category, ClaimAction, ClaimStatus
from db.organisations import Organisation, OrganisationKind
from db.people import Person
from services import clock, dashboard_run, dashboards, statistics
from services.dashboard_figures import ActivityHours, Age
from services.dashboards import FileKind, NoDashboard, Order
from services.errors import DomainError, NotFound, PermissionDenied
from services.permissions import ROLE_PERMISSIONS, SYSTEM, Actor, Permission
from tests import factories
from tests.services.acting import last_event
from tests.services.dashboard_world import NOW
from tests.services.test_dashboard_lists import QUESTIONS

YEAR = 2026
PROVINCE, CITY, COUNTY, NEIGHBOUR = "440000", "440100", "440104", "440300"


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(NOW):
        yield


def computed() -> None:
    statistics.recompute(transaction, SYSTEM)
    dashboard_run.make(reading, transaction, SYSTEM)


def supervising(*divisions: str) -> Actor:
    with transaction() as session:
        account = factories.create_account(session)
        for division in divisions:
            factories.grant(session, account, Role.SUPERVISOR, division=division)
        return factories.actor_of(session, account)


def asked(question: Callable[..., object], actor: Actor, *arguments: object, **named: object) -> object:
    """The answer, or the class of the refusal."""
    try:
        with reading() as session:
            return question(session, actor, *arguments, **named)
    except DomainError as refusal:
        return type(refusal)


def hired(division: str, *, name: str | None = None, people: int = 1, met: int = 0) -> Organisation:
    """An employer of whose people some have met the year."""
    with transaction() as session:
        employer = factories.create_employer(session, division=division, name=name)
        for number in range(people):
            person = factories.create_person(session, employer=employer)
            for category in Category if number < met else ():
                factories.create_claim(
                    session, person, status=ClaimStatus.APPROVED, category=category, hours=Decimal(60)
                )
        return employer


def test_before_the_first_edition_it_says_so(supervisor: Actor) -> None:
    for question in (dashboards.years, dashboards.overview, dashboards.children, dashboards.months):
        arguments = () if question is dashboards.years else (YEAR,)
        assert asked(question, supervisor, *arguments) is NoDashboard


@pytest.mark.parametrize("role", Role)
def test_only_supervisors_see_it(role: Role) -> None:
    computed()
    with transaction() as session:
        employer = factories.create_employer(session)
        account = factories.create_account(session)
        acts_for = employer if role in {Role.EMPLOYER, Role.PROVIDER} else None
        place = COUNTY if role is Role.SUPERVISOR else None
        factories.grant(session, account, role, organisation=acts_for, division=place)
        actor = factories.actor_of(session, account)
    may = role is Role.SUPERVISOR
    assert (Permission.DASHBOARD_VIEW in ROLE_PERMISSIONS[role]) is may
    assert (asked(dashboards.years, actor) is PermissionDenied) is not may
    for question in QUESTIONS:
        assert (asked(question, actor, YEAR) is PermissionDenied) is not may


@pytest.mark.parametrize(
    ("own", "reached"),
    [
        ((PROVINCE,), {PROVINCE, CITY, COUNTY, NEIGHBOUR, "440303"}),
        ((CITY,), {CITY, COUNTY}),
        ((COUNTY,), {COUNTY}),
        ((NEIGHBOUR,), {NEIGHBOUR, "440303"}),
        ((COUNTY, NEIGHBOUR), {COUNTY, NEIGHBOUR, "440303"}),
        ((), set()),
    ],
)
def test_a_supervisor_reaches_his_divisions_and_all_below_them(own: tuple[str, ...], reached: set[str]) -> None:
    hired(COUNTY)
    hired("440303")
    computed()
    actor = supervising(*own) if own else Actor(1, "无", scopes=())
    refusal = NotFound if own else PermissionDenied
    for code in (PROVINCE, CITY, COUNTY, NEIGHBOUR, "440303", "110000"):
        for question in QUESTIONS:
            answer = asked(question, actor, YEAR, code)
            assert (answer is refusal) is (code not in reached), (question, code)


def test_an_employer_is_seen_from_its_division_and_above() -> None:
    employer = hired(COUNTY)
    computed()
    for own, seen in ((PROVINCE, True), (CITY, True), (COUNTY, True), ("440103", False), (NEIGHBOUR, False)):
        actor = supervising(own)
        for question in (dashboards.overview, dashboards.months, dashboards.activities):
            answer = asked(question, actor, YEAR, organisation_id=employer.id)
            assert (answer is NotFound) is not seen, (question, own)


def test_what_does_not_exist_is_not_found(supervisor: Actor, employer: Organisation) -> None:
    computed()
    for named in ({"code": "440199"}, {"code": "x"}, {"organisation_id": 10**9}):
        assert asked(dashboards.overview, supervisor, YEAR, **named) is NotFound
    assert asked(dashboards.overview, supervisor, 1999) is NotFound


def test_without_a_place_it_begins_with_the_highest_of_the_own_divisions() -> None:
    computed()
    overview = asked(dashboards.overview, supervising("440303", CITY), YEAR)
    assert isinstance(overview, dashboards.Overview)
    assert (overview.code, overview.name) == (CITY, "广州市")


def test_the_way_back_leads_no_higher_than_the_own_division() -> None:
    employer = hired(COUNTY, name="鹭岛设计院")
    computed()
    with reading() as session:
        for own, path in ((PROVINCE, [PROVINCE, CITY]), (CITY, [CITY]), (COUNTY, [])):
            assert [code for code, _ in dashboards.overview(session, supervising(own), YEAR, COUNTY).path] == path
        found = dashboards.overview(session, supervising(CITY), YEAR, organisation_id=employer.id)
    assert found.path == [(CITY, "广州市"), (COUNTY, "越秀区")]
    assert (found.code, found.organisation_id, found.kind) == ("", employer.id, OrganisationKind.EMPLOYER)
    assert found.name == "鹭岛设计院"


def test_a_division_with_nothing_in_it_is_empty(supervisor: Actor) -> None:
    computed()
    overview = asked(dashboards.overview, supervisor, YEAR, COUNTY)
    assert isinstance(overview, dashboards.Overview)
    assert (overview.figures.registered, overview.figures.return_rate, overview.figures.attendance) == (0, None, None)
    assert asked(dashboards.children, supervisor, YEAR, COUNTY) == []
    assert asked(dashboards.activities, supervisor, YEAR, COUNTY) == []


def test_a_list_holds_the_divisions_next_below_and_the_organisations_of_the_division_itself() -> None:
    city, county = hired(CITY, name="市属设计院"), hired(COUNTY, name="区属设计院")
    computed()
    with reading() as session:
        actor = supervising(PROVINCE)
        lists = {code: dashboards.children(session, actor, YEAR, code) for code in (PROVINCE, CITY, COUNTY)}
    assert [row.code for row in lists[PROVINCE]] == [CITY]
    assert {(row.code, row.name) for row in lists[CITY]} == {(COUNTY, "越秀区"), ("", "市属设计院")}
    assert [(row.organisation_id, row.name) for row in lists[COUNTY]] == [(county.id, "区属设计院")]
    assert city.id in {row.organisation_id for row in lists[CITY]}


def test_those_furthest_behind_come_first() -> None:
    for name, people, met in (("甲", 4, 4), ("乙", 2, 0), ("丙", 4, 1), ("丁", 0, 0)):
        hired(COUNTY, name=name, people=people, met=met)
    computed()
    with reading() as session:
        rows = dashboards.children(session, supervising(COUNTY), YEAR, COUNTY)
        by_register = dashboards.children(session, supervising(COUNTY), YEAR, COUNTY, order=Order.REGISTER)
    assert [row.name for row in rows][:2] == ["乙", "丙"]
    assert [row.figures.behind for row in rows] == [2, 3, 0, 0]
    assert [row.name for row in by_register] == ["甲", "乙", "丙", "丁"]


def decided(employer: Organisation, *, returned: int, approved: int) -> None:
    with transaction() as session:
        person = factories.create_person(session, employer=session.get_one(Organisation, employer.id))
        for number in range(returned + approved):
            to = ClaimStatus.RETURNED if number < returned else ClaimStatus.APPROVED
            claim = factories.create_claim(session, person, status=to)
            step = factories.create_step(session, claim, to, action=ClaimAction.RETURN)
            step.from_status = ClaimStatus.SUBMITTED


def test_those_who_return_most_come_first_and_those_who_decided_little_not_at_all() -> None:
    rates = {"四分之一": (5, 15), "一半": (5, 5), "没有": (0, 10), "太少": (9, 0)}
    for number, (name, (returned, approved)) in enumerate(rates.items()):
        decided(hired((COUNTY, "440303")[number % 2], name=name), returned=returned, approved=approved)
    computed()
    with reading() as session:
        rows = dashboards.return_rates(session, supervising(PROVINCE), YEAR)
        below = dashboards.return_rates(session, supervising(PROVINCE), YEAR, CITY)
    assert [(row.name, row.figures.return_rate) for row in rows] == [("一半", 0.5), ("四分之一", 0.25), ("没有", 0.0)]
    assert [row.name for row in below] == ["四分之一", "没有"]


def test_the_months_stand_beside_those_of_the_year_before(person: Person, supervisor: Actor) -> None:
    with transaction() as session:
        for year, hours in ((2026, 12), (2025, 6)):
            day = NOW.date().replace(year=year, month=3)
            claim = factories.create_claim(session, person, status=ClaimStatus.APPROVED, hours=Decimal(hours), on=day)
            with clock.at(NOW.replace(year=year, month=4)):
                factories.create_step(session, claim, ClaimStatus.APPROVED).hours = Decimal(hours)
    computed()
    months = asked(dashboards.months, supervisor, YEAR)
    assert isinstance(months, list)
    assert len(months) == 12 * len(Category)
    march = next(each for each in months if (each.month, each.category) == (3, Category.GENERAL))
    assert (march.hours, march.last_year) == (12, 6)
    assert sum(each.hours for each in months) == 12
    training = ActivityHours(ActivityType.TRAINING, Category.GENERAL, Decimal(12), 1)
    assert asked(dashboards.activities, supervisor, YEAR) == [training]


def test_it_says_what_it_is_of_and_what_it_is_compared_with(person: Person, supervisor: Actor) -> None:
    with clock.at(NOW - timedelta(days=5)), transaction() as session:
        factories.create_claim(session, person, status=ClaimStatus.SUBMITTED)
    computed()
    with clock.at(NOW + timedelta(days=3)):
        overview = asked(dashboards.overview, supervisor, YEAR)
    assert isinstance(overview, dashboards.Overview)
    assert (overview.as_of, overview.compared_on) == (NOW, NOW.date().replace(year=2025))
    assert overview.figures.waiting[Age.DAYS_7] == 1
    assert overview.figures.oldest_waiting == NOW - timedelta(days=5)
    assert overview.last_year is not None
    assert overview.last_year.bound == 0


def test_who_takes_figures_along_is_in_the_log(supervisor: Actor, employer: Organisation) -> None:
    computed()
    with transaction() as session:
        dashboards.note_export(session, supervisor, FileKind.XLSX, YEAR, organisation_id=employer.id)
    event = last_event()
    assert (event.action, event.actor_id) == ("dashboard_export", supervisor.account_id)
    said = {"kind": "xlsx", "year": YEAR, "division": COUNTY, "organisation_id": employer.id}
    assert event.after == said
    elsewhere = supervising(NEIGHBOUR)
    with pytest.raises(NotFound), transaction() as session:
        dashboards.note_export(session, elsewhere, FileKind.PDF, YEAR, COUNTY)
