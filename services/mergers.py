"""Two organisations that are one and the same become one, for good: what goes over, and what stays as it was.

Hours that are decided keep the employer that decided about them, and so do files of the past; the organisation that is
given up stays readable, with what it was merged into.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from db.accounts import Grant
from db.claims import Claim, ClaimStatus
from db.classes import CourseClass
from db.enrolments import LIVE, Enrolment
from db.exemptions import Exemption, ExemptionStatus
from db.organisations import Organisation, OrganisationAction, OrganisationKind, OrganisationStatus
from db.people import Binding, BindingAction, BindingStatus, BindingStep
from services import (
    binding_steps,
    bindings,
    fields,
    legacy_employers,
    organisation_changes,
    organisations,
    resemblances,
)
from services.clock import now
from services.errors import N_, DomainError, NotFound, WrongStatus
from services.events import record
from services.organisations import OwnOrganisation
from services.permissions import Actor, Permission, require


class SameOrganisation(DomainError):
    message = N_("这是同一条单位记录，请选择另一个单位。")


class DifferentKinds(DomainError):
    message = N_("只能合并单位类型相同的两个单位，代管单位不能合并。")


class KeptNotApproved(DomainError):
    message = N_("保留的单位须是“通过”状态。请先通过或恢复它，再合并。")


class Moved(StrEnum):
    """What goes over to the organisation that stays."""

    STAFF = "staff"
    REQUESTS = "requests"
    CLAIMS = "claims"
    ENROLMENTS = "enrolments"
    EXEMPTIONS = "exemptions"
    CLASSES = "classes"


# Nothing of what is moved is loaded in the session that moves it.
UNSEEN = {"synchronize_session": False}
LIVE_ENROLMENTS = Enrolment.status.in_(LIVE)
WAITING_CLAIMS = Claim.status == ClaimStatus.SUBMITTED
# Those that hold too: they can still be revoked.
LIVE_EXEMPTIONS = Exemption.status.in_((ExemptionStatus.REQUESTED, ExemptionStatus.GRANTED))


@dataclass(frozen=True, slots=True)
class Merger:
    """What merging does, or would do: `counts` of what goes over, `reviewers` who act for the given up one only."""

    gone: Organisation
    kept: Organisation
    counts: Mapping[Moved, int]
    reviewers: int


def find_other(session: Session, actor: Actor, organisation: Organisation, uscc: str) -> Organisation:
    """The one of the same kind with that code. Raises NotFound, also outside the actor's divisions."""
    require(actor, Permission.ORGANISATION_DECIDE)
    same = Organisation.uscc == fields.search_text(uscc).upper(), Organisation.kind == organisation.kind
    found = session.scalar(organisations.visible_to(actor).where(*same))
    if found is None:
        raise NotFound
    return organisations.get(session, actor, found.id)


def preview(session: Session, actor: Actor, gone_id: int, kept_id: int) -> Merger:
    """What would go over. Raises the refusals of `merge`."""
    gone, kept = (organisations.get(session, actor, number) for number in (gone_id, kept_id))
    _refuse_unlike(actor, gone, kept)
    return Merger(gone, kept, _count(session, gone), len(_reviewers(session, gone, kept)))


def _count(session: Session, gone: Organisation) -> dict[Moved, int]:
    counted = _of_provider(gone) if gone.kind is OrganisationKind.PROVIDER else _of_employer(gone)
    row = session.execute(select(*(count.scalar_subquery() for count in counted.values()))).one()
    return dict(zip(counted, row, strict=True))


def _of_employer(gone: Organisation) -> dict[Moved, Select[int]]:
    bound = select(func.count()).where(Binding.organisation_id == gone.id)
    return {
        Moved.STAFF: bound.where(Binding.status.in_(binding_steps.ACTIVE)),
        Moved.REQUESTS: bound.where(Binding.status.in_(binding_steps.COMING)),
        Moved.CLAIMS: select(func.count()).where(Claim.employer_id == gone.id, WAITING_CLAIMS),
        Moved.ENROLMENTS: select(func.count()).where(Enrolment.employer_id == gone.id, LIVE_ENROLMENTS),
        Moved.EXEMPTIONS: select(func.count()).where(Exemption.employer_id == gone.id, LIVE_EXEMPTIONS),
    }


