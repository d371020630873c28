"""What the old systems left behind: their files as they came, and what was made of each row."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Digest, Json, Name, PrimaryKey, Text, one_where
from db.claims import Category
from db.people import Person

KEY = 32  # characters of a hash in hexadecimal: half of one suffices to tell rows from each other


class LegacyKind(StrEnum):
    """What the rows of a file are: certificates of a year, or hours of single activities."""

    CERTIFICATE = "certificate"
    RECORD = "record"


class LegacyImportStatus(StrEnum):
    """Those that end in -ING go on where they stopped when they are asked for again."""

    RECEIVING = "receiving"
    RECEIVED = "received"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    IMPORTED = "imported"
    UNDOING = "undoing"
    UNDONE = "undone"


class LegacyOutcome(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"


class LegacyMatch(StrEnum):
    """Whom a row that was let in is about: one person, perhaps one of several, nobody known; or it is there twice."""

    MATCHED = "matched"
    AMBIGUOUS = "ambiguous"
    ORPHAN = "orphan"
    DUPLICATE = "duplicate"


def _where(name: str, condition: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


class LegacySystem(Base):
    """An old system that files come from."""

    __tablename__ = "legacy_system"

    id: Mapped[PrimaryKey]
    name: Mapped[Name] = mapped_column(unique=True)


class LegacyMapping(Base):
    """How the files of a system head their columns: the header by the code of our field, as it was last used."""

    __tablename__ = "legacy_mapping"

    system_id: Mapped[int] = mapped_column(ForeignKey("legacy_system.id"), primary_key=True, autoincrement=False)
    kind: Mapped[LegacyKind] = mapped_column(primary_key=True)
    headers: Mapped[dict[str, Any]]


class LegacyImport(Base):
    """One file of an old system. The counts are of the rows that the present pass has dealt with.

    `places` are the columns of the file by the codes of our fields, counted from 0; `parts_done` of its parts are
    dealt with. `content_digest` is the SHA-256 of the file.
    """

    __tablename__ = "legacy_import"
    __table_args__ = (
        CheckConstraint("accepted >= 0 AND rejected >= 0 AND duplicates >= 0", name="counts_are_numbers"),
        CheckConstraint(
            "accepted + rejected + duplicates = row_count"
            " OR (status NOT IN ('checked', 'imported') AND accepted + rejected + duplicates < row_count)",
            name="every_row_is_counted_once",
        ),
        one_where("uq_legacy_import_one_of_a_file", "status <> 'undone'", "system_id", "kind", "content_digest"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[PrimaryKey]
    system_id: Mapped[int] = mapped_column(ForeignKey("legacy_system.id"))
    kind: Mapped[LegacyKind]
    status: Mapped[LegacyImportStatus] = mapped_column(default=LegacyImportStatus.RECEIVING)
    file_name: Mapped[Name]
    content_digest: Mapped[Digest]
    header: Mapped[list[Any]] = mapped_column(Json)
    places: Mapped[dict[str, Any]]
    row_count: Mapped[int] = mapped_column(default=0)
    accepted: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    duplicates: Mapped[int] = mapped_column(default=0)
    parts_done: Mapped[int] = mapped_column(default=0)
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    uploaded_by_name: Mapped[Name]
    imported_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    system: Mapped[LegacySystem] = relationship(lazy="raise")

    @property
    def done(self) -> int:
        return self.accepted + self.rejected + self.duplicates


class LegacyPart(Base):
    """Some rows of a file as they came, compressed and encrypted: whatever is made of them can be made again."""

    __tablename__ = "legacy_part"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("legacy_import.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_line: Mapped[int]
    last_line: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class LegacyTrial(Base):
    """What a dry run has come across already, so that it finds rows that are twice in the file; gone when it ends."""

    __tablename__ = "legacy_trial"
    __table_args__ = {"sqlite_with_rowid": False}

    import_id: Mapped[int] = mapped_column(
        ForeignKey("legacy_import.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    key: Mapped[str] = mapped_column(String(KEY), primary_key=True)
    content: Mapped[str] = mapped_column(String(KEY))
    line: Mapped[int]


class LegacyRow(Base):
    """What was made of one row of a file, or the reasons why nothing was.

    `row_digest` is a keyed hash of the row as it came, `key` of what makes it one of its kind in its system, `content`
    of all that it says, `about` of what it says of the person. Hours are of the categories, and all together; which of
    them a certificate tells depends on the system. `employer` is how the row writes it, `employer_core` how it is
    compared. `decision_id` is the decision of an analyst that has made the match what it is.
    """

    __tablename__ = "legacy_row"
    __table_args__ = (
        UniqueConstraint("import_id", "line"),
        CheckConstraint("(outcome = 'accepted') = (key IS NOT NULL)", name="accepted_with_its_key"),
        CheckConstraint(
            "outcome <> 'accepted' OR (year IS NOT NULL AND hours IS NOT NULL)", name="accepted_with_hours"
        ),
        CheckConstraint("(outcome = 'duplicate') = (duplicate_of_id IS NOT NULL)", name="duplicate_of_another"),
        CheckConstraint("(outcome = 'rejected') = (reasons IS NOT NULL)", name="rejected_for_reasons"),
        CheckConstraint("(outcome = 'rejected') = (matching IS NULL)", name="let_in_with_a_match"),
        CheckConstraint("outcome <> 'duplicate' OR matching = 'duplicate'", name="duplicate_from_the_beginning"),
        CheckConstraint(
            "matching IS NULL OR (matching = 'matched') = (person_id IS NOT NULL)", name="matched_to_a_person"
        ),
        CheckConstraint("person_id IS NULL OR matching IS NOT NULL", name="nobody_of_what_was_rejected"),
        one_where("uq_legacy_row_key", "key IS NOT NULL", "key"),
        _where("ix_legacy_row_duplicate_of_id", "duplicate_of_id IS NOT NULL", "duplicate_of_id"),
        _where("ix_legacy_row_person_id", "person_id IS NOT NULL", "person_id", "year"),
        _where("ix_legacy_row_organisation_id", "organisation_id IS NOT NULL", "organisation_id"),
        _where("ix_legacy_row_matching", "matching IS NOT NULL", "matching", "id"),
        _where("ix_legacy_row_name", "name <> ''", "name", "birth_year"),
        _where("ix_legacy_row_decision_id", "decision_id IS NOT NULL", "decision_id"),
        _where("ix_legacy_row_id_number_digest", "id_number_digest IS NOT NULL", "id_number_digest"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[PrimaryKey]
    import_id: Mapped[int] = mapped_column(ForeignKey("legacy_import.id", ondelete="CASCADE"))
    line: Mapped[int]
    kind: Mapped[LegacyKind]
    outcome: Mapped[LegacyOutcome]
    row_digest: Mapped[Digest]
    key: Mapped[str | None] = mapped_column(String(KEY))
    content: Mapped[str | None] = mapped_column(String(KEY))
    reasons: Mapped[list[Any] | None] = mapped_column(Json)
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("legacy_row.id"))
    matching: Mapped[LegacyMatch | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("legacy_decision.id"))
    about: Mapped[str | None] = mapped_column(String(KEY))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[Name] = mapped_column(default="")
    id_number_digest: Mapped[Digest | None]
    id_number_masked: Mapped[str] = mapped_column(String(18), default="")
    birth_year: Mapped[int | None]
    employer: Mapped[Name] = mapped_column(default="")
    employer_core: Mapped[Name] = mapped_column(default="")
    year: Mapped[int | None]
    category: Mapped[Category | None]
    hours: Mapped[Decimal | None]
    general: Mapped[Decimal | None]
    professional: Mapped[Decimal | None]
    elective: Mapped[Decimal | None]
    number: Mapped[Name] = mapped_column(default="")
    title: Mapped[Text] = mapped_column(default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    approved_on: Mapped[date | None]
    result: Mapped[Name] = mapped_column(default="")
    source: Mapped[LegacyImport] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise")
