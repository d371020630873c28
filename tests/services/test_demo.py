"""The demo pilot: true to the services on any day, the same for the same seed, and rich where somebody looks first."""

import fcntl
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute
from stdnum.cn import uscc

from db import reading, session, transaction
from db.accounts import Account, Role
from db.certificates import Certificate
from db.claims import Category, Claim, ClaimStatus
from db.classes import ClassStatus, CourseClass
from db.enrolments import Enrolment, EnrolmentStatus
from db.events import Event
from db.misconduct import MisconductRecord, MisconductStatus
from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from db.people import Binding, BindingStatus, Person
from db.statistics import AnnualSummary
from services import (
    certificates,
    claims,
    clock,
    demo,
    identity,
    organisations,
    passwords,
    review_queue,
    staff,
    standing,
)
from services.demo import papers, pilot, plots
from services.demo.cast import NAMES, Office, Professional, cast
from services.demo.dates import Calendar
from services.events import check_chain
from services.pdf.font_store import missing_glyphs
from services.permissions import Actor
from tests import factories
from tests.database import KINDS, RUN, bound, new_migrated

# Seconds: the first test of a process loads three years of a city.
pytestmark = [pytest.mark.no_database, pytest.mark.timeout(400)]

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
COMPLETE = [Decimal(30), Decimal(42), Decimal(18)]


