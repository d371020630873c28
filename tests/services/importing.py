"""Lists that an employer uploads, looked through and carried out."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select

from db import reading, transaction
from db.imports import Import, ImportKind, ImportRow, RowOutcome
from db.organisations import Organisation
from services import hours_import, imports, spreadsheets
from services.claim_form import ClaimForm
from services.evidence_files import CheckedFile
from services.imports import Examined, Upload
from services.permissions import Actor
from tests import factories
from tests import spreadsheet_files as files
from tests.services.files import checked_file
from web.vocabulary import vocabulary

STAFF_HEADER = ["姓名", "证件号码", "手机号码", "电子邮箱", "所在部门", "职称系列", "职称级别", "职称名称", "到岗日期"]
HOURS_HEADER = ["姓名", "证件号码", "手机号码", "学时"]
Counts = tuple[int, int, int]


def staff_row(
    name: str = "林知夏", number: str | float | None = None, mobile: str = "13900000001", **more: str
) -> list[Any]:
    said = {"姓名": name, "证件号码": number or factories.invented_id_number(), "手机号码": mobile, **more}
    return [said.get(title) for title in STAFF_HEADER]


def staff_list(rows: Iterable[Sequence[Any]]) -> bytes:
    return files.workbook([STAFF_HEADER, *rows])


def hours_list(rows: Iterable[Sequence[Any]]) -> bytes:
    return files.workbook([HOURS_HEADER, *rows])


def examine(actor: Actor, upload: Upload) -> Examined:
    with reading() as session:
        return imports.examine(session, actor, upload, vocabulary())


def keep(actor: Actor, upload: Upload) -> Import:
    examined = examine(actor, upload)
    with transaction() as session:
        return imports.keep(session, actor, examined)


def staff_upload(employer: Organisation, content: bytes) -> Upload:
    return Upload(employer.id, ImportKind.STAFF, spreadsheets.check("人员.xlsx", content))


def proof(content: bytes = b"%PDF-1.7 list of those present") -> CheckedFile:
    return checked_file(content, "签到表.pdf")


def hours_upload(employer: Organisation, content: bytes, form: ClaimForm) -> Upload:
    with transaction() as session:
        training = hours_import.training_of(session, form, attested=True)
    return Upload(employer.id, ImportKind.HOURS, spreadsheets.check("学时.xlsx", content), training, [proof()])


def run(actor: Actor, kept: Import) -> Import:
    imports.run(transaction, actor, kept.id, vocabulary())
    return stored(kept)


def carry_out(actor: Actor, upload: Upload) -> Import:
    return run(actor, keep(actor, upload))


def stored(kept: Import) -> Import:
    with reading() as session:
        return session.get_one(Import, kept.id)


def counts(kept: Import) -> Counts:
    return kept.accepted, kept.rejected, kept.known


def reasons(actor: Actor, kept: Import) -> dict[int, list[str]]:
    """What is said about each rejected line, in Chinese."""
    with reading() as session:
        rows = imports.rejections(session, actor, kept.id)
    return {
        row.line: [f"{field}{'：' if field else ''}{text % params}" for field, text, params in row.reasons]
        for row in rows
    }


def how_many(table: type[Any]) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def rows_of(kept: Import, outcome: RowOutcome) -> Sequence[ImportRow]:
    with reading() as session:
        wanted = (ImportRow.import_id == kept.id, ImportRow.outcome == outcome)
        return session.scalars(select(ImportRow).where(*wanted).order_by(ImportRow.line)).all()
