"""What follows when hours that had counted are taken back, or given back: the year, and its certificate."""

from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.certificates import Certificate, CertificateStatus
from db.claims import Category, Claim, ClaimStatus
from db.people import Person
from services import certificates, rules, standing, statistics
from services.permissions import Actor
from services.rules import Standing


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What revoking a claim would do to its category's official hours; `certificate` is the one it would mark."""

    before: Standing
    after: Standing
    certificate: Certificate | None
    becomes: CertificateStatus | None


def recount(session: Session, actor: Actor, claim: Claim) -> None:
    """The official figures of the claim's owner at once, and the year's certificate marked if it says too much."""
    # Whoever is just printing a certificate of this person finishes first, or waits for the new figures.
    session.execute(select(Person.id).where(Person.id == claim.person_id).with_for_update())
    session.flush()
    if statistics.correct(session, claim.person_id):
        certificates.correct(session, actor, claim.person_id, claim.year)


def foresee(session: Session, claim: Claim) -> Foreseen | None:
    """None as long as there are no official figures that could change."""
    if statistics.last_finished(session) is None:
        return None
    official = {line.category: line for line in standing.of_year(session, claim.person_id, claim.year).official}
    left = _left_without(session, claim)
    then = [replace(line, earned=left.get(category, rules.NONE)) for category, line in official.items()]
    certificate = session.scalar(certificates.valid(claim.person_id, claim.year))
    becomes = certificates.status_by(certificate, then) if certificate else CertificateStatus.ISSUED
    after = next(line for line in then if line.category is claim.category)
    if becomes is CertificateStatus.ISSUED:
        return Foreseen(official[claim.category], after, None, None)
    return Foreseen(official[claim.category], after, certificate, becomes)


def _left_without(session: Session, claim: Claim) -> dict[Category, Decimal]:
    """The approved hours of the claim's owner and year, but for this claim."""
    others = Claim.person_id == claim.person_id, Claim.year == claim.year, Claim.id != claim.id
    summed = select(Claim.category, func.sum(Claim.hours_awarded)).where(*others, Claim.status == ClaimStatus.APPROVED)
    return {category: hours or rules.NONE for category, hours in session.execute(summed.group_by(Claim.category))}
