"""The attachments of a class: whose they are to change, and whose to read."""

import pytest
from sqlalchemy.orm import Session

from db.accounts import Account
from db.classes import ClassFile, ClassStatus, CourseClass
from db.files import DiscardedFile
from db.organisations import Organisation
from services import class_files, classes, evidence
from services.errors import NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor
from tests import classes as built
from tests import factories
from tests.services.files import checked_file

PLAN = checked_file(b"%PDF-1.4 plan", "课程安排.pdf")


@pytest.fixture
def course_class(open_session: Session, provider: Organisation) -> CourseClass:
    return built.create_class(open_session, provider)


def test_what_is_attached_is_read_by_its_provider_his_supervisor_and_those_whom_the_class_is_for(
    open_session: Session, trainer: Actor, supervisor: Actor, professional: Actor, course_class: CourseClass
) -> None:
    file = class_files.attach(open_session, trainer, course_class.id, PLAN)
    for actor in (trainer, supervisor, professional):
        found, content = class_files.read(open_session, actor, file.id)
        assert (found.file_name, content) == ("课程安排.pdf", b"%PDF-1.4 plan")


def test_others_find_no_attachment(
    open_session: Session, trainer: Actor, reviewer: Actor, course_class: CourseClass
) -> None:
    file = class_files.attach(open_session, trainer, course_class.id, PLAN)
    far_away = factories.create_employer(open_session, division="440300")
    elsewhere = (
        built.create_trainer(open_session, built.create_provider(open_session)),
        factories.create_supervisor(open_session, "440300"),
        open_session.get_one(Account, factories.create_person(open_session, employer=far_away).account_id),
        open_session.get_one(Account, factories.create_person(open_session).account_id),
    )
    for actor in (*(factories.actor_of(open_session, account) for account in elsewhere), reviewer):
        with pytest.raises(NotFound):
            class_files.read(open_session, actor, file.id)
    with pytest.raises(NotFound):
        class_files.read(open_session, trainer, file.id + 1)


def test_nobody_else_reads_what_is_still_a_draft(
    open_session: Session, trainer: Actor, supervisor: Actor, professional: Actor, provider: Organisation
) -> None:
    draft = built.create_class(open_session, provider, status=ClassStatus.DRAFT)
    file = class_files.attach(open_session, trainer, draft.id, PLAN)
    for actor in (supervisor, professional):
        with pytest.raises(NotFound):
            class_files.read(open_session, actor, file.id)


@pytest.mark.parametrize("status", [ClassStatus.COMPLETED, ClassStatus.CANCELLED])
def test_what_is_over_keeps_its_attachments(
    open_session: Session, trainer: Actor, course_class: CourseClass, provider: Organisation, status: ClassStatus
) -> None:
    over = built.create_class(open_session, provider, status=status)
    with pytest.raises(WrongStatus):
        class_files.attach(open_session, trainer, over.id, PLAN)
    file = class_files.attach(open_session, trainer, course_class.id, PLAN)
    file.class_id = over.id
    open_session.flush()
    with pytest.raises(WrongStatus):
        class_files.remove(open_session, trainer, file.id)


def test_the_same_file_is_attached_once(open_session: Session, trainer: Actor, course_class: CourseClass) -> None:
    class_files.attach(open_session, trainer, course_class.id, PLAN)
    with pytest.raises(evidence.SameFileTwice):
        class_files.attach(open_session, trainer, course_class.id, checked_file(PLAN.clean, "另一个名字.pdf"))


def test_a_removed_attachment_is_given_up(open_session: Session, trainer: Actor, course_class: CourseClass) -> None:
    file = class_files.attach(open_session, trainer, course_class.id, PLAN)
    class_files.remove(open_session, trainer, file.id)
    open_session.flush()
    assert open_session.get(ClassFile, file.id) is None
    assert open_session.get(DiscardedFile, file.sha256) is not None


def test_only_the_provider_changes_the_attachments(
    open_session: Session, trainer: Actor, supervisor: Actor, course_class: CourseClass
) -> None:
    file = class_files.attach(open_session, trainer, course_class.id, PLAN)
    for change in (
        lambda: class_files.attach(open_session, supervisor, course_class.id, checked_file(b"%PDF-other")),
        lambda: class_files.remove(open_session, supervisor, file.id),
    ):
        with pytest.raises(PermissionDenied):
            change()


def test_a_copy_has_the_same_attachments_and_keeps_them_when_the_original_is_deleted(
    open_session: Session, trainer: Actor, provider: Organisation
) -> None:
    draft = built.create_class(open_session, provider, status=ClassStatus.DRAFT)
    file = class_files.attach(open_session, trainer, draft.id, PLAN)
    copied = classes.copy(open_session, trainer, draft.id)
    classes.delete(open_session, trainer, draft.id, seen=draft.version)
    open_session.flush()
    (kept,) = classes.get_own(open_session, trainer, copied.id).files
    assert (kept.file_name, kept.sha256) == (file.file_name, file.sha256)
    assert class_files.read(open_session, trainer, kept.id)[1] == b"%PDF-1.4 plan"
