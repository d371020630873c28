"""The files of a dishonesty case: the authority's evidence, and what the person concerned adds to his words."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session, joinedload

from db.locks import hold
from db.misconduct import LookedAt, MisconductAction, MisconductFile, MisconductFilePurpose, MisconductRecord
from services import evidence, misconduct_access, misconduct_looks, storage, stored_files
from services.clock import now
from services.errors import NotFound, WrongStatus
from services.events import record
from services.evidence_files import CheckedFile
from services.misconduct_moves import EDITABLE
from services.permissions import Actor, Permission, require

PURPOSES: Mapping[MisconductAction, MisconductFilePurpose] = {
    MisconductAction.REPLY: MisconductFilePurpose.REPLY,
    MisconductAction.OBJECT: MisconductFilePurpose.OBJECTION,
    MisconductAction.REQUEST_REPAIR: MisconductFilePurpose.REPAIR,
}


def keep(
    session: Session, case: MisconductRecord, purpose: MisconductFilePurpose | None, files: Sequence[CheckedFile]
) -> None:
    """Add files for one purpose, in a case loaded with those it has. Raises the refusals of `evidence.check_room`."""
    for file in files if purpose else ():
        evidence.check_room([each for each in case.files if each.purpose is purpose], file)
        columns = stored_files.keep_checked(session, file)
        case.files.append(MisconductFile(purpose=purpose, uploaded_at=now(), **columns))


def remove(session: Session, actor: Actor, file_id: int) -> None:
    """Take away evidence that nobody has been told of yet. Raises NotFound, WrongStatus."""
    require(actor, Permission.MISCONDUCT_HANDLE)
    file = _find(session, file_id)
    hold(session, f"misconduct/{file.record_id}")
    case = misconduct_access.get(session, actor, file.record_id)
    if case.status not in EDITABLE:
        raise WrongStatus
    record(session, actor, "misconduct_file_remove", file, before={"record_id": case.id, "sha256": file.sha256})
    stored_files.discard(session, [file])
    session.delete(file)


def read(session: Session, actor: Actor, file_id: int) -> tuple[MisconductFile, bytes]:
    """For whoever may see the case; the look of anybody but the person concerned is noted. Raises NotFound."""
    file = _find(session, file_id)
    case = misconduct_access.get(session, actor, file.record_id)
    if case.person_id != actor.person_id:
        misconduct_looks.note_case(session, actor, case, LookedAt.FILE)
        record(session, actor, "misconduct_file_read", file)
    return file, storage.get(file.sha256)


def _find(session: Session, file_id: int) -> MisconductFile:
    file = session.get(MisconductFile, file_id, options=[joinedload(MisconductFile.record)])
    if file is None:
        raise NotFound
    return file
