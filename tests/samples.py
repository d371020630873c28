"""Samples of approved hours, as an audit has drawn them."""

from sqlalchemy.orm import Session

from db.accounts import Account
from db.audits import Audit, AuditItem
from db.claims import Claim
from services.clock import now, today
from tests.factories import DIVISION


def create_audit(session: Session, by: Account, *claims: Claim, division: str = DIVISION) -> Audit:
    """A sample of these claims, drawn today."""
    audit = Audit(
        division=division,
        approved_from=today(),
        approved_to=today(),
        rate=100,
        at_least=1,
        seed="seed",
        claims=len(claims),
        drawn_at=now(),
        drawn_by_id=by.id,
        drawn_by_name=by.display_name,
    )
    session.add(audit)
    session.flush()
    session.add_all([AuditItem(audit_id=audit.id, claim_id=claim.id) for claim in claims])
    session.flush()
    return audit
