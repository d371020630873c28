"""What must be true of a database whenever a process was killed: nothing is half done, nothing is there twice."""

from collections import Counter
from collections.abc import Iterable, Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import Base, reading
from db.certificates import Certificate, CertificateStatus
from db.claims import Claim, ClaimStatus, ClaimStep
from db.classes import CourseClass
from db.enrolments import Enrolment, EnrolmentStep
from db.events import Event
from services import events, storage, stored_files
from services.errors import DomainError
from tests.classes import HOLDS_A_SEAT

EXAMINED = (Claim, Enrolment, Certificate, Event)


def count(tables: Iterable[type[Base]] = EXAMINED) -> Counter[str]:
    """How many rows there are to be looked at, by table."""
    with reading() as session:
        numbers = {table: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
    return Counter({table.__tablename__: number for table, number in numbers.items()})


def broken() -> list[str]:
    """In words; empty when all holds."""
    with reading() as session:
        found = [*_claims(session), *_seats(session), *_certificates(session), *_files(session)]
        if not events.check_chain(session).intact:
            found.append("the chain of events is broken")
    return found


def _claims(session: Session) -> Iterator[str]:
    """Each stands where its last step left it, and each step has its event."""
    last = select(func.max(ClaimStep.id)).group_by(ClaimStep.claim_id)
    rows = select(Claim, ClaimStep).join(ClaimStep, ClaimStep.claim_id == Claim.id).where(ClaimStep.id.in_(last))
    for claim, step in session.execute(rows):
        if claim.status is not step.to_status:
            yield f"claim {claim.id} is {claim.status}, its last step led to {step.to_status}"
        if claim.status is ClaimStatus.APPROVED and claim.hours_awarded != step.hours:
            yield f"claim {claim.id} has {claim.hours_awarded} hours, its last step gave {step.hours}"
    yield from _without_event(session, "claim", Counter(session.scalars(select(ClaimStep.claim_id))))


def _without_event(session: Session, table: str, steps: Counter[int], action: str = "") -> Iterator[str]:
    """Each step has one, of that action or of one that is called after the table."""
    of_action = Event.action == action if action else Event.action.startswith(f"{table}_", autoescape=True)
    about = session.scalars(select(Event.object_id).where(Event.object_type == table, of_action))
    written = Counter(number for number in about if number is not None)
    if written != steps:
        yield f"steps and events of the table {table} differ: {steps - written} {written - steps}"


def _seats(session: Session) -> Iterator[str]:
    """As many are taken as somebody holds, and none twice."""
    for course in session.scalars(select(CourseClass)):
        own = session.scalars(select(Enrolment).where(Enrolment.class_id == course.id)).all()
        held = sum(each.status in HOLDS_A_SEAT or each.offered_until is not None for each in own)
        if course.taken != held or held > (course.capacity or 0):
            yield f"class {course.id} counts {course.taken} of {course.capacity} seats, {held} are held"
    last = select(func.max(EnrolmentStep.id)).group_by(EnrolmentStep.enrolment_id)
    rows = select(Enrolment, EnrolmentStep).join(EnrolmentStep, EnrolmentStep.enrolment_id == Enrolment.id)
    for enrolment, step in session.execute(rows.where(EnrolmentStep.id.in_(last))):
        if enrolment.status is not step.to_status:
            yield f"enrolment {enrolment.id} is {enrolment.status}, its last step led to {step.to_status}"
    yield from _without_event(session, "enrolment", Counter(session.scalars(select(EnrolmentStep.enrolment_id))))


def _certificates(session: Session) -> Iterator[str]:
    """One number for each, one that stands for each person and year, and an event of each issue."""
    all_of_them = session.scalars(select(Certificate)).all()
    numbers = Counter(each.number for each in all_of_them)
    standing = Counter((each.person_id, each.year) for each in all_of_them if each.status is CertificateStatus.ISSUED)
    for twice in [key for counted in (numbers, standing) for key, count in counted.items() if count > 1]:
        yield f"{twice} is there twice"
    yield from _without_event(session, "certificate", Counter(each.id for each in all_of_them), "certificate_issue")


def _files(session: Session) -> Iterator[str]:
    """Whatever a row names is stored, and is what its name says."""
    for column in stored_files.NAMES:
        for sha256 in session.scalars(select(column).where(column.is_not(None)).distinct()):
            try:
                storage.get(sha256)
            except DomainError:
                yield f"the file {sha256} that {column} names is missing or damaged"
