"""The attachments of a class: put in and taken away by its provider, read by everybody who sees the class."""

from sqlalchemy.orm import Session

from db.classes import ClassFile, ClassStatus, CourseClass
from services import class_choice, class_supervision, classes, evidence, storage, stored_files
from services.class_amendments import AMENDABLE
from services.clock import now
from services.errors import NotFound, WrongStatus
from services.events import record
from services.evidence_files import CheckedFile
from services.permissions import Actor, Permission, allowed

CHANGEABLE = AMENDABLE | {ClassStatus.DRAFT}


def attach(session: Session, actor: Actor, class_id: int, file: CheckedFile) -> ClassFile:
    """Add a file that `evidence_files.check` has let through.

    Raises NotFound, WrongStatus, and the refusals of `evidence.check_room`.
    """
    course_class = _to_change(session, actor, class_id)
    evidence.check_room(course_class.files, file)
    attached = ClassFile(uploaded_at=now(), **stored_files.keep_checked(session, file))
    course_class.files.append(attached)
    session.flush()
    record(session, actor, "class_file_attach", attached, after={"class_id": class_id, "sha256": attached.sha256})
    return attached


def remove(session: Session, actor: Actor, file_id: int) -> None:
    """Raises NotFound, WrongStatus."""
    file = _find(session, file_id)
    course_class = _to_change(session, actor, file.class_id)
    record(session, actor, "class_file_remove", file, before={"class_id": file.class_id, "sha256": file.sha256})
    course_class.files.remove(file)
    stored_files.discard(session, [file])


def read(session: Session, actor: Actor, file_id: int) -> tuple[ClassFile, bytes]:
    """The cleaned copy. Raises NotFound for whoever does not see the class."""
    file = _find(session, file_id)
    _refuse_unseen(session, actor, file.class_id)
    return file, storage.get(file.sha256)


def _refuse_unseen(session: Session, actor: Actor, class_id: int) -> None:
    """Somebody may have several roles; one that shows him the class is enough."""
    for permission, get in READERS.items():
        if allowed(actor, permission):
            try:
                get(session, actor, class_id)
            except NotFound:
                continue
            return
    raise NotFound


READERS = {
    Permission.CLASS_MANAGE: classes.get_own,
    Permission.CLASS_SUPERVISE: class_supervision.get,
    Permission.CLASS_ENROL: class_choice.get,
}


def _find(session: Session, file_id: int) -> ClassFile:
    file = session.get(ClassFile, file_id)
    if file is None:
        raise NotFound
    return file


def _to_change(session: Session, actor: Actor, class_id: int) -> CourseClass:
    course_class = classes.get_to_change(session, actor, class_id)
    if course_class.status not in CHANGEABLE:
        raise WrongStatus
    return course_class
