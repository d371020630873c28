"""What a step changes about a claim besides its status, and what keeps it from being taken."""

from decimal import Decimal

from sqlalchemy.orm import Session

from db.claims import Claim, ClaimAction, ClaimStatus, ReviewReason
from services import activity_rules, claim_details, claim_flags, claim_form, fields, hour_limits, people, requirements
from services.claim_moves import Move, needs_second_level
from services.clock import now
from services.errors import N_, DomainError, InvalidField
from services.rules import plain

OPINION = N_("审核意见")
AWARD = N_("核定学时")


class NoEvidence(DomainError):
    message = N_("请先上传至少一份附件材料，再确认送审。")


class NotAttested(DomainError):
    message = N_("请先勾选承诺，再确认送审。")


class MoreThanClaimed(DomainError):
    message = N_("核定学时不能超过申报的 %(claimed)s 学时。")


class MoreThanEndorsed(DomainError):
    message = N_("核定学时不能超过单位核定的 %(endorsed)s 学时。")


def say(claim: Claim, move: Move, opinion: str, reason: ReviewReason | None) -> None:
    """Raises InvalidField."""
    claim.opinion = checked_opinion(opinion, reason, needed=move.needs_opinion)
    claim.reason = reason if move.needs_opinion else None


def checked_opinion(opinion: str, reason: ReviewReason | None, *, needed: bool) -> str:
    """A coded reason speaks for itself; without one, or with "other", the opinion is needed. Raises InvalidField."""
    checked = fields.required_text if needed and reason is ReviewReason.OTHER else fields.optional_text
    said = checked(OPINION, opinion, fields.LONGEST_TEXT)
    if needed and reason is None and not said:
        raise InvalidField(OPINION, N_("请选择原因，或写明意见。"))
    return said


def send(session: Session, claim: Claim, *, attested: bool) -> None:
    """What was valid when it was saved must still be valid when it is sent, under the rule that holds by now.

    Raises the refusals of claim_form and conversion, WindowClosed, NoEmployer, NoEvidence, NotAttested.
    """
    window = requirements.open_claim_year(session, claim.year)
    claim.activity_rule = activity_rules.find(session, claim.year, claim.activity_type)
    claim.details = claim_details.checked(claim.activity_rule, claim.details)
    claim_form.check_dates(claim.start_on, claim.end_on, window)
    hour_limits.check(session, claim, claim.hours_claimed)
    employer = people.employer_of(session, claim.person_id)
    if not claim.evidence:
        raise NoEvidence
    if not attested:
        raise NotAttested
    claim.employer = employer
    claim.second_level = needs_second_level(claim, claim.person.title_series)
    claim.attested_at = claim.submitted_at = now()
    claim.decided_at = claim.endorsed_at = claim.hours_endorsed = None
    claim_flags.keep(session, claim, employer.id)


def award(session: Session, claim: Claim, move: Move, hours: Decimal | float | str | None) -> None:
    """All that was asked for unless told; the second level gives at most what the employer endorsed.

    Raises InvalidField, MoreThanClaimed, MoreThanEndorsed and the refusals of conversion.
    """
    most = claim.hours_endorsed or claim.hours_claimed
    awarded = most if hours is None else fields.hours(AWARD, hours)
    if awarded > claim.hours_claimed:
        raise MoreThanClaimed(claimed=plain(claim.hours_claimed))
    if awarded > most:
        raise MoreThanEndorsed(endorsed=plain(most))
    hour_limits.check(session, claim, awarded, reaches=move.target)
    if move.action is ClaimAction.ENDORSE:
        claim.hours_endorsed, claim.endorsed_at = awarded, now()
    else:
        claim.hours_awarded = awarded


def take_back(session: Session, claim: Claim, move: Move) -> None:
    """The claim is again where it was before the decision; what waits again is looked at when it is decided again.

    Raises the refusals of conversion for revoked hours whose place others have taken.
    """
    if move.target is ClaimStatus.APPROVED and claim.hours_awarded is not None:
        hour_limits.check(session, claim, claim.hours_awarded, reaches=move.target)
    reached = [step.at for step in claim.steps if step.to_status is move.target]
    claim.decided_at = reached[-1] if move.target is not ClaimStatus.SUBMITTED else None
    if move.target is not ClaimStatus.APPROVED:
        claim.hours_awarded = None
    if move.target is ClaimStatus.SUBMITTED:
        claim.endorsed_at = claim.hours_endorsed = None
