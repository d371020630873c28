"""Missing records as the tests report and answer them."""

from dataclasses import replace
from decimal import Decimal

from sqlalchemy.orm import Session

from db.claims import Category
from db.legacy import LegacyKind
from db.missing_records import MissingRecord, MissingRecordAction
from services import missing_records
from services.missing_record_form import Given, MissingRecordForm
from services.missing_records import Answer
from services.permissions import Actor

HOURS: dict[Category, Given] = {Category.GENERAL: Decimal(18), Category.PROFESSIONAL: 42.5}


def form(**changes: object) -> MissingRecordForm:
    made = MissingRecordForm(LegacyKind.CERTIFICATE, 2016, "旧 ４０４a", "省旧系统", "老单位", {**HOURS}, "当时姓王。")
    return replace(made, **changes)  # type: ignore[arg-type]  # of a test's own


def act(
    session: Session, actor: Actor, report: MissingRecord, action: MissingRecordAction, text: str = "已核对。"
) -> MissingRecord:
    if action is MissingRecordAction.WITHDRAW:
        return missing_records.withdraw(session, actor, report.id, seen=report.version)
    return missing_records.answer(session, actor, report.id, Answer(action, text), seen=report.version)
