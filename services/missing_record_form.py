"""Reporting what is missing of one's own in the data of the old systems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.claims import Category
from db.legacy import LegacyKind
from db.locks import hold
from db.missing_records import MissingRecord, MissingRecordFile, MissingRecordStatus
from services import evidence, fields, legacy_cells, own_account, own_legacy, stored_files
from services.clock import now
from services.errors import N_, DomainError
from services.events import record
from services.evidence_files import CheckedFile
from services.permissions import Actor, Permission, require

# Whoever misses more than these waits for the first answers.
MOST_OPEN = 20
YEAR, EMPLOYER, SYSTEM, EXPLANATION = N_("年度"), N_("当时的工作单位"), N_("来源系统或发证机关"), N_("情况说明")
TITLES: Mapping[LegacyKind, str] = {
    LegacyKind.CERTIFICATE: N_("证书编号"),
    LegacyKind.RECORD: N_("活动名称"),
}
HOURS: Mapping[Category, str] = {
    Category.GENERAL: N_("公需科目学时"),
    Category.PROFESSIONAL: N_("专业科目学时"),
    Category.ELECTIVE: N_("选修科目学时"),
}
Given = Decimal | float | str | None


class NotConfirmedByEmployer(DomainError):
    message = N_("历史数据在单位确认您的身份后才能查询。请先选择工作单位，并由单位确认。")


class AlreadyReported(DomainError):
    message = N_("%(year)s 年度的同一项已经申报，正在等待答复。请等待答复，或先撤回原申报。")


class TooManyReports(DomainError):
    message = N_("您已有 %(most)s 项申报等待答复。请等待答复后再申报其他的。")


class NoProofOfRecord(DomainError):
    message = N_("请上传证明材料，如证书、结业证明或旧系统截图。")


@dataclass(frozen=True, slots=True)
class MissingRecordForm:
    """What is missing, as it was typed; `title` is the number of a certificate or the name of an activity."""

    kind: LegacyKind
    year: int | None
    title: str
    system: str
    employer: str
    hours: Mapping[Category, Given]
    explanation: str


def report(session: Session, actor: Actor, form: MissingRecordForm, files: Sequence[CheckedFile]) -> MissingRecord:
    """For oneself, once an employer has confirmed who one is.

    Raises NotConfirmedByEmployer, LeftOut, InvalidField, AlreadyReported, TooManyReports, NoProofOfRecord, and the
    refusals of `evidence.check_room`.
    """
    require(actor, Permission.LEGACY_VIEW)
    own_account.keep_open(session, actor)
    if not own_legacy.is_confirmed(session, actor):
        raise NotConfirmedByEmployer
    missing = MissingRecord(person_id=actor.person_id, kind=form.kind, reported_at=now(), files=[], **_checked(form))
    hold(session, f"missing_record/{actor.person_id}")
    _refuse_more(session, missing)
    if not files:
        raise NoProofOfRecord
    for file in files:
        evidence.check_room(missing.files, file)
        missing.files.append(MissingRecordFile(uploaded_at=now(), **stored_files.keep_checked(session, file)))
    session.add(missing)
    session.flush()
    after = {"status": missing.status, "kind": missing.kind, "year": missing.year}
    record(session, actor, "missing_record_report", missing, after=after)
    return missing


def _checked(form: MissingRecordForm) -> dict[str, object]:
    """The columns that are typed."""
    title, is_named = TITLES[form.kind], form.kind is LegacyKind.RECORD
    fields.refuse_blanks({YEAR: form.year, **({title: form.title} if is_named else {}), EMPLOYER: form.employer})
    return {
        "year": legacy_cells.year(YEAR, form.year or ""),
        "title": legacy_cells.short_text(title, form.title) if is_named else legacy_cells.code(title, form.title),
        "system": fields.optional_text(SYSTEM, form.system),
        "employer": fields.required_text(EMPLOYER, form.employer),
        "explanation": fields.optional_text(EXPLANATION, form.explanation, fields.LONGEST_TEXT),
        **{category.value: _hours(category, form.hours.get(category)) for category in Category},
    }


def _hours(category: Category, given: Given) -> Decimal | None:
    return fields.hours(HOURS[category], given) if given else None


def _refuse_more(session: Session, missing: MissingRecord) -> None:
    """Raises AlreadyReported, TooManyReports."""
    waits = (MissingRecord.person_id == missing.person_id, MissingRecord.status == MissingRecordStatus.REPORTED)
    same = (
        MissingRecord.kind == missing.kind,
        MissingRecord.year == missing.year,
        MissingRecord.title == missing.title,
    )
    if session.scalar(select(MissingRecord.id).where(*waits, *same)) is not None:
        raise AlreadyReported(year=missing.year)
    if (session.scalar(select(func.count(MissingRecord.id)).where(*waits)) or 0) >= MOST_OPEN:
        raise TooManyReports(most=MOST_OPEN)
