"""What an import gives to take along: its errors to be corrected, and what its people need for their first entry."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from db import reading, transaction
from db.imports import ImportRow
from services import fields, first_passwords, imports, spreadsheets, workbooks
from services.errors import NotFound
from services.first_passwords import Handout
from services.permissions import Actor
from services.spreadsheet_cells import Value, text
from services.spreadsheets import CheckedSpreadsheet
from services.workbooks import Content, Heading, Sheet
from web.download import Download
from web.i18n import _
from web.import_reasons import explained
from web.vocabulary import vocabulary

WIDTH, REASON_WIDTH = 22, 70


def errors(actor: Actor, parameters: Mapping[str, str]) -> Download:
    """The rows that were not let in, as they stood in the file, each with its reasons behind it."""
    import_id = number_of(parameters)
    with reading() as session:
        importing, content = imports.file_of(session, actor, import_id)
        rejections = imports.rejections(session, actor, import_id)
    with transaction() as session:
        imports.note_errors(session, actor, import_id)
    file = spreadsheets.check(importing.file_name, content)
    table = spreadsheets.table(file, imports.KINDS[importing.kind].columns, vocabulary())
    titles = [text(value) for value in table.header.values]
    headings = [*(Heading(title, WIDTH) for title in titles), Heading(_("错误原因"), REASON_WIDTH)]
    rows = _rejected_rows(file, {row.line: row for row in rejections}, len(titles))
    stem = importing.file_name.removesuffix(spreadsheets.ENDING)
    return Download(_("%(file)s_错误行.xlsx") % {"file": stem}, workbooks.workbook(Sheet(_("错误行"), headings), rows))


def number_of(parameters: Mapping[str, str]) -> int:
    number = fields.row_number(parameters.get("id", ""))
    if number is None:
        raise NotFound
    return number


def _rejected_rows(
    file: CheckedSpreadsheet, rejections: Mapping[int, ImportRow], width: int
) -> Iterator[Sequence[Content]]:
    for row in file.rows():
        if row.number in rejections:
            cells = [shown(value) for value in row.values[:width]]
            yield [*cells, *[""] * (width - len(cells)), explained(rejections[row.number])]


def shown(value: Value) -> Content:
    return value if isinstance(value, date) else text(value)


def handouts(actor: Actor, parameters: Mapping[str, str]) -> Download:
    import_id = number_of(parameters)
    headings = [
        Heading(_("姓名")),
        Heading(_("所在部门"), 20),
        Heading(_("手机号码"), 16),
        Heading(_("用户名"), 16),
        Heading(_("首次登录密码"), 24),
        Heading(_("有效期至"), 18),
    ]
    sheet = Sheet(_("账号发放表"), headings)
    with transaction() as session:
        people = list(first_passwords.handouts(session, actor, import_id))
    rows = (_handed(person) for person in people)
    return Download(_("账号发放表.xlsx"), workbooks.workbook(sheet, rows))


def _handed(person: Handout) -> Sequence[Content]:
    return person.name, person.department, person.mobile, person.username, person.password, person.until
