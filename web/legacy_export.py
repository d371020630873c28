"""The rows of an old system's file that were not let in, to be corrected and uploaded again."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from db import reading, transaction
from db.legacy import LegacyImport
from services import legacy_report, workbooks
from services.legacy_report import RejectedRow
from services.permissions import Actor
from services.workbooks import Content, Heading, Sheet
from web.download import Download
from web.i18n import _
from web.import_exports import REASON_WIDTH, WIDTH, number_of, shown
from web.import_reasons import in_words


def errors(actor: Actor, parameters: Mapping[str, str]) -> Download:
    """Each as it stood in the file, with its line and everything that is wrong with it."""
    import_id = number_of(parameters)
    with transaction() as session:
        importing = legacy_report.take(session, actor, import_id)
    content = workbooks.workbook(_sheet(importing), _rows(importing, _rejected(actor, importing)))
    return Download(_("%(file)s_错误行.xlsx") % {"file": PurePath(importing.file_name).stem}, content)


def _rejected(actor: Actor, importing: LegacyImport) -> Iterator[RejectedRow]:
    """Part by part, however many they are."""
    for number in range(importing.parts_done):
        with reading() as session:
            rejected = legacy_report.of_part(session, actor, importing.id, number)
        yield from rejected


def _sheet(importing: LegacyImport) -> Sheet:
    titles = (Heading(title, WIDTH) for title in importing.header)
    return Sheet(_("错误行"), [*titles, Heading(_("行")), Heading(_("错误原因"), REASON_WIDTH)])


def _rows(importing: LegacyImport, rejected: Iterator[RejectedRow]) -> Iterator[Sequence[Content]]:
    width = len(importing.header)
    for row in rejected:
        cells = [shown(value) for value in row.values[:width]]
        yield [*cells, *[""] * (width - len(cells)), str(row.line), in_words(row.reasons)]
