"""批量打印证书: everybody who can have a certificate gets one, once, and nobody keeps the others from theirs."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.accounts import Role
from db.certificates import Certificate, CertificateStatus, InvalidityReason
from db.events import Event
from db.organisations import Organisation, OrganisationStatus
from db.people import Binding, BindingStatus, EndReason, Person
from services import certificate_delivery, certificates, clock, signing, staff_certificates, statistics, storage
from services.certificates import NotYetMet
from services.errors import DomainError, NotFound, PermissionDenied
from services.one_by_one import Outcome
from services.permissions import SYSTEM, Actor, Scope
from services.requirements import NoRequirement
from services.signing import NoSigningKeys
from services.spellings import NameCannotBePrinted
from services.staff_certificates import Form
from tests import factories
from tests.certificates import FULL, YEAR, approve
from tests.counting import CountQueries
from tests.services.pdf import judging
from tests.services.pdf import reading as reading_back

NOVEMBER = datetime(2026, 11, 2, 3, tzinfo=UTC)
UNPRINTABLE = "王\U0003134a"


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with clock.at(NOVEMBER):
        yield


def staff_of(employer: Organisation, *names: str, met: bool = True) -> list[int]:
    """The numbers of their employments; whoever has met the year has just met it."""
    numbers = []
    with transaction() as session:
        for name in names:
            person = factories.create_person(session, name=name, employer=employer)
            approve(session, person, FULL if met else {})
            numbers.append(session.scalars(select(Binding.id).where(Binding.person_id == person.id)).one())
    return numbers


def end(session: Session, binding_id: int) -> None:
    binding = session.get_one(Binding, binding_id)
    binding.status, binding.ended_on, binding.end_reason = BindingStatus.ENDED, clock.today(), EndReason.LEFT


def recompute() -> None:
    statistics.recompute(transaction, SYSTEM)


def issue(actor: Actor, chosen: Sequence[int] | None = None) -> list[Outcome]:
    return staff_certificates.issue(transaction, actor, YEAR, chosen)


def refusals(outcomes: Sequence[Outcome]) -> dict[int, type[DomainError]]:
    return {each.number: type(each.refusal) for each in outcomes if each.refusal}


def issued() -> dict[str, str]:
    """The numbers of all valid certificates by the names of their holders."""
    with reading() as session:
        holders = select(Person.name, Certificate.number).join(Certificate.person)
        return {row.name: row.number for row in session.execute(holders.order_by(Certificate.id))}


def hand_out(actor: Actor, form: Form = Form.PDF, chosen: Sequence[int] | None = None) -> bytes:
    with transaction() as session:
        numbers = staff_certificates.hand_out(session, actor, YEAR, form, chosen)
    return delivered(actor, form, numbers)


def delivered(actor: Actor, form: Form, numbers: Sequence[int]) -> bytes:
    make = certificate_delivery.archive if form is Form.ZIP else certificate_delivery.booklet
    return b"".join(make(reading, partial(staff_certificates.read, actor), numbers))


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


def test_one_file_holds_every_certificate_as_it_was_issued_by_department_and_name(
    employer: Organisation, reviewer: Actor
) -> None:
    staff_of(employer, "林知夏", "陈望舒", "阿卜杜拉·买买提")
    with transaction() as session:
        session.scalars(select(Person).where(Person.name == "林知夏")).one().department = "一室"
        for name in ("陈望舒", "阿卜杜拉·买买提"):
            session.scalars(select(Person).where(Person.name == name)).one().department = "二室"
    recompute()
    issue(reviewer)
    content = hand_out(reviewer)
    with reading() as session:
        people = select(Certificate).join(Certificate.person).order_by(Person.department, Person.name)
        found = session.scalars(people).all()
    alone = [reading_back.joined(storage.get(each.pdf_sha256)) for each in found]
    assert reading_back.pages(content) == alone
    assert judging.faults(content) == []
    assert judging.judged(content).bottom_line


def test_the_archive_holds_the_signed_files_under_names_that_no_system_misreads(
    employer: Organisation, reviewer: Actor
) -> None:
    staff_of(employer, "林知夏", "../../etc", "a/b:c*?", "林知夏")
    recompute()
    issue(reviewer)
    with zipfile.ZipFile(io.BytesIO(hand_out(reviewer, Form.ZIP))) as packed, reading() as session:
        assert packed.testzip() is None
        by_number = {each.number: each for each in session.scalars(select(Certificate))}
        assert len(packed.namelist()) == len(by_number) == 4
        for name in packed.namelist():
            assert not set(name) & set('/\\:*?"<>|')
            number = name.rpartition("_")[2].removesuffix(".pdf")
            content = packed.read(name)
            assert content == storage.get(by_number[number].pdf_sha256)
            assert judging.judged(content).coverage.name == "ENTIRE_FILE"


def test_a_file_that_cannot_be_read_is_named_and_stops_no_other(
    employer: Organisation, reviewer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff_of(employer, "林知夏", "陈望舒")
    recompute()
    issue(reviewer)
    with reading() as session:
        lost = session.scalars(select(Certificate).join(Certificate.person).where(Person.name == "林知夏")).one()
    there = storage.get

    def get(sha256: str) -> bytes:
        if sha256 == lost.pdf_sha256:
            raise NotFound
        return there(sha256)

    monkeypatch.setattr(storage, "get", get)
    with zipfile.ZipFile(io.BytesIO(hand_out(reviewer, Form.ZIP))) as packed:
        assert len(packed.namelist()) == 2
        assert packed.read("MISSING.txt").decode() == f"林知夏_{lost.number}.pdf"


def test_what_has_ceased_to_stand_is_neither_handed_out_nor_counted(employer: Organisation, reviewer: Actor) -> None:
    staff_of(employer, "林知夏", "陈望舒")
    recompute()
    issue(reviewer)
    with transaction() as session:
        numbers = staff_certificates.hand_out(session, reviewer, YEAR, Form.PDF, None)
    with transaction() as session:
        ended = session.get_one(Certificate, numbers[0])
        certificates.end(session, SYSTEM, ended, CertificateStatus.SUPERSEDED, InvalidityReason.HOURS_TAKEN_BACK)
    assert len(reading_back.pages(delivered(reviewer, Form.PDF, numbers))) == 1
    assert len(reading_back.pages(hand_out(reviewer))) == 1


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


def test_they_are_read_in_batches_while_they_are_sent(
    employer: Organisation, reviewer: Actor, monkeypatch: pytest.MonkeyPatch, count_queries: CountQueries
) -> None:
    monkeypatch.setattr(certificate_delivery, "BATCH", 2)
    staff_of(employer, *[f"林{number:03d}" for number in range(6)])
    recompute()
    issue(reviewer)
    with transaction() as session:
        numbers = staff_certificates.hand_out(session, reviewer, YEAR, Form.PDF, None)
    read: list[int] = []

    def reading_them(session: Session, part: Sequence[int]) -> Sequence[Certificate]:
        read.append(len(part))
        return staff_certificates.read(reviewer, session, part)

    parts = certificate_delivery.booklet(reading, reading_them, numbers)
    assert next(parts).startswith(b"%PDF-")
    assert read == [2]
    with count_queries() as queries:
        next(parts)
    assert read == [2, 2]
    assert len(queries) == 1, queries
    assert len(list(parts)) == 2


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
