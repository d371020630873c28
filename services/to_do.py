"""What waits for whom, as data: each kind with who sees it and the count that its noun makes of it."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db.claims import Claim, ClaimStatus
from services import bindings, organisation_changes, organisations, review_queue, staff
from services.permissions import Actor, Permission, allowed


class ToDo(StrEnum):
    """Something that one of the users must do before it goes on."""

    EMPLOYER_TO_CHOOSE = "employer_to_choose"
    CLAIMS_RETURNED = "claims_returned"
    CLAIMS_UNSENT = "claims_unsent"
    STAFF_TO_CONFIRM = "staff_to_confirm"
    CLAIMS_TO_REVIEW = "claims_to_review"
    ORGANISATIONS_TO_DECIDE = "organisations_to_decide"
    ORGANISATION_CHANGES_TO_DECIDE = "organisation_changes_to_decide"


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
    ToDo.CLAIMS_RETURNED: Kind(Permission.CLAIM_WRITE, _own_claims(ClaimStatus.RETURNED)),
    ToDo.CLAIMS_UNSENT: Kind(Permission.CLAIM_WRITE, _own_claims(ClaimStatus.DRAFT)),
    ToDo.STAFF_TO_CONFIRM: Kind(Permission.STAFF_CONFIRM, staff.waiting),
    ToDo.CLAIMS_TO_REVIEW: Kind(Permission.CLAIM_REVIEW, review_queue.waiting),
    ToDo.ORGANISATIONS_TO_DECIDE: Kind(Permission.ORGANISATION_DECIDE, organisations.waiting),
    ToDo.ORGANISATION_CHANGES_TO_DECIDE: Kind(Permission.ORGANISATION_DECIDE, organisation_changes.waiting),
}


def counts(session: Session, actor: Actor) -> dict[ToDo, int]:
    """Everything that waits for the actor, in one query; what he has nothing to do with is left out."""
    asked = {kind: row.waiting(actor) for kind, row in KINDS.items() if allowed(actor, row.permission)}
    if not asked:
        return {}
    row = session.execute(select(*(count.scalar_subquery() for count in asked.values()))).one()
    return {kind: count for kind, count in zip(asked, row, strict=True) if count}
