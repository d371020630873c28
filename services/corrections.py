"""What follows when hours that had counted are taken back, or given back: the year, and its certificate."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.claims import Claim
from db.people import Person
from services import certificates, statistics
from services.permissions import Actor


def recount(session: Session, actor: Actor, claim: Claim) -> None:
    """The official figures of the claim's owner at once, and the year's certificate marked if it says too much."""
    # Whoever is just printing a certificate of this person finishes first, or waits for the new figures.
    session.execute(select(Person.id).where(Person.id == claim.person_id).with_for_update())
    session.flush()
    if statistics.correct(session, claim.person_id):
        certificates.correct(session, actor, claim.person_id, claim.year)
