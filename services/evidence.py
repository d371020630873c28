"""The files that prove a claim: attached and removed by its owner, read by him and by the reviewer."""

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.orm import Session

from db.claims import Claim, Evidence
from db.files import StoredFile
from services import claims, evidence_files, storage, stored_files
from services.claim_access import is_owner
from services.claim_moves import can_edit
from services.clock import now
from services.errors import N_, DomainError, NotFound, WrongStatus
from services.events import record
from services.evidence_files import CheckedFile
from services.permissions import Actor, Permission, require


class TooManyFiles(DomainError):
    message = N_("每条记录最多上传 %(most)s 个附件。请先删除不需要的附件。")


class TooMuchTogether(DomainError):
    message = N_("每条记录的附件合计不能超过 %(most)s MB。请压缩或删除部分附件。")


class SameFileTwice(DomainError):
    message = N_("该文件已经上传过：%(file_name)s。")


def attach(session: Session, actor: Actor, claim_id: int, file: CheckedFile) -> Evidence:
    """Add a file that `evidence_files.check` has let through.

    Raises NotFound, WrongStatus, TooManyFiles, TooMuchTogether, SameFileTwice.
    """
    require(actor, Permission.CLAIM_WRITE)
    claim = _to_change(session, actor, claim_id)
    check_room(claim.evidence, file)
    evidence = Evidence(uploaded_at=now(), **stored_files.keep_checked(session, file))
    claim.evidence.append(evidence)
    _note_edit(session, claim)
    session.flush()
    record(session, actor, "evidence_attach", evidence, after={"claim_id": claim.id, "sha256": evidence.sha256})
    return evidence


def check_room(present: Sequence[StoredFile], file: CheckedFile) -> None:
    """Raises TooManyFiles, TooMuchTogether or SameFileTwice."""
    if len(present) >= evidence_files.MOST_FILES:
        raise TooManyFiles(most=evidence_files.MOST_FILES)
    if sum(each.size for each in present) + len(file.clean) > evidence_files.MOST_BYTES_TOGETHER:
        raise TooMuchTogether(most=evidence_files.MOST_BYTES_TOGETHER // 1024**2)
    for earlier in present:
        if earlier.original_sha256 == file.original_sha256:
            raise SameFileTwice(file_name=earlier.file_name)


def remove(session: Session, actor: Actor, evidence_id: int) -> None:
    """Take a file away from a draft or returned claim."""
    require(actor, Permission.CLAIM_WRITE)
    evidence = _find(session, evidence_id)
    claim = _to_change(session, actor, evidence.claim_id)
    record(session, actor, "evidence_remove", evidence, before={"claim_id": claim.id, "sha256": evidence.sha256})
    claim.evidence.remove(evidence)
    stored_files.discard(session, [evidence])
    _note_edit(session, claim)


def replace(session: Session, actor: Actor, evidence_id: int, file: CheckedFile) -> Evidence:
    """Another file instead of this one, or nothing changes. Raises what `attach` raises."""
    claim_id = _find(session, evidence_id).claim_id
    remove(session, actor, evidence_id)
    session.flush()
    return attach(session, actor, claim_id, file)


def _note_edit(session: Session, claim: Claim) -> None:
    """Past the version: who attaches a file goes on in the form that he is filling in."""
    session.execute(update(Claim).where(Claim.id == claim.id).values(edited_at=now()))


def read(session: Session, actor: Actor, evidence_id: int) -> tuple[Evidence, bytes]:
    """The cleaned copy for the owner and the reviewer; a reviewer's look is recorded. Raises NotFound for others."""
    evidence = _find(session, evidence_id)
    claim = claims.get(session, actor, evidence.claim_id)
    if not is_owner(actor, claim):
        record(session, actor, "evidence_read", evidence)
    return evidence, storage.get(evidence.sha256)


def _find(session: Session, evidence_id: int) -> Evidence:
    evidence = session.get(Evidence, evidence_id)
    if evidence is None:
        raise NotFound
    return evidence


def _to_change(session: Session, actor: Actor, claim_id: int) -> Claim:
    """Raises NotFound for anybody but the owner, WrongStatus once the claim was sent."""
    claim = claims.get_to_change(session, actor, claim_id)
    if not is_owner(actor, claim):
        raise NotFound
    if not can_edit(actor, claim):
        raise WrongStatus
    return claim
