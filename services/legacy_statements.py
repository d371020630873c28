"""What is printed of an old system's certificate."""

from collections.abc import Iterator
from io import BytesIO

from db.claims import Category
from db.legacy import LegacyRow
from services import clock, signing
from services.pdf import old_record
from services.pdf.old_record import OldRecord
from services.rules import plain
from services.spellings import readable
from services.statements import CATEGORY_NAMES


def render(row: LegacyRow) -> bytes:
    """A certificate with its source. Raises NoSigningKeys and UnfitKeys."""
    file = BytesIO()
    old_record.write(file, _old_record(row), signing.sign_file)
    return file.getvalue()


def _old_record(row: LegacyRow) -> OldRecord:
    source = f"{row.source.system.name}，文件“{row.source.file_name}”第 {row.line} 行"
    imported = f"，{clock.local(row.source.imported_at):%Y-%m-%d} 导入" if row.source.imported_at else ""
    facts = {label: readable(value) for label, value in _facts(row) if value}
    return OldRecord(row.number, facts, readable(source + imported), clock.today())


def _facts(row: LegacyRow) -> Iterator[tuple[str, str]]:
    yield "证书编号", row.number
    yield "姓名", row.name
    yield "证件号码", row.id_number_masked
    yield "工作单位", row.employer
    yield "年度", f"{row.year} 年度"
    for category in Category:
        hours = getattr(row, category.value)
        yield CATEGORY_NAMES[category], f"{plain(hours)} 学时" if hours is not None else ""
    yield "合计", f"{plain(row.hours)} 学时" if row.hours is not None else ""
    yield "审核结果", row.result
    yield "审核日期", f"{row.approved_on}" if row.approved_on else ""
