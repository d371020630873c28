"""The rows of old systems as a Parquet file holds them: a column each, no ID numbers, and a key that counts people."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]  # comes without types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # likewise
from sqlalchemy import Integer, Row, Select, String, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.legacy import LegacyImport, LegacyImportStatus, LegacyOutcome, LegacyRow, LegacySystem
from db.organisations import Organisation
from services.long_work import Progress
from services.masking import masked

BATCH = 50_000
KEY_BYTES = 8
WORD, WHOLE, DAY = pa.string(), pa.int32(), pa.date32()
SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("system", WORD),
        ("file", WORD),
        ("line", WHOLE),
        ("kind", WORD),
        ("matching", WORD),
        ("person", pa.int64()),
        ("name", WORD),
        ("id_number_masked", WORD),
        ("birth_year", WHOLE),
        ("employer", WORD),
        ("employer_core", WORD),
        ("division", WORD),
        ("year", WHOLE),
        ("category", WORD),
        ("hours", WHOLE),
        ("general", WHOLE),
        ("professional", WHOLE),
        ("elective", WHOLE),
        ("number", WORD),
        ("title", WORD),
        ("starts_on", DAY),
        ("ends_on", DAY),
        ("approved_on", DAY),
        ("result", WORD),
    ]
)
# Nothing of a file that is being imported or taken back.
WHOLE_FILES = (LegacyRow.outcome == LegacyOutcome.ACCEPTED, LegacyImport.status == LegacyImportStatus.IMPORTED)


def write(session: Session, target: Path, on_progress: Progress) -> int:
    """How many rows there were. In the order of their numbers and at constant memory."""
    counted = select(func.sum(LegacyImport.accepted)).where(LegacyImport.status == LegacyImportStatus.IMPORTED)
    total, done = int(session.scalar(counted) or 0), 0
    with pq.ParquetWriter(target, SCHEMA, compression="zstd") as writer:
        for batch in _batches(session):
            writer.write_batch(batch)
            done += batch.num_rows
            on_progress(done, total)
    return done


def _batches(session: Session) -> Iterator[pa.RecordBatch]:
    # Past the session, whose part would cost as much as the database's.
    found = session.connection().execute(_rows(), execution_options={"yield_per": BATCH})
    for rows in found.partitions():
        columns = dict(zip(found.keys(), zip(*rows, strict=True), strict=True))
        columns["person"] = [person_key(row) for row in rows]
        columns |= {name: list(map(_masked, columns[name])) for name in _TEXTS}
        yield pa.record_batch([pa.array(columns[each.name], each.type) for each in SCHEMA], schema=SCHEMA)


def _rows() -> Select[Any]:
    """Hours in tenths, words for what is not known empty."""
    copied = [getattr(LegacyRow, each.name) for each in SCHEMA if each.name in _COPIED]
    return (
        select(
            LegacyRow.id,
            LegacySystem.name.label("system"),
            LegacyImport.file_name.label("file"),
            type_coerce(LegacyRow.kind, String).label("kind"),
            type_coerce(LegacyRow.matching, String).label("matching"),
            func.coalesce(type_coerce(LegacyRow.category, String), "").label("category"),
            func.coalesce(Organisation.division, "").label("division"),
            *(_tenths(column) for column in (LegacyRow.hours, *_BY_CATEGORY)),
            *copied,
            LegacyRow.person_id,
            LegacyRow.id_number_digest,
        )
        .join(LegacyImport, LegacyImport.id == LegacyRow.import_id)
        .join(LegacySystem, LegacySystem.id == LegacyImport.system_id)
        .outerjoin(Organisation, Organisation.id == LegacyRow.organisation_id)
        .where(*WHOLE_FILES)
        .order_by(LegacyRow.id)
    )


_BY_CATEGORY = (LegacyRow.general, LegacyRow.professional, LegacyRow.elective)
_COPIED = frozenset(
    ("line", "name", "id_number_masked", "birth_year", "employer", "employer_core", "year", "number", "title")
) | {"starts_on", "ends_on", "approved_on", "result"}


# What somebody has typed, and what may therefore be anything.
_TEXTS = ("system", "file", "name", "employer", "employer_core", "number", "title", "result")
# Most texts stand in row after row.
_masked = lru_cache(BATCH)(masked)


def _tenths(column: InstrumentedAttribute[Any]) -> Any:
    return type_coerce(column, Integer).label(column.key)


def person_key(row: Row[Any]) -> int:
    """The same for rows of the same person, as far as one can tell; it leads back to nobody."""
    said: Sequence[object]
    if row.person_id is not None:
        said = ("person", row.person_id)
    elif row.id_number_digest is not None:
        said = ("number", row.id_number_digest)
    else:
        said = ("name", row.name, row.employer_core, row.birth_year)
    digest = blake2b(repr(said).encode(), digest_size=KEY_BYTES).digest()
    return int.from_bytes(digest, "big", signed=True)
