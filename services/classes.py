"""The classes of providers: planned, published and moved along, by the only functions that do so."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import flag_modified

from db.accounts import Role
from db.classes import ClassAction, ClassFile, ClassStatus, ClassStep, CourseClass
from db.enrolments import Enrolment
from db.organisations import Organisation
from services import class_form, class_moves, enrolments, fields, organisations, seats, stored_files
from services.class_access import run_by
from services.class_form import ClassForm
from services.clock import now
from services.errors import N_, DomainError, NotFound, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, require

PAGE_SIZE = 50
OPINION = N_("取消原因")
# What is a column of the class itself, as its event log tells it.
TOLD = ("name", "category", "hours", "capacity", "enrol_from", "enrol_until", "start_on", "end_on")


class ContentIsFixed(DomainError):
    message = N_(
        "培训班发布后，学时类别、学时、服务区划、适用职称系列和上课时间不能再修改，以免影响已报名的人员。需要不同的内容时，请复制为新的培训班。"
    )


class HoursPosted(DomainError):
    message = N_("已有人员登记了学时，不能取消该培训班。个别人员的学时有误时，请在“结业登记”中更正。")


def get_own(session: Session, actor: Actor, class_id: int) -> CourseClass:
    """A class that the actor runs, with provider, sessions, divisions, audience, files and steps. Raises NotFound."""
    return _found(session, _own_whole(actor, class_id))


def get_to_change(session: Session, actor: Actor, class_id: int) -> CourseClass:
    """Like `get_own`, and whoever else means to change the class or who is in it waits. Raises NotFound."""
    seats.hold_class(session, class_id)
    return _found(session, _own_whole(actor, class_id))


def _found(session: Session, own: Select[CourseClass]) -> CourseClass:
    course_class = session.scalar(own.execution_options(populate_existing=True))
    if course_class is None:
        raise NotFound
    return course_class


def _own_whole(actor: Actor, class_id: int) -> Select[CourseClass]:
    require(actor, Permission.CLASS_MANAGE)
    parts = (CourseClass.sessions, CourseClass.divisions, CourseClass.audience, CourseClass.files, CourseClass.steps)
    everything = joinedload(CourseClass.provider), *map(selectinload, parts)
    return run_by(actor).where(CourseClass.id == class_id).options(*everything)


def list_own(
    session: Session, actor: Actor, *, status: ClassStatus | None = None, text: str = "", after_id: int = 0
) -> Sequence[CourseClass]:
    """One page of the classes that the actor runs, newest first; `text` is part of a name or code."""
    require(actor, Permission.CLASS_MANAGE)
    found = run_by(actor)
    if status is not None:
        found = found.where(CourseClass.status == status)
    if wanted := fields.search_text(text):
        named = CourseClass.name.contains(wanted, autoescape=True)
        found = found.where(named | CourseClass.code.contains(wanted, autoescape=True))
    if after_id:
        found = found.where(CourseClass.id < after_id)
    return session.scalars(found.order_by(CourseClass.id.desc()).limit(PAGE_SIZE)).all()


def counts_own(session: Session, actor: Actor) -> dict[ClassStatus, int]:
    require(actor, Permission.CLASS_MANAGE)
    own = run_by(actor).with_only_columns(CourseClass.status, func.count()).group_by(CourseClass.status)
    return {ClassStatus(status): count for status, count in session.execute(own)}


def list_providers(session: Session, actor: Actor) -> Sequence[Organisation]:
    """Those in whose name the actor may plan classes."""
    require(actor, Permission.CLASS_MANAGE)
    own = select(Organisation).where(Organisation.id.in_(actor.organisation_ids(Role.PROVIDER)))
    return session.scalars(own.order_by(Organisation.id)).all()


def create(session: Session, actor: Actor, provider_id: int, form: ClassForm) -> CourseClass:
    """Keep a new draft of a provider that the actor works for. Raises NotFound and the refusals of `class_form`."""
    require(actor, Permission.CLASS_MANAGE)
    if provider_id not in actor.organisation_ids(Role.PROVIDER):
        raise NotFound
    return _keep(session, actor, provider_id, form, [])


def _keep(session: Session, actor: Actor, provider_id: int, form: ClassForm, files: Sequence[ClassFile]) -> CourseClass:
    columns = class_form.checked(form)
    course_class = CourseClass(provider_id=provider_id, created_at=now(), files=list(files), **columns)
    session.add(course_class)
    session.flush()
    note_step(session, actor, course_class, ClassAction.CREATE, None)
    return course_class


def copy(session: Session, actor: Actor, class_id: int) -> CourseClass:
    """A new draft that says the same and has the same attachments; when people can enrol is still to be said."""
    original = get_own(session, actor, class_id)
    form = replace(class_form.form_of(original), enrol_from=None, enrol_until=None)
    files = [ClassFile(uploaded_at=now(), **stored_files.copied(file)) for file in original.files]
    return _keep(session, actor, original.provider_id, form, files)


def update(session: Session, actor: Actor, class_id: int, form: ClassForm, *, seen: int) -> None:
    """Change a draft; `seen` is the version that the form was filled from. Raises ContentIsFixed once published."""
    course_class = get_to_change(session, actor, class_id)
    if course_class.status is not ClassStatus.DRAFT:
        raise ContentIsFixed
    if course_class.version != seen:
        raise WrongStatus
    columns, before = class_form.checked(form), told(course_class)
    for part in ("sessions", "divisions", "audience"):
        getattr(course_class, part).clear()
    session.flush()  # the database allows no second session at the same time, not even for a moment
    for name, value in columns.items():
        setattr(course_class, name, value)
    touch(course_class)
    record(session, actor, "class_update", course_class, before=before, after=told(course_class))


def touch(course_class: CourseClass) -> None:
    """Whoever has the class open learns that it has changed, even if only its sessions have."""
    flag_modified(course_class, "name")


def delete(session: Session, actor: Actor, class_id: int, *, seen: int) -> None:
    """Remove a draft with its attachments. What has been published stays; it can be cancelled."""
    course_class = get_to_change(session, actor, class_id)
    if course_class.status is not ClassStatus.DRAFT or course_class.version != seen:
        raise WrongStatus
    record(session, actor, "class_delete", course_class, before=told(course_class))
    stored_files.discard(session, course_class.files)
    session.delete(course_class)


def act(
    session: Session,
    actor: Actor,
    class_id: int,
    action: ClassAction,
    *,
    seen: int,
    opinion: str = "",
    enrol_until: datetime | None = None,
) -> CourseClass:
    """Publish, close, open again or cancel; `seen` is the version that the actor decided about.

    `enrol_until` is the new end of an enrolment that is opened again. Raises NotFound, WrongStatus, HoursPosted,
    InvalidField for a reason that is missing, and the refusals of `class_moves` and `class_form`.
    """
    course_class = get_to_change(session, actor, class_id)
    if action is ClassAction.COMPLETE or course_class.version != seen:
        raise WrongStatus
    refuse_unless_possible(course_class, action)
    course_class.opinion = _checked_opinion(action, opinion)
    if action is ClassAction.PUBLISH:
        _publish(session, course_class)
    elif action is ClassAction.OPEN:
        wanted = enrol_until or course_class.enrol_until
        course_class.enrol_until = class_form.check_enrolment_end(course_class, wanted)
    elif action is ClassAction.CANCEL:
        _refuse_posted(session, course_class)
    take_step(session, actor, course_class, action)
    if action is ClassAction.CANCEL:
        enrolments.cancel_all(session, actor, course_class, course_class.opinion)
    return course_class


def refuse_unless_possible(course_class: CourseClass, action: ClassAction) -> None:
    """Raises WrongStatus, AlreadyBegun."""
    if course_class.status not in class_moves.MOVES[action].sources:
        raise WrongStatus
    if refusal := class_moves.refusal(course_class, action):
        raise refusal


def _checked_opinion(action: ClassAction, opinion: str) -> str:
    checked = fields.required_text if class_moves.MOVES[action].needs_opinion else fields.optional_text
    return checked(OPINION, opinion, fields.LONGEST_TEXT)


def _publish(session: Session, course_class: CourseClass) -> None:
    """Its code tells where and when it is held; the number in it is never given again."""
    organisations.hold_approved(session, course_class.provider_id)
    class_form.refuse_unfinished(course_class)
    course_class.published_at = now()
    course_class.code = f"{course_class.provider.division}-{course_class.year}-{course_class.id:06d}"


def _refuse_posted(session: Session, course_class: CourseClass) -> None:
    posted = select(Enrolment.id).where(Enrolment.class_id == course_class.id, Enrolment.posted_at.is_not(None))
    if session.scalar(posted.limit(1)) is not None:
        raise HoursPosted


def take_step(session: Session, actor: Actor, course_class: CourseClass, action: ClassAction) -> None:
    """Move a class whose way and guards the caller has checked."""
    before, course_class.status = course_class.status, class_moves.MOVES[action].target
    if action is ClassAction.COMPLETE:
        course_class.completed_at = now()
    note_step(session, actor, course_class, action, before)


def note_step(
    session: Session, actor: Actor, course_class: CourseClass, action: ClassAction, before: ClassStatus | None
) -> None:
    """A step for its provider and its supervisor, an event for the log."""
    session.add(
        ClassStep(
            class_id=course_class.id,
            at=now(),
            actor_id=actor.account_id,
            actor_name=actor.name,
            action=action,
            from_status=before,
            to_status=course_class.status,
            opinion=course_class.opinion,
        )
    )
    state = {"status": course_class.status, "opinion": course_class.opinion, **told(course_class)}
    record(session, actor, f"class_{action}", course_class, before={"status": before} if before else None, after=state)


def told(course_class: CourseClass) -> dict[str, str]:
    """What the event log says of a class."""
    values = {name: getattr(course_class, name) for name in TOLD}
    return {name: str(value) for name, value in values.items() if value is not None}