def loaded(kind: str) -> str:
    """The address of a demo that all processes of the run look at and nobody changes."""
    address = RUN / f"demo-{kind}"
    with (RUN / f"demo-{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not address.exists():
            url = new_migrated(kind)
            with bound(session.make_engine(url)), clock.at(NOW), transaction() as current:
                pilot.load(current)
            address.write_text(url)
    return address.read_text()


@pytest.fixture(params=KINDS)
def a_pilot(request: pytest.FixtureRequest) -> Iterator[None]:
    with bound(session.make_engine(loaded(request.param))), clock.at(NOW):
        yield


def acting(username: str) -> Actor:
    with reading() as current:
        return plots.actor_of(current, username)


def counted(*columns: InstrumentedAttribute[Any]) -> dict[Any, int]:
    with reading() as current:
        rows: Sequence[Any] = current.execute(select(*columns, func.count()).group_by(*columns)).all()
    return {row[0] if len(row) == 2 else tuple(row[:-1]): row[-1] for row in rows}


@pytest.mark.usefixtures("a_pilot")
def test_three_years_hold_claims_of_every_status() -> None:
    by_year = counted(Claim.year, Claim.status)
    assert {year for year, _ in by_year} == {2024, 2025, 2026}
    assert {status for _, status in by_year} == set(ClaimStatus)
    assert all(by_year[year, ClaimStatus.APPROVED] > 50 for year in (2024, 2025, 2026))


@pytest.mark.usefixtures("a_pilot")
def test_some_sixty_people_are_in_every_state() -> None:
    assert counted(Binding.status).keys() == {
        BindingStatus.ACTIVE,
        BindingStatus.REQUESTED,
        BindingStatus.REFUSED,
        BindingStatus.WITHDRAWN,
    }
    with reading() as current:
        everybody = current.scalars(select(Person.id)).all()
        bound_ever = set(current.scalars(select(Binding.person_id)))
    assert 55 <= len(everybody) <= 70
    assert len(everybody) > len(bound_ever)


@pytest.mark.usefixtures("a_pilot")
def test_organisations_are_approved_waiting_and_returned() -> None:
    employer, provider = OrganisationKind.EMPLOYER, OrganisationKind.PROVIDER
    assert counted(Organisation.kind, Organisation.status).keys() == {
        (employer, OrganisationStatus.APPROVED),
        (employer, OrganisationStatus.APPLIED),
        (employer, OrganisationStatus.RETURNED),
        (provider, OrganisationStatus.APPROVED),
        (provider, OrganisationStatus.APPLIED),
    }


@pytest.mark.usefixtures("a_pilot")
def test_there_is_a_class_in_every_status_and_somebody_in_every_state_of_enrolment() -> None:
    assert counted(CourseClass.status).keys() == set(ClassStatus)
    assert counted(Enrolment.status).keys() == set(EnrolmentStatus)


@pytest.mark.usefixtures("a_pilot")
def test_one_dishonesty_case_is_confirmed_and_one_person_may_still_be_heard() -> None:
    assert counted(MisconductRecord.status) == {MisconductStatus.CONFIRMED: 1, MisconductStatus.NOTIFIED: 1}


@pytest.mark.usefixtures("a_pilot")
def test_the_chain_of_events_is_whole_and_in_the_order_of_time() -> None:
    with reading() as current:
        check = check_chain(current)
        times = current.scalars(select(Event.at).order_by(Event.id)).all()
    assert check.intact
    assert check.events > 1000
    assert list(times) == sorted(times)
    assert times[-1] < NOW


@pytest.mark.usefixtures("a_pilot")
def test_the_published_accounts_have_their_roles_and_the_published_password() -> None:
    roles: dict[str, set[Role]] = {
        "professional": {Role.PROFESSIONAL},
        "newcomer": {Role.PROFESSIONAL},
        "employer": {Role.EMPLOYER},
        "provider": {Role.PROVIDER},
        "supervisor": {Role.SUPERVISOR},
        "analyst": {Role.ANALYST},
        "administrator": {Role.ADMINISTRATOR},
    }
    assert {name: set(acting(name).roles) for name in demo.ACCOUNTS} == roles
    with reading() as current:
        accounts = current.scalars(select(Account).where(Account.username.in_(demo.ACCOUNTS))).all()
    assert len({account.password_hash for account in accounts}) == 1
    assert passwords.matches(demo.PASSWORD, accounts[0].password_hash)
    assert [account.username for account in accounts if account.must_change_password] == ["newcomer"]


@pytest.mark.usefixtures("a_pilot")
def test_nobody_can_sign_in_to_the_other_accounts() -> None:
    with reading() as current:
        others = current.scalars(select(Account.password_hash).where(Account.username.not_in(demo.ACCOUNTS))).all()
    assert set(others) == {passwords.nobodys_hash()}


@pytest.mark.usefixtures("a_pilot")
def test_the_professional_has_two_complete_years_with_certificates_and_lacks_little_in_the_third() -> None:
    actor = acting("professional")
    with reading() as current:
        years = standing.overview(current, actor).years
        printed = certificates.list_mine(current, actor)
        mine = claims.list_mine(current, actor, year=2026)
    official = {year: [line.earned for line in years[year].official] for year in (2024, 2025, 2026)}
    assert official == {2024: COMPLETE, 2025: COMPLETE, 2026: [Decimal(30), Decimal(24), Decimal(8)]}
    assert [certificate.year for certificate in printed] == [2025, 2024]
    unsettled = [claim.status for claim in mine if claim.status is not ClaimStatus.APPROVED]
    assert sorted(unsettled) == [ClaimStatus.DRAFT, ClaimStatus.RETURNED, ClaimStatus.SUBMITTED]


@pytest.mark.usefixtures("a_pilot")
def test_the_live_figure_of_the_professional_is_ahead_of_the_official_one() -> None:
    with reading() as current:
        overview = standing.overview(current, acting("professional"))
    official = {line.category: line.earned for line in overview.years[2026].official}
    live = {category: hours.earned for category, hours in overview.live[2026].items()}
    assert live[Category.ELECTIVE] == official[Category.ELECTIVE] + 6


@pytest.mark.usefixtures("a_pilot")
def test_the_employer_has_a_queue_and_requests_worth_seeing() -> None:
    actor = acting("employer")
    with reading() as current:
        waiting = review_queue.queue(current, actor)
        asking = staff.roster(current, actor, status=BindingStatus.REQUESTED)
    assert len(waiting) >= 10
    assert len({claim.person_id for claim in waiting}) >= 8
    assert len(asking) >= 3


@pytest.mark.usefixtures("a_pilot")
def test_the_supervisor_has_organisations_to_approve() -> None:
    with reading() as current:
        waiting = organisations.queue(current, acting("supervisor"), status=OrganisationStatus.APPLIED)
    assert {organisation.kind for organisation in waiting} == set(OrganisationKind)


@pytest.mark.usefixtures("a_pilot")
def test_certificates_were_printed_for_those_who_met_the_requirement_and_for_nobody_else() -> None:
    with reading() as current:
        printed = {(found.person_id, found.year) for found in current.scalars(select(Certificate))}
        complete = {
            (summary.person_id, summary.year)
            for summary in current.scalars(select(AnnualSummary))
            if [summary.general, summary.professional, summary.elective] >= COMPLETE
        }
    assert len(printed) > 30
    assert printed <= complete


@pytest.mark.usefixtures("a_pilot")
def test_the_database_says_that_it_is_a_demo() -> None:
    with reading() as current:
        assert demo.is_demo(current)


def test_the_same_seed_gives_the_same_people_and_claims() -> None:
    assert told("sqlite") == told("postgresql")


def told(kind: str) -> tuple[list[object], list[object]]:
    with bound(session.make_engine(loaded(kind))), reading() as current:
        who = select(Person.name, Person.id_number_masked, Person.birth_date, Person.title_name, Person.registered_at)
        what = select(Person.name, Claim.title, Claim.start_on, Claim.hours_claimed, Claim.status, Claim.submitted_at)
        persons = current.execute(who.order_by(Person.id)).all()
        declared = current.execute(what.join(Claim.person).order_by(Claim.id)).all()
    return [tuple(row) for row in persons], [tuple(row) for row in declared]


def test_another_seed_gives_other_people() -> None:
    assert numbers(1) == numbers(1)
    assert numbers(1) != numbers(2)


def numbers(seed: int) -> list[str]:
    return [player.id_number for player in cast(seed).players if isinstance(player, Professional)]


def test_invented_numbers_are_valid_and_every_name_can_be_printed() -> None:
    players = cast(pilot.SEED).players
    assert len(set(numbers(pilot.SEED))) == len(NAMES)
    assert [identity.parse(number) for number in numbers(pilot.SEED)] == numbers(pilot.SEED)
    assert all(uscc.is_valid(player.uscc) for player in players if isinstance(player, Office))
    assert missing_glyphs("".join(NAMES)) == ""
    assert {"阿卜杜拉·买买提", "欧阳文渊", "李雪", "王㛃", "陈䶮", "Maria Fontana"} <= set(NAMES)


@pytest.mark.parametrize("kind", KINDS)
def test_a_database_that_is_not_empty_is_refused(kind: str) -> None:
    with bound(session.make_engine(new_migrated(kind))):
        with transaction() as current:
            factories.create_account(current)
        with pytest.raises(pilot.NotEmpty), transaction() as current:
            pilot.load(current)
        with reading() as current:
            assert not demo.is_demo(current)
            assert current.scalar(select(func.count()).select_from(Account)) == 1


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2027, 1, 1), {2024, 2025, 2026}),
        (date(2027, 2, 28), {2025, 2026, 2027}),
        (date(2028, 2, 1), {2025, 2026, 2027, 2028}),
        (date(2027, 4, 30), {2025, 2026, 2027}),
    ],
)
def test_the_demo_is_complete_on_any_day(monkeypatch: pytest.MonkeyPatch, today: date, years: set[int]) -> None:
    monkeypatch.setattr(papers, "certificate_scan", lambda *_: b"%PDF-1.7 drawn elsewhere")
    papers._of_class.cache_clear()
    with bound(session.make_engine(new_migrated("sqlite"))):
        with clock.at(Calendar(today).end), transaction() as current:
            pilot.load(current)
        assert {year for year, _ in counted(Claim.year, Claim.status)} == years
        assert counted(Claim.status).keys() == set(ClaimStatus)
        with reading() as current:
            check = check_chain(current)
            figures = current.execute(
                select(AnnualSummary.general, AnnualSummary.professional, AnnualSummary.elective)
                .where(AnnualSummary.person_id == acting("professional").person_id)
                .order_by(AnnualSummary.year)
            ).all()
    assert check.intact
    assert [list(figure) for figure in figures] == [COMPLETE, COMPLETE, [30, 24, 8]]
