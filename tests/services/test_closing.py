"""Closing an account: what must be settled before, what is gone afterwards, what stays and why, and the way back."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Column, Enum, LargeBinary, String, Table, select, update

from db import Base, reading, transaction
from db.accounts import Account, AccountStatus, Role
from db.certificates import CertificateStatus
from db.claims import Claim, ClaimStatus, ClaimStep, Evidence
from db.classes import CourseClass
from db.enrolments import Enrolment
from db.enrolments import EnrolmentStatus as S
from db.people import Binding, BindingStatus, EndReason, Person
from services import (
    certificates,
    closing,
    identity,
    personal_data,
    registration,
    staff,
    storage,
    verification,
)
from services.errors import DomainError
from services.forgetting import BASIC_INFORMATION
from services.permissions import Actor
from services.registration import IdNumberUnavailable
from services.sessions import TicketRefused
from services.sign_in import WrongCredentials
from tests import classes, factories, signing_in, whole_life
from tests.services.acting import last_event, refused
from tests.services.kept_texts import KEPT_ANYHOW, KEPT_WITH_HOURS
from tests.signing_in import PASSWORD
from tests.whole_life import Life


def close(actor: Actor, password: str = PASSWORD, username: str | None = None) -> None:
    closing.close(transaction, actor, username=username or actor.username, password=password)


def stored(account: Account) -> Account:
    with reading() as session:
        return session.get_one(Account, account.id)


def answer(actor: Actor, password: str = PASSWORD, username: str | None = None) -> type[DomainError] | None:
    try:
        close(actor, password, username)
    except DomainError as refusal:
        return type(refusal)
    return None


class TestTheEnd:
    def test_nobody_signs_in_any_more_and_nobody_is_signed_in(self) -> None:
        life = whole_life.begin()
        elsewhere, ticket = signing_in.enter(), signing_in.get_ticket()
        close(life.actor)
        assert stored(life.account).status is AccountStatus.CLOSED
        assert signing_in.whose(elsewhere) is None
        with pytest.raises(TicketRefused):
            signing_in.redeem(ticket)
        for name in ("mingyue", stored(life.account).username):
            with pytest.raises(WrongCredentials):
                signing_in.get_ticket(name)

    def test_it_is_recorded_with_what_was_kept(self) -> None:
        life = whole_life.begin()
        close(life.actor)
        event = last_event()
        assert (event.action, event.object_id, event.actor_id) == ("account_close", life.account.id, life.account.id)
        assert event.after == {"status": "closed", "keeps_record": True}

    def test_the_employer_is_left_on_the_same_day(self) -> None:
        life = whole_life.begin()
        close(life.actor)
        with reading() as session:
            found = session.scalars(select(Binding).where(Binding.person_id == life.person.id)).all()
        states = {binding.status: binding for binding in found}
        assert set(states) == {BindingStatus.ENDED, BindingStatus.REFUSED}
        assert states[BindingStatus.ENDED].end_reason is EndReason.LEFT
        assert "binding_end" in signing_in.logged()

    def test_his_seat_goes_to_the_first_who_waits(self) -> None:
        life = whole_life.begin()
        with transaction() as session:
            course_class = classes.create_class(session, classes.create_provider(session), capacity=1)
            states = (life.person, S.ACCEPTED), (factories.create_person(session), S.WAITLISTED)
            his, next_one = (
                classes.create_enrolment(session, course_class, person, employer=life.employer, status=status)
                for person, status in states
            )
        close(life.actor)
        with reading() as session:
            assert session.get_one(Enrolment, his.id).status is S.CANCELLED
            assert session.get_one(Enrolment, next_one.id).offered_until is not None
            assert session.get_one(CourseClass, course_class.id).taken == 1

    @pytest.mark.parametrize("approved", [True, False])
    def test_no_employer_finds_him_any_more(self, approved: bool) -> None:
        life = whole_life.begin(approved=approved)
        close(life.actor)
        with reading() as session:
            reviewer = factories.actor_of(session, life.reviewer)
            for status in BindingStatus:
                assert not staff.roster(session, reviewer, status=status)
                assert not staff.roster(session, reviewer, status=status, text=life.person.name)
            assert staff.counts(session, reviewer) == {}

    def test_what_he_decided_about_others_keeps_his_name(self) -> None:
        account = signing_in.create_account()
        with transaction() as session:
            employer = factories.create_employer(session)
            factories.create_reviewer(session, employer)
            factories.grant(session, session.merge(account), Role.EMPLOYER, organisation=employer)
            person = factories.create_person(session, employer=employer)
            claim = factories.create_claim(session, person, status=ClaimStatus.APPROVED)
            factories.create_step(session, claim, ClaimStatus.APPROVED, by=account)
        close(signing_in.actor_of(signing_in.enter()))
        with reading() as session:
            assert session.scalars(select(ClaimStep.actor_name)).one() == account.display_name


class TestHoursThatCount:
    def test_approved_hours_stay_with_their_files_and_the_others_go_with_theirs(self) -> None:
        life = whole_life.begin()
        with reading() as session:
            files = {(row.claim_id, row.sha256, row.original_sha256) for row in session.scalars(select(Evidence))}
        close(life.actor)
        with reading() as session:
            (kept,) = session.scalars(select(Claim))
            assert kept.status is ClaimStatus.APPROVED
            assert session.scalars(select(Evidence.claim_id)).all() == [kept.id]
        for claim_id, *names in files:
            assert [storage.exists(name) for name in names] == [claim_id == kept.id] * 2

    def test_revoked_hours_stay_too(self) -> None:
        life = whole_life.begin(approved=False)
        with transaction() as session:
            factories.create_claim(session, session.merge(life.person), status=ClaimStatus.REVOKED)
        close(life.actor)
        with reading() as session:
            assert session.get_one(Person, life.person.id).name == life.person.name

    def test_a_certificate_still_proves_itself(self) -> None:
        life = whole_life.begin()
        with reading() as session:
            (certificate,) = certificates.list_mine(session, life.actor)
        statement = {"name": life.person.name, "employer": "晴川设计院"}
        hours = {category: {"required": "30", "earned": "30"} for category in ("general", "professional", "elective")}
        with transaction() as session:
            session.merge(certificate).statement = {**statement, **hours}
        close(life.actor)
        with transaction() as session:
            found = verification.verify(session, certificate.number, address="")
        assert found.status is CertificateStatus.ISSUED
        assert storage.exists(certificate.pdf_sha256)

    def test_nobody_begins_anew_beside_them(self) -> None:
        life = whole_life.begin()
        close(life.actor)
        assert register_again(life) is IdNumberUnavailable

    def test_without_any_the_number_is_free_again(self) -> None:
        life = whole_life.begin(approved=False)
        close(life.actor)
        assert register_again(life) is None


def register_again(life: Life) -> type[DomainError] | None:
    return refused(
        registration.register_person,
        username="mingyue",
        password="Lanhua-Zk83",
        name="林知夏",
        id_number=life.id_number,
        mobile="13800000000",
        email="a@example.com",
        address="",
    )


class TestNothingIsLeft:
    """Every text of every row about somebody is marked; what is found afterwards in any table must have its reason."""

    @pytest.mark.parametrize("approved", [True, False])
    def test_but_what_has_its_reason(self, approved: bool) -> None:
        life = whole_life.begin(approved=approved)
        mark(life)
        close(life.actor)
        kept = KEPT_ANYHOW | (KEPT_WITH_HOURS if approved else {})
        tables = [Base.metadata.tables[name] for name in ("legacy_row", "legacy_decision")]  # as it came
        old = {f"{table.name}.{column.key}" for table in tables for column, _ in texts(table)}
        assert set(marks_left()) == set(kept) | (old if approved else set())

    @pytest.mark.parametrize("approved", [True, False])
    def test_what_is_known_about_him_is_found_nowhere_but_in_the_log(self, approved: bool) -> None:
        life = whole_life.begin(approved=approved)
        person, account = life.person, stored(life.account)
        gone = [person.mobile, person.email, account.username, account.password_hash, str(account.totp_secret)]
        if not approved:
            gone += [life.id_number, identity.digest(life.id_number), person.id_number_masked, f"{person.birth_date}"]
            gone += [person.name]
        assert set(found_in_any_table(gone)) == set(gone)
        close(life.actor)
        assert found_in_any_table(gone) == []

    def test_every_column_of_a_person_is_emptied_or_needed(self) -> None:
        needed = {"id", "version", "account_id", "name", "id_number", "id_number_digest", "id_number_masked"}
        needed |= {"birth_date", "sex", "registered_at"}
        assert {column.key for column in BASIC_INFORMATION} == set(Person.__table__.columns.keys()) - needed


# Codes and hashes: not any text will do, and by hashes files are looked for. Nobody has undone what stands.
NO_TEXTS = {"division", "language", "original_sha256", "password_hash", "pdf_sha256", "sha256", "username"} | {
    *("subject", "other_key", "row_key", "undone_by_name"),
}


def mark(life: Life) -> None:
    """In place of every text that may be any text."""
    with transaction() as session:
        for part in personal_data.PARTS:
            table = Base.metadata.tables[part.table.__tablename__]
            keys = list(table.primary_key)
            for number, row in enumerate(session.execute(select(*keys).where(part.own(life.actor))).all()):
                same = [key == value for key, value in zip(keys, row, strict=True)]
                said = {column.name: f"{number}«{column}»"[:length] for column, length in texts(table)}
                if said:
                    session.execute(update(table).where(*same).values(said))


def texts(table: Table) -> Iterator[tuple[Column[Any], int | None]]:
    """With the length they may have."""
    for column in table.columns:
        kind = column.type
        if isinstance(kind, String) and not isinstance(kind, Enum) and column.name not in NO_TEXTS:
            yield column, kind.length


def marks_left() -> Iterator[str]:
    for table, row in everything():
        for name, value in row.items():
            if "«" in str(value):
                yield f"{table}.{name}"


def found_in_any_table(words: list[str]) -> list[str]:
    cells = [str(value) for _, row in everything() for value in row.values()]
    return [word for word in words if any(word in cell for cell in cells)]


def everything() -> Iterator[tuple[str, dict[str, object]]]:
    """Every row but those of the log, with what is encrypted as it reads."""
    with reading() as session:
        for table in Base.metadata.sorted_tables:
            if table.name != "event":
                for row in session.execute(select(table)).mappings():
                    yield table.name, {name: readable(table.columns[name], value) for name, value in row.items()}


def readable(column: Column[Any], value: object) -> object:
    return identity.decrypt(value) if isinstance(column.type, LargeBinary) and isinstance(value, bytes) else value
