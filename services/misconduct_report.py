"""Reporting a dishonesty case and completing it, until the person concerned is told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.claims import Claim, ClaimStatus
from db.misconduct import (
    MisconductAction,
    MisconductFilePurpose,
    MisconductKind,
    MisconductRecord,
    MisconductStatus,
    Severity,
)
from services import fields, misconduct, misconduct_access, misconduct_files, supervised_people
from services.claim_access import organisations_below
from services.clock import now
from services.errors import N_, NotFound, WrongStatus
from services.events import record
from services.evidence_files import CheckedFile
from services.misconduct_moves import EDITABLE, OwnCase
from services.permissions import Actor, Permission, require
from services.supervised_people import Employed

FACTS, BASIS = N_("事实"), N_("认定依据")
KIND, SEVERITY = N_("失信类型"), N_("情节与期限")
MOST_CLAIMS = 200
CONCERNED = (ClaimStatus.ENDORSED, ClaimStatus.APPROVED, ClaimStatus.REVOKED)


@dataclass(frozen=True, slots=True)
class Report:
    """What is said to have happened; the basis is needed only when the person is told."""

    kind: MisconductKind | None
    severity: Severity | None
    facts: str
    basis: str
    claim_ids: Collection[int] = ()


def find_people(session: Session, actor: Actor, text: str) -> Sequence[Employed]:
    require(actor, Permission.MISCONDUCT_HANDLE)
    return supervised_people.find(session, actor, text)


def find_person(session: Session, actor: Actor, person_id: int) -> Employed:
    """Raises OwnCase, and NotFound for somebody who never worked in the actor's divisions."""
    require(actor, Permission.MISCONDUCT_HANDLE)
    if person_id == actor.person_id:
        raise OwnCase
    return supervised_people.get(session, actor, person_id)


def claims_to_choose(session: Session, actor: Actor, person_id: int) -> Sequence[Claim]:
    """The hours of somebody that the actor supervises, newest first."""
    require(actor, Permission.MISCONDUCT_HANDLE)
    below = Claim.employer_id.in_(organisations_below(actor)), Claim.status.in_(CONCERNED)
    found = select(Claim).where(Claim.person_id == person_id, *below).order_by(Claim.year.desc(), Claim.id.desc())
    return session.scalars(found.limit(MOST_CLAIMS)).all()


def create(
    session: Session, actor: Actor, person_id: int, report: Report, files: Sequence[CheckedFile] = ()
) -> MisconductRecord:
    """Raises OwnCase, NotFound, LeftOut, InvalidField, and the refusals of `evidence.check_room`."""
    person, employer = find_person(session, actor, person_id)
    case = MisconductRecord(person_id=person.id, employer_id=employer.id, reported_at=now(), files=[], claims=[])
    case.status = MisconductStatus.REPORTED
    _fill(session, actor, case, report)
    session.add(case)
    misconduct_files.keep(session, case, MisconductFilePurpose.EVIDENCE, files)
    misconduct.note_step(session, actor, case, MisconductAction.REPORT, None)
    return case


def update(
    session: Session,
    actor: Actor,
    record_id: int,
    report: Report,
    files: Sequence[CheckedFile] = (),
    *,
    seen: int,
) -> MisconductRecord:
    """Complete a case that nobody has been told of yet. Raises what `create` raises, and WrongStatus."""
    require(actor, Permission.MISCONDUCT_HANDLE)
    case = misconduct_access.get_to_change(session, actor, record_id, seen=seen)
    if case.status not in EDITABLE:
        raise WrongStatus
    _fill(session, actor, case, report)
    misconduct_files.keep(session, case, MisconductFilePurpose.EVIDENCE, files)
    session.flush()
    after = {"kind": case.kind, "severity": case.severity, "claims": sorted(claim.id for claim in case.claims)}
    record(session, actor, "misconduct_update", case, after=after)
    return case


def _fill(session: Session, actor: Actor, case: MisconductRecord, report: Report) -> None:
    fields.refuse_blanks({KIND: report.kind, SEVERITY: report.severity, FACTS: report.facts})
    if report.kind is None or report.severity is None:
        raise WrongStatus
    case.kind, case.severity = report.kind, report.severity
    case.facts = fields.required_text(FACTS, report.facts, fields.LONGEST_TEXT)
    case.basis = fields.optional_text(BASIS, report.basis, fields.LONGEST_TEXT)
    chosen = {claim.id: claim for claim in claims_to_choose(session, actor, case.person_id)}
    chosen |= {claim.id: claim for claim in case.claims}
    if set(report.claim_ids) - chosen.keys():
        raise NotFound
    case.claims = [chosen[number] for number in sorted(report.claim_ids)]
