"""How long a dishonesty record lasts, when it can be repaired, and how soon each side must act."""

from dataclasses import dataclass
from datetime import date

from db.misconduct import MisconductRecord, MisconductStatus, Severity
from services import working_days
from services.clock import local, months_later, today
from services.working_days import Deadline


@dataclass(frozen=True, slots=True)
class Term:
    """Repair can be asked for after so many months, as credit law has it for lighter and graver cases."""

    years: int
    repair_after_months: int


TERMS = {Severity.MINOR: Term(1, 3), Severity.ORDINARY: Term(3, 3), Severity.SERIOUS: Term(5, 12)}
REPAIR_AGAIN_AFTER_MONTHS = 3
HEARING_DAYS = 5
# Working days to decide, and when it takes longer because somebody else must look into it.
DECISION_DAYS = {MisconductStatus.OBJECTED: (3, 7), MisconductStatus.REPAIR_REQUESTED: (3, 6)}
IN_FORCE = frozenset(
    {
        MisconductStatus.CONFIRMED,
        MisconductStatus.OBJECTED,
        MisconductStatus.UPHELD,
        MisconductStatus.AMENDED,
        MisconductStatus.REPAIR_REQUESTED,
        MisconductStatus.REFUSED,
    }
)


def set_term(record: MisconductRecord, effective_on: date) -> None:
    """By the severity of the record."""
    term = TERMS[record.severity]
    record.effective_on, record.ends_on = effective_on, months_later(effective_on, term.years * 12)
    record.repair_from = months_later(effective_on, term.repair_after_months)


def is_in_force(record: MisconductRecord) -> bool:
    return record.status in IN_FORCE and record.ends_on is not None and today() <= record.ends_on


def hearing_until(record: MisconductRecord) -> Deadline | None:
    """Until when the person concerned can answer the notice."""
    if record.notified_at is None:
        return None
    return working_days.after(local(record.notified_at).date(), HEARING_DAYS)


def hearing_is_over(record: MisconductRecord) -> bool:
    """He has said what he has to say, or let the days pass."""
    until = hearing_until(record)
    return until is not None and (record.replied_at is not None or today() > until.day)


def decide_until(record: MisconductRecord) -> Deadline | None:
    """Until when the objection or the request for repair that waits must be decided."""
    if record.status not in DECISION_DAYS or record.asked_at is None:
        return None
    usual, extended = DECISION_DAYS[record.status]
    return working_days.after(local(record.asked_at).date(), extended if record.extended_at else usual)


def last_notice_without_answer() -> date:
    """Who was told on this day or before, and has not answered, has let the days pass."""
    return working_days.before(today(), HEARING_DAYS)
