"""Notices: written by administrators, and told to whom they are for on the page on which he lands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, case, delete, func, or_, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from db.accounts import Role
from db.notices import LONGEST, Notice, NoticeAction, NoticeAudience, NoticeDismissal, NoticeStatus
from services import divisions, fields
from services.clock import now, today
from services.errors import N_, InvalidField, NotFound, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, require

PAGE_SIZE = 50
# A period can be a year and a day, so that nothing is announced for ever.
LONGEST_PERIOD = timedelta(days=366)
TITLE, TEXT, FROM, UNTIL = N_("标题"), N_("内容"), N_("开始日期"), N_("结束日期")
AUDIENCE, DIVISION = N_("发布对象"), N_("行政区划")


class NoticePhase(StrEnum):
    """Where a notice stands today; a discarded draft stands nowhere."""

    CURRENT = "current"
    COMING = "coming"
    DRAFT = "draft"
    PAST = "past"


MOVES = {
    NoticeAction.PUBLISH: (NoticeStatus.DRAFT, NoticeStatus.PUBLISHED),
    NoticeAction.END: (NoticeStatus.PUBLISHED, NoticeStatus.ENDED),
    NoticeAction.RESTORE: (NoticeStatus.ENDED, NoticeStatus.PUBLISHED),
    NoticeAction.DISCARD: (NoticeStatus.DRAFT, NoticeStatus.DISCARDED),
}
EDITABLE = (NoticeStatus.DRAFT, NoticeStatus.PUBLISHED)


@dataclass(frozen=True, slots=True)
class NoticeForm:
    """A notice as it was typed; without a division it is for everywhere."""

    title: str
    text: str
    show_from: date | None
    show_until: date | None
    audience: Collection[Role]
    division: str = ""


def counts(session: Session, actor: Actor) -> Mapping[NoticePhase, int]:
    require(actor, Permission.NOTICE_MANAGE)
    phase = _phase()
    counted = session.execute(select(phase, func.count()).where(_kept()).group_by(phase))
    return {NoticePhase(code): count for code, count in counted}


def list_notices(session: Session, actor: Actor, phase: NoticePhase, *, after_id: int = 0) -> Sequence[Notice]:
    """One page with the roles they are for, the newest first."""
    require(actor, Permission.NOTICE_MANAGE)
    found = _with_audience().where(_kept(), _phase() == phase).order_by(Notice.id.desc()).limit(PAGE_SIZE)
    return session.scalars(found.where(Notice.id < after_id) if after_id else found).all()


def get(session: Session, actor: Actor, notice_id: int) -> Notice:
    """With the roles it is for. Raises NotFound."""
    require(actor, Permission.NOTICE_MANAGE)
    named = _with_audience().where(Notice.id == notice_id, _kept())
    notice = session.scalar(named.execution_options(populate_existing=True))
    if notice is None:
        raise NotFound
    return notice


def phase_of(notice: Notice) -> NoticePhase:
    if notice.status is NoticeStatus.DRAFT:
        return NoticePhase.DRAFT
    if notice.status is NoticeStatus.ENDED or notice.show_until < today():
        return NoticePhase.PAST
    return NoticePhase.COMING if notice.show_from > today() else NoticePhase.CURRENT


def _phase() -> ColumnElement[str]:
    return case(
        (Notice.status == NoticeStatus.DRAFT, NoticePhase.DRAFT),
        (or_(Notice.status == NoticeStatus.ENDED, Notice.show_until < today()), NoticePhase.PAST),
        (Notice.show_from > today(), NoticePhase.COMING),
        else_=NoticePhase.CURRENT,
    )


def _kept() -> ColumnElement[bool]:
    return Notice.status != NoticeStatus.DISCARDED


def _with_audience() -> Select[Notice]:
    return select(Notice).options(selectinload(Notice.audience))


def draft(session: Session, actor: Actor, form: NoticeForm) -> Notice:
    """Shown to nobody before it is published. Raises InvalidField."""
    require(actor, Permission.NOTICE_MANAGE)
    made = Notice(created_at=now(), audience=[], **_checked(form))
    made.audience = _audience(form)
    session.add(made)
    session.flush()
    record(session, actor, "notice_create", made, after=said(made))
    return made


def edit(session: Session, actor: Actor, notice_id: int, form: NoticeForm, *, seen: int) -> Notice:
    """What it said before stays in the event log; whoever had taken note of it is told anew.

    `seen` is the version the actor looked at. Raises NotFound, WrongStatus, InvalidField.
    """
    require(actor, Permission.NOTICE_MANAGE)
    notice = _get_to_change(session, actor, notice_id, seen)
    if notice.status not in EDITABLE:
        raise WrongStatus
    before = said(notice)
    for name, value in _checked(form).items():
        setattr(notice, name, value)
    wanted = _audience(form)
    kept = {each.role: each for each in notice.audience}
    notice.audience = [kept.get(each.role, each) for each in wanted]
    if said(notice) != before:
        flag_modified(notice, "title")  # the version counts a change of the audience alone, too
        session.execute(delete(NoticeDismissal).where(NoticeDismissal.notice_id == notice.id))
        record(session, actor, "notice_update", notice, before=before, after=said(notice))
    return notice


def take(session: Session, actor: Actor, notice_id: int, action: NoticeAction, *, seen: int) -> Notice:
    """Publish a draft or discard it, end a published notice or publish it again. Raises NotFound, WrongStatus."""
    require(actor, Permission.NOTICE_MANAGE)
    notice = _get_to_change(session, actor, notice_id, seen)
    source, target = MOVES[action]
    if notice.status is not source:
        raise WrongStatus
    notice.status = target
    if action is NoticeAction.PUBLISH:
        notice.published_at = now()
    record(session, actor, f"notice_{action}", notice, before={"status": source}, after={"status": target})
    return notice


def possible_actions(notice: Notice) -> list[NoticeAction]:
    return [action for action, (source, _target) in MOVES.items() if notice.status is source]


def said(notice: Notice) -> dict[str, object]:
    """Everything that a reader of the log must know to see what was on the screens."""
    period = {"show_from": str(notice.show_from), "show_until": str(notice.show_until)}
    roles = sorted(each.role.value for each in notice.audience)
    return {"title": notice.title, "text": notice.text, **period, "division": notice.division, "audience": roles}


def _get_to_change(session: Session, actor: Actor, notice_id: int, seen: int) -> Notice:
    """Locked until the transaction ends."""
    session.execute(select(Notice.id).where(Notice.id == notice_id).with_for_update())
    notice = get(session, actor, notice_id)
    if notice.version != seen:
        raise WrongStatus
    return notice


def _checked(form: NoticeForm) -> dict[str, object]:
    blanks = {TITLE: form.title, TEXT: form.text, FROM: form.show_from, UNTIL: form.show_until}
    fields.refuse_blanks({**blanks, AUDIENCE: "、".join(form.audience)})
    show_from, show_until = _period(form)
    if form.division and not divisions.can_be_chosen(form.division):
        raise InvalidField(DIVISION, N_("请从列表中选择。"))
    title = fields.required_text(TITLE, form.title)
    if "\n" in title:
        raise InvalidField(TITLE, N_("请写在一行内。"))
    return {
        "title": title,
        "text": fields.required_text(TEXT, form.text.replace("\r\n", "\n"), LONGEST),
        "show_from": show_from,
        "show_until": show_until,
        "division": form.division or None,
    }


def _period(form: NoticeForm) -> tuple[date, date]:
    show_from, show_until = form.show_from or today(), form.show_until or today()
    if show_until < show_from:
        raise InvalidField(UNTIL, N_("不能早于开始日期。"))
    if show_until - show_from > LONGEST_PERIOD:
        raise InvalidField(UNTIL, N_("公告期不能超过一年。"))
    return show_from, show_until


def _audience(form: NoticeForm) -> list[NoticeAudience]:
    return [NoticeAudience(role=role) for role in Role if role in form.audience]