def _of_provider(gone: Organisation) -> dict[Moved, Select[int]]:
    """Past ones too: somebody must be able to correct their hours."""
    return {Moved.CLASSES: select(func.count()).where(CourseClass.provider_id == gone.id)}


def merge(
    session: Session, actor: Actor, gone_id: int, kept_id: int, *, seen: tuple[int, int], take_reviewers: bool
) -> Merger:
    """Nothing of it can be taken back; `seen` are the versions of both that the supervisor looked at.

    Raises NotFound, OwnOrganisation, SameOrganisation, DifferentKinds, KeptNotApproved, WrongStatus.
    """
    _hold(session, actor, gone_id, kept_id)
    planned = preview(session, actor, gone_id, kept_id)
    gone, kept = planned.gone, planned.kept
    if (gone.version, kept.version) != seen:
        raise WrongStatus
    moved = _move_bindings(session, gone, kept) | _move_claims(session, gone, kept)
    moved |= _move_enrolments(session, gone, kept) | _move_exemptions(session, gone, kept)
    moved |= _move_classes(session, gone, kept)
    _note_steps(session, actor, gone, moved[Moved.STAFF])
    _call_off_transfers(session, actor, kept)
    if take_reviewers:
        _take_reviewers(session, actor, gone, kept)
    legacy_employers.follow_merger(session, gone, kept)
    organisation_changes.drop(session, actor, gone)
    resemblances.forget(session, gone, decided=True)
    _close(session, actor, gone, kept, moved)
    return planned


def _hold(session: Session, actor: Actor, *numbers: int) -> None:
    """Who asks either of them for something waits, and so does who decides about either.

    Not the database's own look at what a row refers to: whoever is in the middle of his work would wait for ever.
    """
    both = organisations.visible_to(actor).where(Organisation.id.in_(numbers)).order_by(Organisation.id)
    session.scalars(both.with_for_update(key_share=True)).all()


def _refuse_unlike(actor: Actor, gone: Organisation, kept: Organisation) -> None:
    if gone.id == kept.id:
        raise SameOrganisation
    if organisations.is_own(actor, gone) or organisations.is_own(actor, kept):
        raise OwnOrganisation
    if gone.kind is not kept.kind or gone.is_holding or kept.is_holding:
        raise DifferentKinds
    if OrganisationAction.MERGE not in organisations.possible_actions(actor, gone):
        raise WrongStatus
    if kept.status is not OrganisationStatus.APPROVED:
        raise KeptNotApproved


def _move_bindings(session: Session, gone: Organisation, kept: Organisation) -> dict[Moved, list[int]]:
    """Their numbers; in one statement, or who is confirmed at this moment would be neither here nor there.

    Whoever has one of them open on his screen is told that it has changed.
    """
    moving = update(Binding).where(Binding.organisation_id == gone.id, Binding.status.in_(binding_steps.OPEN))
    moving = moving.values(organisation_id=kept.id, version=Binding.version + 1)
    rows = session.execute(moving.returning(Binding.id, Binding.status), execution_options=UNSEEN).all()
    return {
        Moved.STAFF: sorted(number for number, status in rows if status in binding_steps.ACTIVE),
        Moved.REQUESTS: sorted(number for number, status in rows if status in binding_steps.COMING),
    }


def _move_claims(session: Session, gone: Organisation, kept: Organisation) -> dict[Moved, list[int]]:
    moving = update(Claim).where(Claim.employer_id == gone.id, WAITING_CLAIMS)
    moving = moving.values(employer_id=kept.id, version=Claim.version + 1)
    return {Moved.CLAIMS: sorted(session.scalars(moving.returning(Claim.id), execution_options=UNSEEN))}


