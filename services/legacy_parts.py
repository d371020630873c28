"""The rows of a file as they came, kept in parts: compressed, and encrypted because ID numbers stand in them."""

import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.legacy import LegacyImport, LegacyPart
from services import sealing, spreadsheets
from services.spreadsheet_cells import Value
from services.spreadsheets import Row

PURPOSE = "file of an old system"
# Of a file of 300,000 rows, as long a transaction as nobody minds to wait for on SQLite.
PART_ROWS = 2000
# A few kilobytes of a workbook may stand for gigabytes of cells, which no part holds all at once.
PART_BYTES = 16 * 1024 * 1024
FAST = 1


def parts(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The same lines are cut at the same places every time."""
    part: list[bytes] = []
    size = 0
    for line in lines:
        part.append(line)
        size += len(line)
        if len(part) == PART_ROWS or size >= PART_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


def keep(session: Session, importing: LegacyImport, number: int, lines: Sequence[bytes]) -> None:
    first, last = (spreadsheets.read_line(lines[at]).number for at in (0, -1))
    content = sealing.seal_bytes(PURPOSE, zlib.compress(b"\n".join(lines), FAST))
    session.add(LegacyPart(import_id=importing.id, number=number, first_line=first, last_line=last, content=content))


def lines(session: Session, importing: LegacyImport, number: int) -> Sequence[bytes]:
    """Of one part; empty when there is none."""
    of_part = (LegacyPart.import_id == importing.id, LegacyPart.number == number)
    content = session.scalar(select(LegacyPart.content).where(*of_part))
    return [] if content is None else zlib.decompress(sealing.unseal_bytes(PURPOSE, content)).split(b"\n")


def extent(session: Session, importing: LegacyImport, number: int) -> tuple[int, int] | None:
    """The numbers of the first and the last row of one part."""
    wanted = select(LegacyPart.first_line, LegacyPart.last_line)
    found = session.execute(wanted.where(LegacyPart.import_id == importing.id, LegacyPart.number == number)).first()
    return None if found is None else (found.first_line, found.last_line)


def rows(session: Session, importing: LegacyImport, number: int, wanted: Collection[int]) -> list[Row]:
    """Those of one part that have the wanted numbers, as they came."""
    told = lines(session, importing, number)
    return spreadsheets.read_lines([line for line in told if spreadsheets.number_of(line) in wanted])


def sample(session: Session, importing: LegacyImport, most: int) -> list[Sequence[Value]]:
    """The cells of the first rows."""
    return [row.values for row in spreadsheets.read_lines(lines(session, importing, 0)[:most])]
