"""What waits for whom, as data: each kind with who sees it and the count that its noun makes of it."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db.claims import Claim, ClaimStatus
from db.legacy import LegacyKind
from services import (
    audits,
    bindings,
    certificates,
    class_selection,
    enrolments,
    exemptions,
    identity_changes,
    identity_review,
    misconduct,
    missing_records,
    organisation_changes,
    organisations,
    profile_changes,
    recognition,
    reconciliation,
    review_queue,
    staff,
    statistics_state,
)
from services.permissions import Actor, Permission, allowed


class ToDo(StrEnum):
    """Something that one of the users must do before it goes on."""

    EMPLOYER_TO_CHOOSE = "employer_to_choose"
    PROFILE_TO_SUBMIT = "profile_to_submit"
    IDENTITY_RETURNED = "identity_returned"
    CLAIMS_RETURNED = "claims_returned"
    CLAIMS_UNSENT = "claims_unsent"
    SEATS_OFFERED = "seats_offered"
    ENROLMENTS_DECIDED = "enrolments_decided"
    MISCONDUCT_TO_ANSWER = "misconduct_to_answer"
    CERTIFICATES_ENDED = "certificates_ended"
    EXEMPTIONS_DECIDED = "exemptions_decided"
    MISSING_CERTIFICATES_ANSWERED = "missing_certificates_answered"
    MISSING_RECORDS_ANSWERED = "missing_records_answered"
    STAFF_TO_CONFIRM = "staff_to_confirm"
    PROFILES_TO_CONFIRM = "profiles_to_confirm"
    IDENTITIES_TO_ENDORSE = "identities_to_endorse"
    CLAIMS_TO_REVIEW = "claims_to_review"
    ENROLMENTS_TO_REVIEW = "enrolments_to_review"
    CLASSES_TO_COMPLETE = "classes_to_complete"
    ORGANISATIONS_TO_DECIDE = "organisations_to_decide"
    ORGANISATION_CHANGES_TO_DECIDE = "organisation_changes_to_decide"
    IDENTITIES_TO_APPROVE = "identities_to_approve"
    CLAIMS_TO_RECOGNISE = "claims_to_recognise"
    CLAIMS_TO_AUDIT = "claims_to_audit"
    EXEMPTIONS_TO_DECIDE = "exemptions_to_decide"
    STATISTICS_LATE = "statistics_late"
    STATISTICS_TO_CHECK = "statistics_to_check"
    MISCONDUCT_TO_HANDLE = "misconduct_to_handle"
    MISCONDUCT_TO_REVIEW = "misconduct_to_review"
    LEGACY_TO_RECONCILE = "legacy_to_reconcile"
    MISSING_TO_ANSWER = "missing_to_answer"


class Kind(NamedTuple):
    """`waiting` selects one number: how much of it waits for this actor."""

    permission: Permission
    waiting: Callable[[Actor], Select[int]]


def _own_claims(status: ClaimStatus) -> Callable[[Actor], Select[int]]:
    def waiting(actor: Actor) -> Select[int]:
        return select(func.count()).where(Claim.person_id == actor.person_id, Claim.status == status)

    return waiting


# In the order of the list on the home pages.
KINDS: dict[ToDo, Kind] = {
    ToDo.EMPLOYER_TO_CHOOSE: Kind(Permission.PROFILE_WRITE, bindings.waiting_for_choice),
    ToDo.PROFILE_TO_SUBMIT: Kind(Permission.PROFILE_WRITE, profile_changes.waiting_for_owner),
    ToDo.IDENTITY_RETURNED: Kind(Permission.PROFILE_WRITE, identity_changes.waiting_for_owner),
    ToDo.MISCONDUCT_TO_ANSWER: Kind(Permission.MISCONDUCT_ANSWER, misconduct.waiting_for_owner),
    ToDo.CERTIFICATES_ENDED: Kind(Permission.CERTIFICATE_PRINT, certificates.waiting_news),
    ToDo.CLAIMS_RETURNED: Kind(Permission.CLAIM_WRITE, _own_claims(ClaimStatus.RETURNED)),
    ToDo.CLAIMS_UNSENT: Kind(Permission.CLAIM_WRITE, _own_claims(ClaimStatus.DRAFT)),
    ToDo.SEATS_OFFERED: Kind(Permission.CLASS_ENROL, enrolments.waiting_offers),
    ToDo.ENROLMENTS_DECIDED: Kind(Permission.CLASS_ENROL, enrolments.waiting_news),
    ToDo.EXEMPTIONS_DECIDED: Kind(Permission.EXEMPTION_REQUEST, exemptions.waiting_news),
    ToDo.MISSING_CERTIFICATES_ANSWERED: Kind(
        Permission.LEGACY_VIEW, missing_records.waiting_news(LegacyKind.CERTIFICATE)
    ),
    ToDo.MISSING_RECORDS_ANSWERED: Kind(Permission.LEGACY_VIEW, missing_records.waiting_news(LegacyKind.RECORD)),
    ToDo.STAFF_TO_CONFIRM: Kind(Permission.STAFF_CONFIRM, staff.waiting),
    ToDo.PROFILES_TO_CONFIRM: Kind(Permission.STAFF_CONFIRM, profile_changes.waiting),
    ToDo.IDENTITIES_TO_ENDORSE: Kind(Permission.STAFF_CONFIRM, identity_review.waiting_for_endorsement),
    ToDo.CLAIMS_TO_REVIEW: Kind(Permission.CLAIM_REVIEW, review_queue.waiting),
    ToDo.ENROLMENTS_TO_REVIEW: Kind(Permission.CLASS_MANAGE, class_selection.waiting_to_review),
    ToDo.CLASSES_TO_COMPLETE: Kind(Permission.CLASS_MANAGE, class_selection.waiting_to_complete),
    ToDo.ORGANISATIONS_TO_DECIDE: Kind(Permission.ORGANISATION_DECIDE, organisations.waiting),
    ToDo.ORGANISATION_CHANGES_TO_DECIDE: Kind(Permission.ORGANISATION_DECIDE, organisation_changes.waiting),
    ToDo.IDENTITIES_TO_APPROVE: Kind(Permission.IDENTITY_DECIDE, identity_review.waiting_for_approval),
    ToDo.CLAIMS_TO_RECOGNISE: Kind(Permission.CLAIM_RECOGNISE, recognition.waiting),
    ToDo.CLAIMS_TO_AUDIT: Kind(Permission.CLAIM_RECOGNISE, audits.waiting),
    ToDo.EXEMPTIONS_TO_DECIDE: Kind(Permission.EXEMPTION_DECIDE, exemptions.waiting),
    ToDo.STATISTICS_LATE: Kind(Permission.RULES_EDIT, statistics_state.late),
    ToDo.STATISTICS_TO_CHECK: Kind(Permission.SYSTEM_WATCH, statistics_state.late),
    ToDo.MISCONDUCT_TO_HANDLE: Kind(Permission.MISCONDUCT_HANDLE, misconduct.waiting),
    ToDo.MISCONDUCT_TO_REVIEW: Kind(Permission.MISCONDUCT_HANDLE, misconduct.waiting_requests),
    ToDo.LEGACY_TO_RECONCILE: Kind(Permission.LEGACY_RECONCILE, reconciliation.waiting),
    ToDo.MISSING_TO_ANSWER: Kind(Permission.LEGACY_RECONCILE, missing_records.waiting),
}


def counts(session: Session, actor: Actor) -> dict[ToDo, int]:
    """Everything that waits for the actor, in one query; what he has nothing to do with is left out."""
    asked = {kind: row.waiting(actor) for kind, row in KINDS.items() if allowed(actor, row.permission)}
    if not asked:
        return {}
    row = session.execute(select(*(count.scalar_subquery() for count in asked.values()))).one()
    return {kind: count for kind, count in zip(asked, row, strict=True) if count}
