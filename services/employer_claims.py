"""Hours that an employer enters for its staff: vouched for by the employer, decided by the supervisor."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from db.accounts import Role
from db.claims import Claim, ClaimAction, ClaimSource, ClaimStatus, Evidence
from services import claim_flags, claims, conversion, hour_limits, people
from services.claim_access import is_reviewer
from services.claim_form import ClaimForm
from services.claim_moves import OwnClaim
from services.clock import now
from services.deciding import NoEvidence, NotAttested
from services.errors import N_, DomainError, NotFound, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, require


class NotOnTheStaff(DomainError):
    message = N_("不是本单位已确认的在职人员。")


def enter(
    session: Session,
    actor: Actor,
    organisation_id: int,
    person_id: int,
    form: ClaimForm,
    evidence: Sequence[Evidence],
    *,
    attested: bool,
) -> Claim:
    """A claim of one member of the staff that goes straight to the second level; `evidence` are rows not stored yet.

    Raises the refusals of claim_form and conversion, WindowClosed, NoRequirement, NotOnTheStaff, OwnClaim, NoEvidence,
    NotAttested.
    """
    require(actor, Permission.CLAIM_REVIEW)
    if organisation_id not in actor.organisation_ids(Role.EMPLOYER):
        raise NotFound
    _check_person(session, actor, organisation_id, person_id)
    if not evidence:
        raise NoEvidence
    if not attested:
        raise NotAttested
    claim = prepared(session, organisation_id, person_id, form)
    hour_limits.check(session, claim, claim.hours_claimed)  # once more, while nobody else adds hours
    claim.evidence = list(evidence)
    session.add(claim)
    session.flush()
    claim_flags.keep(session, claim, organisation_id)
    claims.note_step(session, actor, claim, ClaimAction.ENDORSE, None)
    return claim


def prepared(session: Session, organisation_id: int, person_id: int, form: ClaimForm) -> Claim:
    """What would be entered, as far as its hours can be now; it is not stored.

    Raises the refusals of claim_form and conversion, WindowClosed, NoRequirement.
    """
    columns, rule = claims.checked(session, form)
    claim = _endorsed(organisation_id, person_id, columns)
    claim.activity_rule = rule
    conversion.check(hour_limits.of_claim(session, claim), claim.hours_claimed)
    return claim


def _check_person(session: Session, actor: Actor, organisation_id: int, person_id: int) -> None:
    employer = people.find_employer(session, person_id)
    if employer is None or employer.id != organisation_id:
        raise NotOnTheStaff
    if person_id == actor.person_id:
        raise OwnClaim


def _endorsed(organisation_id: int, person_id: int, columns: dict[str, object]) -> Claim:
    moment = now()
    return Claim(
        person_id=person_id,
        employer_id=organisation_id,
        source=ClaimSource.EMPLOYER,
        status=ClaimStatus.ENDORSED,
        second_level=True,
        hours_endorsed=columns["hours_claimed"],
        created_at=moment,
        attested_at=moment,
        submitted_at=moment,
        queued_at=moment,
        endorsed_at=moment,
        decided_at=moment,
        **columns,
    )


def take_back(session: Session, actor: Actor, claim_id: int) -> None:
    """Remove what was entered by mistake, as long as the supervisor has not decided. Raises NotFound, WrongStatus."""
    require(actor, Permission.CLAIM_REVIEW)
    claim = claims.get_to_change(session, actor, claim_id)
    if not is_reviewer(actor, claim) or claim.source is not ClaimSource.EMPLOYER:
        raise NotFound
    if claim.status is not ClaimStatus.ENDORSED:
        raise WrongStatus
    said = {"person_id": claim.person_id, "title": claim.title, "year": claim.year, "hours": str(claim.hours_claimed)}
    record(session, actor, "claim_take_back", claim, before=said)
    session.delete(claim)
