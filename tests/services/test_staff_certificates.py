"""批量打印证书: everybody who can have a certificate gets one, once, and nobody keeps the others from theirs."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Role
from db.certificates import Certificate
from db.events import Event
from db.organisations import Organisation, OrganisationStatus
from db.people import Binding, BindingStatus, Person
from services import certificates, clock, signing, staff_certificates
from services.certificates import NotYetMet
from services.errors import NotFound, PermissionDenied
from services.one_by_one import Outcome
from services.permissions import Actor, Scope
from services.requirements import NoRequirement
from services.signing import NoSigningKeys
from services.spellings import NameCannotBePrinted
from services.staff_certificates import Form
from tests import factories
from tests.certificates import FULL, YEAR, approve
from tests.counting import CountQueries
from tests.services.printing import end, hand_out, issue, issued, recompute, refusals, staff_of

NOVEMBER = datetime(2026, 11, 2, 3, tzinfo=UTC)
UNPRINTABLE = "王\U0003134a"


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with clock.at(NOVEMBER):
        yield


def test_all_who_have_met_the_year_get_one_and_the_others_are_left_alone(
    employer: Organisation, reviewer: Actor
) -> None:
    met = staff_of(employer, "林知夏", "陈望舒", "苏清和")
    staff_of(employer, "何足道", met=False)
    recompute()
    outcomes = issue(reviewer)
    assert [(each.number, each.refusal) for each in outcomes] == [(number, None) for number in met]
    assert set(issued()) == {"林知夏", "陈望舒", "苏清和"}


def test_a_second_time_nothing_is_issued_and_every_number_stays(employer: Organisation, reviewer: Actor) -> None:
    staff_of(employer, "林知夏", "陈望舒")
    recompute()
    with transaction() as session:
        holder = factories.actor_for(session, session.scalars(select(Person).where(Person.name == "林知夏")).one())
        own = certificates.obtain(session, holder, YEAR).number
    issue(reviewer)
    first = issued()
    assert first["林知夏"] == own
    assert issue(reviewer) == []
    assert issued() == first


def test_only_those_who_are_chosen_get_one(employer: Organisation, reviewer: Actor) -> None:
    _, chosen, _ = staff_of(employer, "林知夏", "陈望舒", "苏清和")
    recompute()
    issue(reviewer, [chosen])
    assert set(issued()) == {"陈望舒"}
    assert issue(reviewer, []) == []


def test_whoever_cannot_have_one_is_named_with_the_reason_and_stops_nobody(
    employer: Organisation, reviewer: Actor
) -> None:
    first, rare, last = staff_of(employer, "林知夏", UNPRINTABLE, "苏清和")
    (behind,) = staff_of(employer, "何足道", met=False)
    recompute()
    outcomes = issue(reviewer, [first, rare, behind, last])
    assert refusals(outcomes) == {rare: NameCannotBePrinted, behind: NotYetMet}
    assert set(issued()) == {"林知夏", "苏清和"}
    assert [number[-7:-1] for number in issued().values()] == ["000001", "000002"]
    with reading() as session:
        assert staff_certificates.names(session, reviewer, [rare, behind]) == {rare: UNPRINTABLE, behind: "何足道"}
    assert refusals(issue(reviewer)) == {rare: NameCannotBePrinted}


def test_only_the_confirmed_staff_of_ones_own_employer_is_reached(employer: Organisation, reviewer: Actor) -> None:
    (own, left, asking) = staff_of(employer, "林知夏", "陈望舒", "苏清和")
    with transaction() as session:
        other = factories.create_employer(session)
        end(session, left)
        session.get_one(Binding, asking).status = BindingStatus.REQUESTED
        session.get_one(Binding, asking).started_on = None
    (foreign,) = staff_of(other, "何足道")
    recompute()
    assert [each.number for each in issue(reviewer, [own, left, asking, foreign])] == [own]
    issue(reviewer)
    assert set(issued()) == {"林知夏"}
    with transaction() as session:
        stranger = factories.actor_of(session, factories.create_reviewer(session, other))
    with transaction() as session:
        with pytest.raises(NotFound):
            staff_certificates.hand_out(session, stranger, YEAR, Form.PDF, [own])
        assert staff_certificates.names(session, stranger, [own]) == {}
        number = session.scalars(select(Certificate.id)).one()
        assert staff_certificates.read(stranger, session, [number]) == []


def test_who_leaves_while_others_are_printed_is_named_and_gets_none(employer: Organisation, reviewer: Actor) -> None:
    _, leaving = staff_of(employer, "林知夏", "陈望舒")
    recompute()

    def leave(done: int, _total: int) -> None:
        if done == 1:
            with transaction() as session:
                end(session, leaving)

    assert refusals(staff_certificates.issue(transaction, reviewer, YEAR, None, leave)) == {leaving: NotFound}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.EMPLOYER])
def test_nobody_else_may_print_or_take_them(role: Role) -> None:
    actor = Actor(account_id=1, name="某人", scopes=(Scope(role, organisation_id=1),), person_id=1)
    with pytest.raises(PermissionDenied):
        issue(actor)
    with transaction() as session:
        with pytest.raises(PermissionDenied):
            staff_certificates.hand_out(session, actor, YEAR, Form.PDF, None)
        with pytest.raises(PermissionDenied):
            staff_certificates.read(actor, session, [1])
        with pytest.raises(PermissionDenied):
            staff_certificates.names(session, actor, [1])


def test_a_suspended_employer_prints_nothing(employer: Organisation) -> None:
    staff_of(employer, "林知夏")
    recompute()
    with transaction() as session:
        session.get_one(Organisation, employer.id).status = OrganisationStatus.SUSPENDED
        actor = factories.actor_of(session, factories.create_reviewer(session, employer))
    with pytest.raises(PermissionDenied):
        issue(actor)


def test_a_year_that_asks_for_nothing_is_refused(reviewer: Actor) -> None:
    with pytest.raises(NoRequirement):
        staff_certificates.issue(transaction, reviewer, 1999)


def test_what_keeps_everybody_from_being_printed_is_said_once(
    employer: Organisation, reviewer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff_of(employer, "林知夏", "陈望舒")
    recompute()

    def no_keys(_content: bytes) -> bytes:
        raise NoSigningKeys

    monkeypatch.setattr(signing, "sign_statement", no_keys)
    with pytest.raises(NoSigningKeys):
        issue(reviewer)


def test_a_crash_halfway_loses_nothing_and_the_next_call_goes_on(employer: Organisation, reviewer: Actor) -> None:
    staff_of(employer, "林知夏", "陈望舒", "苏清和", "何足道")
    recompute()

    def crash(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        staff_certificates.issue(transaction, reviewer, YEAR, None, crash)
    half = issued()
    assert list(half) == ["林知夏", "陈望舒"]
    assert len(issue(reviewer)) == 2
    assert issued() | half == issued()
    assert [number[-7:-1] for number in issued().values()] == [f"{serial:06d}" for serial in (1, 2, 3, 4)]


def test_progress_is_told_of_everybody(employer: Organisation, reviewer: Actor) -> None:
    staff_of(employer, "林知夏", UNPRINTABLE, "苏清和")
    recompute()
    told: list[tuple[int, int]] = []
    staff_certificates.issue(transaction, reviewer, YEAR, None, lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_two_who_press_at_once_get_the_same_certificates(employer: Organisation, reviewer: Actor) -> None:
    names = [f"林{number:03d}" for number in range(12)]
    staff_of(employer, *names)
    recompute()
    with transaction() as session:
        colleague = factories.actor_of(session, factories.create_reviewer(session, employer))
    barrier = Barrier(3)

    def press(actor: Actor) -> list[Outcome]:
        barrier.wait()
        with clock.at(NOVEMBER):
            return issue(actor)

    with ThreadPoolExecutor(3) as threads:
        outcomes = list(threads.map(press, (reviewer, colleague, reviewer)))
    assert [refusals(each) for each in outcomes] == [{}, {}, {}]
    with reading() as session:
        assert len(session.scalars(select(Certificate.id)).all()) == len(names)
    assert hand_out(reviewer, Form.ZIP) == hand_out(colleague, Form.ZIP)


def test_every_time_they_leave_is_an_event_of_the_employer(employer: Organisation, reviewer: Actor) -> None:
    staff_of(employer, "林知夏", "陈望舒")
    recompute()
    issue(reviewer)
    hand_out(reviewer, Form.ZIP)
    with reading() as session:
        (event,) = session.scalars(select(Event).where(Event.action == "certificates_hand_out")).all()
        assert (event.actor_id, event.object_id) == (reviewer.account_id, employer.id)
        assert event.after == {"year": YEAR, "form": "zip", "certificates": 2}
        by_whom = session.scalars(select(Event.actor_id).where(Event.action == "certificate_issue")).all()
    assert by_whom == [reviewer.account_id] * 2


def test_nothing_to_hand_out_is_not_found(employer: Organisation, reviewer: Actor) -> None:
    staff_of(employer, "林知夏")
    recompute()
    with transaction() as session, pytest.raises(NotFound):
        staff_certificates.hand_out(session, reviewer, YEAR, Form.PDF, None)


def test_each_one_costs_the_same_number_of_queries(
    employer: Organisation, reviewer: Actor, count_queries: CountQueries
) -> None:
    counts = []
    for names in (["林知夏"], [f"林{number:03d}" for number in range(6)], [f"陈{number:03d}" for number in range(11)]):
        staff_of(employer, *names)
        recompute()
        with count_queries() as queries:
            issue(reviewer)
        counts.append(len(queries))
    one, six, eleven = counts
    assert six - one == eleven - six
    assert (six - one) / 5 <= 20


def test_a_day_later_a_new_certificate_is_only_for_whoever_has_met_the_year_since(
    employer: Organisation, reviewer: Actor
) -> None:
    staff_of(employer, "林知夏")
    (late,) = staff_of(employer, "陈望舒", met=False)
    recompute()
    issue(reviewer)
    with clock.at(NOVEMBER + timedelta(days=1)):
        with transaction() as session:
            approve(session, session.get_one(Person, session.get_one(Binding, late).person_id), FULL)
        recompute()
        assert [each.number for each in issue(reviewer)] == [late]
