"""Invented dishonesty cases in any state; a test names only what it is about."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import Account
from db.claims import Claim
from db.misconduct import (
    LookedAt,
    MisconductAction,
    MisconductFile,
    MisconductFilePurpose,
    MisconductKind,
    MisconductLook,
    MisconductRecord,
    MisconductStatus,
    MisconductStep,
    Severity,
)
from db.organisations import Organisation
from db.people import Person
from services import misconduct_terms, storage
from services.clock import local, now
from tests import factories

_Status = MisconductStatus
UNTOLD = {_Status.REPORTED, _Status.INVESTIGATING}
UNCONFIRMED = UNTOLD | {_Status.NOTIFIED, _Status.DISMISSED}
OBJECTED = {_Status.OBJECTED, _Status.UPHELD, _Status.AMENDED, _Status.CANCELLED}
DECIDED = OBJECTED - {_Status.OBJECTED}


def create_case(
    session: Session,
    person: Person,
    employer: Organisation,
    *,
    status: MisconductStatus = MisconductStatus.REPORTED,
    severity: Severity = Severity.ORDINARY,
    claims: Sequence[Claim] = (),
    confirmed_by: Account | None = None,
    at: datetime | None = None,
) -> MisconductRecord:
    """All that lies behind it happened at one moment, long enough ago that every deadline is over, unless told."""
    moment = at or now() - timedelta(days=120)
    case = MisconductRecord(
        person_id=person.id,
        employer_id=employer.id,
        status=status,
        kind=MisconductKind.FORGED_EVIDENCE,
        severity=severity,
        facts="结业证明系伪造。",
        basis="《专业技术人员继续教育规定》",
        reported_at=moment,
        claims=list(claims),
        files=[],
    )
    if status not in UNTOLD:
        case.notified_at = moment
    if status not in UNCONFIRMED:
        confirmer = confirmed_by or factories.create_supervisor(session)
        case.confirmed_at, case.confirmed_by_id = moment, confirmer.id
        misconduct_terms.set_term(case, local(moment).date())
    if status in OBJECTED:
        case.objected_at = moment
    if status in {_Status.OBJECTED, _Status.REPAIR_REQUESTED}:
        case.asked_at = now()
    if status in DECIDED:
        case.objection_decided_by_id = factories.create_supervisor(session).id
    session.add(case)
    session.flush()
    return case


def create_file(
    session: Session, case: MisconductRecord, *, purpose: MisconductFilePurpose = MisconductFilePurpose.EVIDENCE
) -> MisconductFile:
    """A row alone, of a file that was never stored."""
    file = MisconductFile(record_id=case.id, purpose=purpose, file_name="核查材料.pdf", uploaded_at=now())
    for column, value in factories.unstored_file().items():
        setattr(file, column, value)
    session.add(file)
    session.flush()
    return file


def of_a_whole_life(
    session: Session, person: Person, employer: Organisation, supervisor: Account, *, stands: bool
) -> None:
    """One that he was told of, with a row in every table."""
    claim = session.scalars(select(Claim).where(Claim.person_id == person.id).limit(1)).one()
    status = MisconductStatus.UPHELD if stands else MisconductStatus.DISMISSED
    case = create_case(session, person, employer, status=status, claims=[claim])
    case.facts = f"{person.name}提交的证明系伪造。"
    file = create_file(session, case)
    file.original_sha256 = storage.put(b"%PDF-1.7 original of the case of " + person.name.encode())
    file.sha256 = storage.put(b"%PDF-1.7 clean copy of the case of " + person.name.encode())
    step = MisconductStep(record_id=case.id, at=now(), action=MisconductAction.REPLY, to_status=status)
    step.actor_id, step.actor_name, step.opinion = person.account_id, person.name, f"{person.name}不认可。"
    look = MisconductLook(record_id=case.id, at=now(), looked_at=LookedAt.CASE, office=employer.name)
    look.actor_id, look.actor_name = supervisor.id, supervisor.display_name
    session.add_all([step, look])
    session.flush()
