"""Invented exemptions in any state; a test names only what it is about."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from db.accounts import Account
from db.claims import Category
from db.exemptions import WHOLE, Exemption, ExemptionFile, ExemptionReason, ExemptionStatus
from db.organisations import Organisation
from db.people import Person
from services import storage
from services.clock import now, today
from tests import factories

_Status = ExemptionStatus
ENDED = {_Status.REPLACED, _Status.REVOKED}
ALL = dict.fromkeys(Category, WHOLE)


def create_exemption(
    session: Session,
    person: Person,
    employer: Organisation,
    *,
    status: ExemptionStatus = ExemptionStatus.REQUESTED,
    year: int | None = None,
    hours: Mapping[Category, Decimal] = ALL,
    requested_by: Account | None = None,
    decided_by: Account | None = None,
    at: datetime | None = None,
) -> Exemption:
    """Asked for by the person unless told; all of it happened at one moment."""
    moment = at or now()
    asker = requested_by or session.get_one(Account, person.account_id)
    exemption = Exemption(
        person_id=person.id,
        employer_id=employer.id,
        year=year or today().year,
        status=status,
        reason=ExemptionReason.ILLNESS,
        explanation="三月至九月住院治疗。",
        requested_at=moment,
        requested_by_id=asker.id,
        requested_by_name=asker.display_name,
        **{category.value: taken for category, taken in hours.items()},
    )
    if status not in {_Status.REQUESTED, _Status.WITHDRAWN}:
        decider = decided_by or factories.create_supervisor(session)
        exemption.decided_at, exemption.decided_by_id = moment, decider.id
        exemption.decided_by_name, exemption.opinion = decider.display_name, "已核对。"
        if status in ENDED:
            exemption.ended_at, exemption.ended_by_id, exemption.ended_because = moment, decider.id, "证明不实。"
    session.add(exemption)
    session.flush()
    return exemption


def create_file(session: Session, exemption: Exemption, **columns: str) -> ExemptionFile:
    """A row alone, of a file that was never stored."""
    file = ExemptionFile(exemption_id=exemption.id, file_name="诊断证明.pdf", uploaded_at=now())
    for column, value in {**factories.unstored_file(), **columns}.items():
        setattr(file, column, value)
    session.add(file)
    session.flush()
    return file


def of_a_whole_life(
    session: Session, person: Person, employer: Organisation, supervisor: Account, *, holds: bool
) -> None:
    """One that was declined, and one that holds for whoever has something to hold on to."""
    statuses = [_Status.DECLINED, *([_Status.GRANTED] if holds else [])]
    for status in statuses:
        exemption = create_exemption(session, person, employer, status=status, decided_by=supervisor)
        exemption.explanation = f"{person.name}住院治疗（{status}）。"
        named = f"{status} of {person.name}".encode()
        original = storage.put(b"%PDF-1.7 original of the exemption " + named)
        create_file(session, exemption, original_sha256=original, sha256=storage.put(b"%PDF-1.7 clean " + named))
