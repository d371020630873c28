"""Somebody with a row in every table that says something about a user: to be handed out, and to be forgotten."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import transaction
from db.accounts import Account, AuthSession, PasswordHistory, Ticket
from db.audits import Audit, AuditItem
from db.certificates import Certificate
from db.claim_flags import ClaimFlag, FlagKind
from db.claims import Claim, ClaimStatus
from db.enrolments import Attendance, EnrolmentAction, EnrolmentStatus, EnrolmentStep
from db.identity_changes import IdentityChangeStatus
from db.notices import Notice, NoticeDismissal
from db.organisations import Organisation
from db.people import BindingAction, BindingStatus, BindingStep, Person
from db.profile_changes import ProfileChangeStatus
from db.reminders import Reminder
from db.snapshots import SavedQuestion
from db.statistics import AnnualSummary, StatisticsRun
from services import sealing, sessions, storage
from services.clock import now, today
from services.events import record
from services.permissions import Actor
from tests import (
    classes,
    exemption_cases,
    factories,
    legacy_rows,
    misconduct_cases,
    missing_cases,
    profiles,
    signing_in,
)

TOKEN = "the token of a browser that is somebody's own"
TOTP_SECRET = "c2VhbGVkIHRvdHAgc2VjcmV0"
EARLIER_PASSWORD = "$2b$04$an.earlier.one"
ORIGINAL, CLEAN, CERTIFICATE = b"%PDF-1.7 as uploaded by ", b"%PDF-1.7 cleaned for ", b"%PDF-1.7 certificate of "
YEAR = 2025


@dataclass(frozen=True)
class Life:
    """`actor` is he himself in the one browser where he is signed in."""

    account: Account
    person: Person
    employer: Organisation
    reviewer: Account
    id_number: str
    actor: Actor


def begin(username: str = "mingyue", *, approved: bool = True) -> Life:
    """With approved hours and a certificate, or with nothing that was ever decided in his favour."""
    account = signing_in.create_account(username=username)
    number = factories.invented_id_number()
    with transaction() as session:
        account = session.get_one(Account, account.id)
        employer = factories.create_employer(session)
        person = factories.create_person(session, account=account, employer=employer, id_number=number)
        reviewer = factories.create_reviewer(session, employer)
        _refused_once(session, person, employer, reviewer)
        _remind(session, person, employer, reviewer)
        _describe(session, person)
        _keep_question(session, account, person)
        _take_note(session, account)
        _take_part(session, person, employer, reviewer)
        statuses = [ClaimStatus.DRAFT, ClaimStatus.RETURNED, ClaimStatus.REJECTED]
        for status in [*statuses, ClaimStatus.APPROVED] if approved else statuses:
            _decide(session, reviewer, _claim(session, person, employer, status))
        if approved:
            _certify(session, person)
            _sample(session, person, reviewer)
            _find_in_old_system(session, person)
        exemption_cases.of_a_whole_life(session, person, employer, reviewer, holds=approved)
        misconduct_cases.of_a_whole_life(session, person, employer, reviewer, stands=approved)
        missing_cases.of_a_whole_life(session, person, reviewer)
    return Life(account, person, employer, reviewer, number, _signed_in(account))


def _refused_once(session: Session, person: Person, employer: Organisation, reviewer: Account) -> None:
    binding = factories.create_binding(session, person, employer, status=BindingStatus.REFUSED)
    binding.reason = f"{person.name}不是本单位人员。"
    steps = (
        (BindingAction.REQUEST, BindingStatus.REQUESTED, person.account_id, person.name),
        (BindingAction.REFUSE, BindingStatus.REFUSED, reviewer.id, reviewer.display_name),
    )
    for action, status, actor_id, actor_name in steps:
        step = BindingStep(binding_id=binding.id, at=now(), action=action, to_status=status, reason=binding.reason)
        step.actor_id, step.actor_name = actor_id, actor_name
        session.add(step)


def _take_part(session: Session, person: Person, employer: Organisation, trainer: Account) -> None:
    """In a class that he missed."""
    course_class = classes.create_class(session, classes.create_provider(session))
    failed = EnrolmentStatus.NOT_COMPLETED
    enrolment = classes.create_enrolment(session, course_class, person, employer=employer, status=failed)
    enrolment.opinion = f"{person.name}缺课。"
    step = EnrolmentStep(enrolment_id=enrolment.id, at=now(), action=EnrolmentAction.FAIL, to_status=failed)
    step.actor_id, step.actor_name, step.opinion = trainer.id, trainer.display_name, enrolment.opinion
    missed = Attendance(enrolment_id=enrolment.id, session_id=course_class.sessions[0].id, present=False)
    session.add_all([step, missed])


def _describe(session: Session, person: Person) -> None:
    profiles.create_title(session, person, name=f"{person.name}的职称")
    session.add_all([profiles.new_degree(person, today()), profiles.new_licence(person, today())])
    draft = ProfileChangeStatus.DRAFT
    profiles.create_profile_change(session, person, status=draft, after={"department": f"{person.name}的部门"})
    correction = profiles.create_identity_change(
        session,
        person,
        status=IdentityChangeStatus.RETURNED,
        name=f"{person.name}的新名",
        id_number=factories.invented_id_number(),
    )
    correction.files[0].original_sha256 = storage.put(ORIGINAL + person.name.encode())
    correction.files[0].sha256 = storage.put(CLEAN + person.name.encode())


def _claim(session: Session, person: Person, employer: Organisation, status: ClaimStatus) -> Claim:
    claim = factories.create_claim(
        session, person, employer=employer, status=status, title=f"{person.name}参加的培训（{status}）", year=YEAR
    )
    evidence = factories.create_evidence(session, claim, file_name="../结业证明.pdf")
    evidence.original_sha256 = storage.put(ORIGINAL + claim.title.encode())
    evidence.sha256 = storage.put(CLEAN + claim.title.encode())
    return claim


def _decide(session: Session, reviewer: Account, claim: Claim) -> None:
    factories.create_step(session, claim, claim.status, by=reviewer).opinion = "已核对。"
    actor = Actor(reviewer.id, reviewer.display_name, address="198.51.100.9")
    record(session, actor, "claim_approve", claim, after={"status": claim.status})


def _certify(session: Session, person: Person) -> None:
    run = StatisticsRun(started_by="test", started_at=now())
    session.add(run)
    session.flush()
    summary = AnnualSummary(person_id=person.id, year=YEAR, run_id=run.id)
    summary.general = summary.professional = summary.elective = Decimal(8)
    certificate = Certificate(
        number=f"4401042025{person.id:06d}0",
        code=f"{person.id:016d}",
        person_id=person.id,
        year=YEAR,
        statement={"name": person.name},
        pdf_sha256=storage.put(CERTIFICATE + person.name.encode()),
        run_id=run.id,
        issued_on=today(),
        issued_at=now(),
    )
    session.add_all([summary, certificate])


def _sample(session: Session, person: Person, supervisor: Account) -> None:
    """The approved claim was suspicious, and was drawn and checked."""
    approved = Claim.person_id == person.id, Claim.status == ClaimStatus.APPROVED
    claim = session.scalars(select(Claim).where(*approved)).one()
    audit = Audit(
        division=factories.DIVISION,
        approved_from=today(),
        approved_to=today(),
        rate=5,
        at_least=1,
        seed="a seed",
        claims=1,
        drawn_at=now(),
        drawn_by_id=supervisor.id,
        drawn_by_name=supervisor.display_name,
    )
    session.add(audit)
    session.flush()
    item = AuditItem(audit_id=audit.id, claim_id=claim.id, checked_at=now(), checked_by_id=supervisor.id)
    item.checked_by_name, item.opinion = supervisor.display_name, "属实。"
    session.add_all([item, ClaimFlag(claim_id=claim.id, kind=FlagKind.LATE)])


def _remind(session: Session, person: Person, employer: Organisation, reviewer: Account) -> None:
    reminder = Reminder(
        person_id=person.id,
        organisation_id=employer.id,
        year=YEAR,
        week_of=today(),
        sent_at=now(),
        sent_by_id=reviewer.id,
    )
    session.add(reminder)


def _keep_question(session: Session, account: Account, person: Person) -> None:
    asked = SavedQuestion(account_id=account.id, name=f"{person.name}的学时", words={"text": person.name})
    asked.saved_at, asked.snapshot_id, asked.snapshot_hash = now(), 1, "s" * 64
    asked.figure, asked.figure_hash = "8", "f" * 64
    session.add(asked)


def _take_note(session: Session, account: Account) -> None:
    notice = Notice(title="系统维护", text="周六维护。", show_from=today(), show_until=today(), created_at=now())
    session.add(notice)
    session.flush()
    session.add(NoticeDismissal(notice_id=notice.id, account_id=account.id, noted_at=now()))


def _find_in_old_system(session: Session, person: Person) -> None:
    row = legacy_rows.create_row(session, person, name=person.name)
    row.id_number_digest, row.id_number_masked = person.id_number_digest, person.id_number_masked
    legacy_rows.create_decision(session, row)


def _signed_in(account: Account) -> Actor:
    token = f"{TOKEN} {account.id}"
    with transaction() as session:
        stored = session.get_one(Account, account.id)
        stored.totp_secret = TOTP_SECRET
        session.add(PasswordHistory(account_id=account.id, password_hash=EARLIER_PASSWORD, set_at=now()))
        started = AuthSession(
            token_hash=sealing.fingerprint(token),
            account_id=account.id,
            created_at=now(),
            last_seen_at=now(),
            expires_at=now() + sessions.LIFE,
            remembered=False,
            device="Firefox",
            address=signing_in.ADDRESS,
        )
        ticket = Ticket(
            ticket_hash=sealing.fingerprint(f"a ticket of {account.id}"),
            browser_hash=sealing.fingerprint("a browser"),
            account_id=account.id,
            remember=False,
            expires_at=now() + timedelta(minutes=1),
        )
        session.add_all([started, ticket])
        session.flush()
        actor = Actor(account.id, stored.display_name, username=stored.username, address=signing_in.ADDRESS)
        record(session, actor, "sign_in", started)
    return signing_in.actor_of(token)
