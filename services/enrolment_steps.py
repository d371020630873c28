"""One step of an enrolment, without its seat: what it changes, and what it leaves for those whom it concerns."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from db.enrolments import UNDECIDED, Enrolment, EnrolmentAction, EnrolmentStatus, EnrolmentStep
from services.clock import now
from services.enrolment_moves import Move
from services.events import record
from services.permissions import Actor


def go(
    session: Session,
    actor: Actor,
    enrolment: Enrolment,
    move: Move,
    *,
    opinion: str = "",
    offered_until: datetime | None = None,
) -> None:
    """Take a move of `enrolment_moves`; whoever calls has seen to the seat that it takes or gives back.

    Also the first one, of an enrolment that is not stored yet and has no status.
    """
    before, enrolment.status = enrolment.status, move.target
    enrolment.opinion, enrolment.offered_until = opinion, offered_until
    enrolment.decided_at = None if move.target in UNDECIDED else now()
    waits = move.target is EnrolmentStatus.WAITLISTED
    enrolment.waiting_since = (enrolment.waiting_since or now()) if waits else None
    session.add(enrolment)
    note_step(session, actor, enrolment, move.action, before)


def note_step(
    session: Session,
    actor: Actor,
    enrolment: Enrolment,
    action: EnrolmentAction,
    before: EnrolmentStatus | None,
    hours: Decimal | None = None,
    said: str | None = None,
) -> None:
    """What every change of an enrolment leaves behind: a step, an event, and news unless it is one's own.

    `said` stands in the step alone; without it the step says what was decided about the enrolment.
    """
    enrolment.news_at = None if actor.person_id == enrolment.person_id else now()
    session.flush()
    session.add(
        EnrolmentStep(
            enrolment_id=enrolment.id,
            at=now(),
            actor_id=actor.account_id,
            actor_name=actor.name,
            action=action,
            from_status=before,
            to_status=enrolment.status,
            opinion=enrolment.opinion if said is None else said,
            hours=hours,
            offered_until=enrolment.offered_until,
        )
    )
    until = enrolment.offered_until
    after = {
        "class_id": enrolment.class_id,
        "status": enrolment.status,
        "hours": hours if hours is None else str(hours),
        "offered_until": until if until is None else until.isoformat(),
    }
    record(session, actor, f"enrolment_{action}", enrolment, before={"status": before} if before else None, after=after)
