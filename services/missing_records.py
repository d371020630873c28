"""What somebody misses of his own in the old systems' data: found by him and by analysts, and answered by these."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from db.legacy import LegacyKind, LegacyMatch, LegacyRow
from db.missing_records import MissingRecord, MissingRecordAction, MissingRecordFile, MissingRecordStatus
from db.people import Person
from services import fields, person_names, queues, reconciliation, storage
from services.clock import now
from services.errors import N_, DomainError, NotFound, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, allowed, require

PAGE_SIZE = 50
MOST_SHOWN = 100  # of one person
OPINION = N_("审核意见")


class OwnReport(DomainError):
    message = N_("这是您本人的申报，须由其他数据分析员答复。")


class NotHisRow(DomainError):
    message = N_("所选的一行不是匹配到申报人的同类数据。请先在“逐行核对”中把它匹配到本人，再答复。")


class Move(NamedTuple):
    """What becomes of a report that waits, and who may do that."""

    target: MissingRecordStatus
    permission: Permission


MOVES = {
    MissingRecordAction.FIND: Move(MissingRecordStatus.FOUND, Permission.LEGACY_RECONCILE),
    MissingRecordAction.GIVE_UP: Move(MissingRecordStatus.NOT_FOUND, Permission.LEGACY_RECONCILE),
    MissingRecordAction.WITHDRAW: Move(MissingRecordStatus.WITHDRAWN, Permission.LEGACY_VIEW),
}
ANSWERS = (MissingRecordAction.FIND, MissingRecordAction.GIVE_UP)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an analyst says; `row_id` is the row that was found, if there is one."""

    action: MissingRecordAction
    text: str = ""
    row_id: int | None = None


def _own_by(actor: Actor) -> ColumnElement[bool]:
    return and_(literal(allowed(actor, Permission.LEGACY_VIEW)), MissingRecord.person_id == actor.person_id)


def _of_others(actor: Actor) -> ColumnElement[bool]:
    """Of all divisions, as the old systems' data is; never the analyst's own."""
    another = MissingRecord.person_id.is_distinct_from(actor.person_id)
    return and_(literal(allowed(actor, Permission.LEGACY_RECONCILE)), another)


def get(session: Session, actor: Actor, report_id: int) -> MissingRecord:
    """With person and files, as it is now. Raises NotFound out of scope."""
    found = select(MissingRecord).where(MissingRecord.id == report_id, or_(_own_by(actor), _of_others(actor)))
    with_all = found.options(joinedload(MissingRecord.person), selectinload(MissingRecord.files))
    report = session.scalar(with_all.execution_options(populate_existing=True))
    if report is None:
        raise NotFound
    return report


def list_own(session: Session, actor: Actor, kind: LegacyKind) -> Sequence[MissingRecord]:
    """With their files, newest first."""
    require(actor, Permission.LEGACY_VIEW)
    mine = select(MissingRecord).where(_own_by(actor), MissingRecord.kind == kind)
    newest_first = mine.order_by(MissingRecord.id.desc()).limit(MOST_SHOWN)
    return session.scalars(newest_first.options(selectinload(MissingRecord.files))).all()


def queue(
    session: Session, actor: Actor, *, status: MissingRecordStatus, text: str = "", after_id: int = 0
) -> Sequence[MissingRecord]:
    """One page with their people: the oldest first of those that wait, else the newest. By a part of the name."""
    require(actor, Permission.LEGACY_RECONCILE)
    found = select(MissingRecord).where(_of_others(actor), MissingRecord.status == status)
    if name := fields.search_text(text):
        found = found.where(MissingRecord.person.has(person_names.holds(Person.name, name)))
    oldest_first = status is MissingRecordStatus.REPORTED
    if after_id:
        found = found.where(MissingRecord.id > after_id if oldest_first else MissingRecord.id < after_id)
    ordered = found.order_by(MissingRecord.id if oldest_first else MissingRecord.id.desc())
    return session.scalars(ordered.options(joinedload(MissingRecord.person)).limit(PAGE_SIZE)).all()


def counts(session: Session, actor: Actor) -> Mapping[MissingRecordStatus, int]:
    require(actor, Permission.LEGACY_RECONCILE)
    counted = select(MissingRecord.status, func.count()).where(_of_others(actor)).group_by(MissingRecord.status)
    return {MissingRecordStatus(status): count for status, count in session.execute(counted)}


def open_report(
    session: Session, actor: Actor, listed: Sequence[MissingRecord], named: int | None
) -> MissingRecord | None:
    """The row of a list that is open, by the rule of `queues.opened`, with all that belongs to it."""
    opened = queues.opened(actor, listed, named, lambda number: get(session, actor, number))
    return get(session, actor, opened.id) if opened else None


