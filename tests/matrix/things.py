"""One row of every table that an id can be given of, all of them about one person, employer and provider."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import Account, AuthSession, Grant, Role
from db.audits import AuditItem
from db.base import Base
from db.claims import ClaimStatus
from db.classes import ClassFile, ClassSession
from db.enrolments import EnrolmentStatus
from db.events import Event, seal
from db.identity_changes import IdentityChangeStatus
from db.imports import Import, ImportKind
from db.legacy import LegacyImport, LegacyKind
from db.misconduct import MisconductStatus
from db.notices import Notice, NoticeAudience, NoticeStatus
from db.organisation_changes import OrganisationChange
from db.organisations import Organisation
from db.people import Binding, Person
from db.requirements import RequirementEdition
from db.resemblances import Resemblance
from db.snapshots import SavedQuestion, Snapshot
from db.statistics import AnnualSummary, RunStatus, StatisticsRun
from services import exploration_files, sealing, sessions, storage
from services.clock import now, today
from services.events import record
from tests import classes, exemption_cases, factories, legacy_rows, misconduct_cases, missing_cases, profiles
from tests.certificates import create_certificate
from tests.samples import create_audit


@dataclass(frozen=True)
class House:
    """An employer and a provider in a division, with the people who act for them."""

    employer: Organisation
    provider: Organisation
    reviewer: Account
    trainer: Account
    supervisor: Account
    analyst: Account


@dataclass(frozen=True)
class Things:
    """`mark` stands in every name and text that says something of the person."""

    house: House
    mark: str
    rows: dict[type[Base], Base] = field(default_factory=dict)

    def number(self, table: type[Base]) -> int:
        number: int = getattr(self.rows[table], "id")  # noqa: B009  # which the base of all tables does not have
        return number


def create_house(session: Session, name: str, division: str) -> House:
    employer = factories.create_employer(session, name=f"{name}设计院", division=division)
    provider = classes.create_provider(session, name=f"{name}培训中心", division=division)
    people = (factories.create_reviewer(session, employer), classes.create_trainer(session, provider))
    analyst = factories.create_account(session, Role.ANALYST)
    return House(employer, provider, *people, factories.create_supervisor(session, division), analyst)


def create(session: Session, house: House, mark: str) -> Things:
    person = factories.create_person(session, name=f"{mark}林", employer=house.employer)
    person.department = f"{mark}科"
    things = Things(house, mark, {Person: person, Organisation: house.employer})
    for part in (_account, _work, _learning, _profile, _trouble, _old_records, _employer, _rules):
        for row in part(session, things, person):
            session.add(row)
            session.flush()
            things.rows[type(row)] = row
    return things


Rows = Iterator[Base]


def _account(session: Session, things: Things, person: Person) -> Rows:
    account = session.get_one(Account, person.account_id)
    yield account
    yield session.scalars(select(Grant).where(Grant.account_id == account.id)).one()
    yield session.scalars(select(Binding).where(Binding.person_id == person.id)).one()
    yield signed_in(session, account)
    question = SavedQuestion(account_id=things.house.analyst.id, name=f"{person.name}的分析", words={}, saved_at=now())
    question.snapshot_id, question.snapshot_hash = 1, "s" * 64
    question.figure, question.figure_hash = "8", "f" * 64
    yield question


def signed_in(session: Session, account: Account) -> AuthSession:
    started = AuthSession(
        token_hash=sealing.fingerprint(f"a token of {account.id}"),
        account_id=account.id,
        created_at=now(),
        last_seen_at=now(),
        expires_at=now() + sessions.LIFE,
        remembered=False,
        device=f"{account.display_name}的电脑",
        address="",
    )
    session.add(started)
    session.flush()
    return started


def _work(session: Session, things: Things, person: Person) -> Rows:
    """Approved, so that its owner, his employer and the supervisor see it."""
    claim = factories.create_claim(session, person, status=ClaimStatus.APPROVED, title=f"{things.mark}的培训")
    factories.create_step(session, claim, ClaimStatus.APPROVED, by=things.house.reviewer)
    factories.create_claim(session, person, status=ClaimStatus.SUBMITTED, title=f"{things.mark}送审的培训")
    yield claim
    evidence = factories.create_evidence(session, claim, file_name=f"{things.mark}证明.pdf")
    evidence.sha256 = evidence.original_sha256 = _stored(things, "evidence")
    yield evidence
    audit = create_audit(session, things.house.supervisor, claim, division=things.house.employer.division)
    yield audit
    yield session.scalars(select(AuditItem).where(AuditItem.audit_id == audit.id)).one()
    certificate = create_certificate(session, person, division=things.house.employer.division)
    certificate.news_at = now()
    yield certificate
    run = session.get_one(StatisticsRun, certificate.run_id)
    run.status, run.finished_at = RunStatus.FINISHED, now()
    summary = AnnualSummary(person_id=person.id, year=claim.year, run_id=run.id, general=claim.hours_claimed)
    summary.professional = summary.elective = Decimal(0)
    yield summary


def _stored(things: Things, what: str) -> str:
    return storage.put(f"%PDF-1.7 {what} of {things.mark}".encode())


def _learning(session: Session, things: Things, person: Person) -> Rows:
    division = things.house.employer.division
    course_class = classes.create_class(session, things.house.provider, divisions=(division,))
    yield course_class
    yield session.scalars(select(ClassSession).where(ClassSession.class_id == course_class.id).limit(1)).one()
    file = ClassFile(class_id=course_class.id, file_name="课程安排.pdf", uploaded_at=now(), **factories.unstored_file())
    file.sha256 = file.original_sha256 = _stored(things, "class file")
    yield file
    accepted = EnrolmentStatus.ACCEPTED
    enrolment = classes.create_enrolment(session, course_class, person, employer=things.house.employer, status=accepted)
    enrolment.news_at = now()
    yield enrolment


def _profile(session: Session, things: Things, person: Person) -> Rows:
    yield profiles.create_title(session, person, name=f"{things.mark}工程师")
    change = profiles.create_profile_change(session, person, employer=things.house.employer)
    yield change
    yield change.items[0]
    identity_change = profiles.create_identity_change(
        session,
        person,
        status=IdentityChangeStatus.ENDORSED,
        employer=things.house.employer,
        endorsed_by=things.house.reviewer,
        name=f"{person.name}甲",
    )
    file = identity_change.files[0]
    file.sha256 = file.original_sha256 = _stored(things, "identity")
    yield identity_change
    yield file


def _trouble(session: Session, things: Things, person: Person) -> Rows:
    exemption = exemption_cases.create_exemption(session, person, things.house.employer)
    exemption.news_at = now()
    exemption.explanation = f"{things.mark}住院。"
    yield exemption
    yield exemption_cases.create_file(session, exemption, sha256=_stored(things, "exemption"))
    case = misconduct_cases.create_case(session, person, things.house.employer, status=MisconductStatus.NOTIFIED)
    case.facts = f"{things.mark}的证明系伪造。"
    yield case
    file = misconduct_cases.create_file(session, case)
    file.sha256 = _stored(things, "case")
    yield file


def _old_records(session: Session, things: Things, person: Person) -> Rows:
    legacy_rows.create_row(session, person, name=person.name)
    row = legacy_rows.create_row(session, person, name=person.name, kind=LegacyKind.CERTIFICATE)
    row.id_number_digest, row.id_number_masked = person.id_number_digest, person.id_number_masked
    yield row
    yield legacy_rows.create_decision(session, row)
    yield session.get_one(LegacyImport, row.import_id)
    report = missing_cases.create_missing(session, person, title=f"{things.mark}的旧证书")
    yield report
    yield missing_cases.create_file(session, report, sha256=_stored(things, "missing record"))


def _employer(session: Session, things: Things, _person: Person) -> Rows:
    """What is its alone, once for each employer."""
    employer, reviewer = things.house.employer, things.house.reviewer
    counts = {"row_count": 1, "accepted": 1, "rejected": 0, "known": 0}
    yield Import(
        organisation_id=employer.id,
        kind=ImportKind.STAFF,
        file_name=f"{things.mark}名单.xlsx",
        content_digest=sealing.fingerprint(things.mark),
        uploaded_at=now(),
        uploaded_by_id=reviewer.id,
        uploaded_by_name=reviewer.display_name,
        **counts,
    )
    open_change = session.scalar(select(OrganisationChange).where(OrganisationChange.organisation_id == employer.id))
    yield open_change or OrganisationChange(
        organisation_id=employer.id,
        old_name=employer.name,
        new_name=f"{things.mark}设计院",
        old_uscc=employer.uscc,
        new_uscc=employer.uscc,
        old_division=employer.division,
        new_division=employer.division,
        explanation="改制",
        requested_at=now(),
    )
    alike = factories.create_employer(session, name=f"{employer.name}二部{employer.id}", division=employer.division)
    yield Resemblance(first_id=employer.id, second_id=alike.id, found_at=now())


def _rules(session: Session, things: Things, _person: Person) -> Rows:
    division = things.house.employer.division
    notice = Notice(title=f"{things.mark}的公告", text="通知", division=division, status=NoticeStatus.PUBLISHED)
    notice.show_from, notice.show_until, notice.created_at, notice.published_at = today(), today(), now(), now()
    notice.audience = [NoticeAudience(role=role) for role in Role]
    yield notice
    yield RequirementEdition(
        year=today().year,
        in_force_on=today(),
        basis=f"{things.mark}的文件",
        made_at=now(),
        made_by_name="主管部门",
        division=division,
    )
    analyst, snapshot = factories.actor_of(session, things.house.analyst), Snapshot(id=1)
    file = {"name": f"{things.mark}.csv", "media_type": "text/csv", "rows": 1, "sha256": _stored(things, "table")}
    record(session, analyst, exploration_files.ACTION, snapshot, after=file)
    seal(session)
    yield session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
