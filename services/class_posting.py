"""From an enrolment to hours that count, and back: the claims that come of a class."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from db.claims import ActivityType, Claim, ClaimAction, ClaimSource, ClaimStatus
from db.classes import CourseClass
from db.enrolments import Enrolment, EnrolmentAction, EnrolmentStatus
from services import claim_flags, claims, enrolment_moves, enrolment_steps
from services.claim_access import hold_claims
from services.clock import now
from services.errors import WrongStatus
from services.permissions import Actor


def post(session: Session, actor: Actor, course_class: CourseClass, enrolment: Enrolment, hours: Decimal) -> Claim:
    """One approved claim; the class is loaded with its provider. The database allows one that is not revoked."""
    moment = now()
    claim = Claim(
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        employer_id=enrolment.employer_id,
        source=ClaimSource.CLASS,
        activity_type=ActivityType.TRAINING,
        year=course_class.year,
        category=course_class.category,
        title=course_class.name,
        organiser=course_class.provider.name,
        place=course_class.place,
        start_on=course_class.start_on,
        end_on=course_class.end_on,
        hours_claimed=hours,
        hours_awarded=hours,
        status=ClaimStatus.APPROVED,
        created_at=moment,
        submitted_at=moment,
        queued_at=moment,
        decided_at=moment,
        evidence=[],
    )
    session.add(claim)
    session.flush()
    claim_flags.keep(session, claim, enrolment.employer_id)
    claims.note_step(session, actor, claim, ClaimAction.APPROVE, None)
    return claim


def live_claim(session: Session, enrolment: Enrolment) -> Claim | None:
    """What was posted and still counts, held until this transaction ends; for callers who hold the class."""
    of_enrolment = select(Claim.id).where(Claim.enrolment_id == enrolment.id)
    hold_claims(session, session.scalars(of_enrolment).all())
    counting = select(Claim).where(Claim.enrolment_id == enrolment.id, Claim.status == ClaimStatus.APPROVED)
    loaded = counting.options(joinedload(Claim.person)).execution_options(populate_existing=True)
    return session.scalar(loaded)


def take_back(session: Session, actor: Actor, claim: Claim, opinion: str) -> None:
    """Its hours count no longer; the caller recounts the year once all is corrected."""
    before, claim.status = claim.status, ClaimStatus.REVOKED
    claim.opinion, claim.decided_at = opinion, now()
    claims.note_step(session, actor, claim, ClaimAction.CORRECT, before)
    session.flush()  # what is posted instead may not stand beside it, not even for a moment


def take_step(
    session: Session, actor: Actor, enrolment: Enrolment, action: EnrolmentAction, hours: Decimal, opinion: str = ""
) -> None:
    """Raises WrongStatus."""
    target = EnrolmentStatus.COMPLETED if hours else EnrolmentStatus.NOT_COMPLETED
    move = enrolment_moves.find(action, enrolment, target)
    if move is None:
        raise WrongStatus
    before, enrolment.status = enrolment.status, move.target
    enrolment.hours_awarded = hours or None
    enrolment.opinion, enrolment.decided_at = opinion, now()
    enrolment.posted_at = enrolment.posted_at or now()
    enrolment_steps.note_step(session, actor, enrolment, action, before, hours=hours or None)


def counting(session: Session, enrolments: Sequence[Enrolment]) -> Collection[int]:
    """Which of these have posted hours that count: a supervisor may have revoked some."""
    numbers = [each.id for each in enrolments]
    approved = select(Claim.enrolment_id).where(Claim.enrolment_id.in_(numbers), Claim.status == ClaimStatus.APPROVED)
    return set(session.scalars(approved))