def rows_about(session: Session, actor: Actor, report: MissingRecord) -> Sequence[LegacyRow]:
    """Where it may be found: rows of its kind and about its year with its person's name or number."""
    return reconciliation.rows_about(session, actor, report.person, kind=report.kind, year=report.year)


def can_be_it(report: MissingRecord, row: LegacyRow) -> bool:
    """Whether a row can be what its owner misses: the same kind, and his."""
    return row.kind is report.kind and row.matching is LegacyMatch.MATCHED and row.person_id == report.person_id


def waiting(actor: Actor) -> Select[int]:
    """Reports that this actor can answer."""
    reported = MissingRecord.status == MissingRecordStatus.REPORTED
    return select(func.count(MissingRecord.id)).where(_of_others(actor), reported)


def waiting_news(kind: LegacyKind) -> Callable[[Actor], Select[int]]:
    """Answers that the actor has not taken note of."""

    def waiting_(actor: Actor) -> Select[int]:
        news = (MissingRecord.kind == kind, MissingRecord.news_at.is_not(None))
        return select(func.count(MissingRecord.id)).where(_own_by(actor), *news)

    return waiting_


def note_seen(session: Session, actor: Actor, report_id: int) -> None:
    """The actor has taken note of the answer. Raises NotFound."""
    require(actor, Permission.LEGACY_VIEW)
    report = get(session, actor, report_id)
    if report.person_id != actor.person_id:
        raise NotFound
    report.news_at = None


def possible_actions(actor: Actor, report: MissingRecord) -> list[MissingRecordAction]:
    """The actions whose buttons this actor is shown on this report, found in his scope."""
    if report.status is not MissingRecordStatus.REPORTED:
        return []
    is_own = report.person_id == actor.person_id
    return [
        action
        for action, move in MOVES.items()
        if allowed(actor, move.permission) and is_own is (action is MissingRecordAction.WITHDRAW)
    ]


def withdraw(session: Session, actor: Actor, report_id: int, *, seen: int) -> MissingRecord:
    """One's own; `seen` is the version the actor looked at. Raises NotFound, WrongStatus."""
    require(actor, Permission.LEGACY_VIEW)
    report = _get_to_change(session, actor, report_id, seen=seen)
    if report.person_id != actor.person_id:
        raise NotFound
    _take(session, actor, report, MissingRecordAction.WITHDRAW)
    return report


def answer(session: Session, actor: Actor, report_id: int, given: Answer, *, seen: int) -> MissingRecord:
    """Found, in a row or by what the answer says, or not found and why; the person is told.

    `seen` is the version the actor decided about. Raises NotFound, WrongStatus, OwnReport, NotHisRow, InvalidField.
    """
    require(actor, Permission.LEGACY_RECONCILE)
    report = _get_to_change(session, actor, report_id, seen=seen)
    if report.person_id == actor.person_id:
        raise OwnReport
    is_found = given.action is MissingRecordAction.FIND
    row = _row(session, actor, report, given.row_id) if is_found and given.row_id else None
    checked = fields.optional_text if row else fields.required_text
    report.answer = checked(OPINION, given.text, fields.LONGEST_TEXT)
    report.row_key = row.key if row else None
    report.decided_at = report.news_at = now()
    report.decided_by_id, report.decided_by_name = actor.account_id, actor.name
    _take(session, actor, report, given.action, row)
    return report


def _get_to_change(session: Session, actor: Actor, report_id: int, *, seen: int) -> MissingRecord:
    """Locked until the transaction ends. Raises NotFound, WrongStatus."""
    session.execute(select(MissingRecord.id).where(MissingRecord.id == report_id).with_for_update())
    report = get(session, actor, report_id)
    if report.version != seen or report.status is not MissingRecordStatus.REPORTED:
        raise WrongStatus
    return report


def _row(session: Session, actor: Actor, report: MissingRecord, row_id: int) -> LegacyRow:
    row = reconciliation.get(session, actor, row_id)
    if not can_be_it(report, row):
        raise NotHisRow
    return row


def _take(
    session: Session, actor: Actor, report: MissingRecord, action: MissingRecordAction, row: LegacyRow | None = None
) -> None:
    """What is answered stands in the report alone, which goes when its person does; the log stays."""
    before, report.status = report.status, MOVES[action].target
    session.flush()
    after = {"status": report.status, "row_id": row.id if row else None}
    record(session, actor, f"missing_record_{action}", report, before={"status": before}, after=after)


def read_file(session: Session, actor: Actor, file_id: int) -> tuple[MissingRecordFile, bytes]:
    """For the person and the analysts; a look of these is recorded. Raises NotFound."""
    file = session.get(MissingRecordFile, file_id)
    if file is None:
        raise NotFound
    if get(session, actor, file.missing_record_id).person_id != actor.person_id:
        record(session, actor, "missing_record_file_read", file)
    return file, storage.get(file.sha256)