def _move_enrolments(session: Session, gone: Organisation, kept: Organisation) -> dict[Moved, list[int]]:
    """Of those who are still in a class, so that their hours count for the employer they have by then."""
    moving = update(Enrolment).where(Enrolment.employer_id == gone.id, LIVE_ENROLMENTS)
    moving = moving.values(employer_id=kept.id, version=Enrolment.version + 1)
    return {Moved.ENROLMENTS: sorted(session.scalars(moving.returning(Enrolment.id), execution_options=UNSEEN))}


def _move_exemptions(session: Session, gone: Organisation, kept: Organisation) -> dict[Moved, list[int]]:
    moving = update(Exemption).where(Exemption.employer_id == gone.id, LIVE_EXEMPTIONS)
    moving = moving.values(employer_id=kept.id, version=Exemption.version + 1)
    return {Moved.EXEMPTIONS: sorted(session.scalars(moving.returning(Exemption.id), execution_options=UNSEEN))}


def _move_classes(session: Session, gone: Organisation, kept: Organisation) -> dict[Moved, list[int]]:
    moving = update(CourseClass).where(CourseClass.provider_id == gone.id)
    moving = moving.values(provider_id=kept.id, version=CourseClass.version + 1)
    return {Moved.CLASSES: sorted(session.scalars(moving.returning(CourseClass.id), execution_options=UNSEEN))}


def _note_steps(session: Session, actor: Actor, gone: Organisation, staff: list[int]) -> None:
    """Their history tells where they came from."""
    if staff:
        session.execute(insert(BindingStep), [_step(actor, gone, binding_id) for binding_id in staff])


def _step(actor: Actor, gone: Organisation, binding_id: int) -> dict[str, object]:
    return {
        "binding_id": binding_id,
        "at": now(),
        "actor_id": actor.account_id,
        "actor_name": actor.name,
        "action": BindingAction.MERGE,
        "from_status": BindingStatus.ACTIVE,
        "to_status": BindingStatus.ACTIVE,
        "effective_on": None,
        "reason": f"{gone.name} {gone.uscc}",
    }


def _call_off_transfers(session: Session, actor: Actor, kept: Organisation) -> None:
    """Who was on his way from one of the two to the other has arrived."""
    here = aliased(Binding)
    arrived = (
        select(Binding)
        .join(here, here.person_id == Binding.person_id)
        .where(here.organisation_id == kept.id, here.status.in_(binding_steps.ACTIVE))
        .where(Binding.organisation_id == kept.id, Binding.status.in_(binding_steps.COMING))
    )
    for binding in session.scalars(arrived).all():
        bindings.call_off(session, actor, binding, BindingAction.WITHDRAW)


def _reviewers(session: Session, gone: Organisation, kept: Organisation) -> list[int]:
    """The accounts that act for the one and not for the other."""
    acting = {
        each.id: set(session.scalars(select(Grant.account_id).where(Grant.organisation_id == each.id)))
        for each in (gone, kept)
    }
    return sorted(acting[gone.id] - acting[kept.id])


def _take_reviewers(session: Session, actor: Actor, gone: Organisation, kept: Organisation) -> None:
    role = organisations.ROLES[kept.kind]
    for account_id in _reviewers(session, gone, kept):
        session.add(
            Grant(
                account_id=account_id,
                role=role,
                organisation_id=kept.id,
                granted_by_id=actor.account_id,
                granted_at=now(),
            )
        )


def _close(
    session: Session, actor: Actor, gone: Organisation, kept: Organisation, moved: Mapping[Moved, list[int]]
) -> None:
    before, gone.status = gone.status, organisations.MOVES[OrganisationAction.MERGE].target
    gone.merged_into, gone.decided_at, gone.decided_by_id = kept, now(), actor.account_id
    into = {"status": gone.status, "other": f"{kept.name} {kept.uscc}", "merged_into_id": kept.id, "moved": {**moved}}
    record(session, actor, "organisation_merge", gone, before={"status": before}, after=into)
    taken = {"other": f"{gone.name} {gone.uscc}", "merged_id": gone.id}
    record(session, actor, "organisation_absorb", kept, after=taken)
