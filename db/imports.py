"""Files that employers have uploaded, what became of each row, and what came of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Digest, Json, Name, PrimaryKey, one_where
from db.files import StoredFile


class ImportKind(StrEnum):
    STAFF = "staff"
    HOURS = "hours"


class ImportStatus(StrEnum):
    """`RUNNING` and `UNDOING` go on where they stopped when they are asked for again."""

    CHECKED = "checked"
    RUNNING = "running"
    IMPORTED = "imported"
    UNDOING = "undoing"
    UNDONE = "undone"


class RowOutcome(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    KNOWN = "known"


class Import(Base):
    """One upload. While it runs the counts are of the rows that are dealt with, and so if it was then undone.

    `content_digest` is the SHA-256 of the workbook, `training` what a list of hours is about, `passwords_from` the
    moment for which the first passwords of its accounts were made.
    """

    __tablename__ = "import"
    __table_args__ = (
        CheckConstraint("accepted >= 0 AND rejected >= 0 AND known >= 0", name="counts_are_numbers"),
        CheckConstraint(
            "accepted + rejected + known = row_count"
            " OR (status NOT IN ('checked', 'imported') AND accepted + rejected + known < row_count)",
            name="every_row_is_counted_once",
        ),
        Index("ix_import_organisation_id", "organisation_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[ImportKind]
    status: Mapped[ImportStatus] = mapped_column(default=ImportStatus.CHECKED)
    file_name: Mapped[Name]
    content_digest: Mapped[Digest]
    training: Mapped[dict[str, Any]] = mapped_column(default=dict)
    row_count: Mapped[int]
    accepted: Mapped[int]
    rejected: Mapped[int]
    known: Mapped[int]
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    uploaded_by_name: Mapped[Name]
    imported_at: Mapped[datetime | None]
    passwords_from: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    evidence: Mapped[list["ImportEvidence"]] = relationship(
        lazy="raise", order_by="ImportEvidence.id", cascade="all, delete-orphan", passive_deletes=True
    )


class ImportFile(Base):
    """The uploaded workbook, encrypted, as long as its rows may still be needed; it has the number of its import."""

    __tablename__ = "import_file"

    id: Mapped[int] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportEvidence(StoredFile, Base):
    """A file that proves a training to which hours were imported; every claim gets it."""

    __tablename__ = "import_evidence"
    __table_args__ = (UniqueConstraint("import_id", "original_sha256"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"))


class ImportRow(Base):
    """A row that was rejected, with the reasons, or accepted, with what came of it; known ones are only counted.

    `key` is what there can be only once while the claim stands: the hours of one person from one training.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        UniqueConstraint("import_id", "line"),
        CheckConstraint("outcome = 'accepted' OR key IS NULL", name="accepted_with_its_key"),
        CheckConstraint("outcome <> 'known'", name="known_ones_are_counted_only"),
        one_where("uq_import_row_key", "claim_id IS NOT NULL", "key"),
        Index("ix_import_row_account_id", "account_id"),
        Index("ix_import_row_binding_id", "binding_id"),
        Index("ix_import_row_claim_id", "claim_id"),
    )

    id: Mapped[PrimaryKey]
    import_id: Mapped[int] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"))
    line: Mapped[int]
    outcome: Mapped[RowOutcome]
    reasons: Mapped[list[Any]] = mapped_column(Json, default=list)
    key: Mapped[Digest | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    binding_id: Mapped[int | None] = mapped_column(ForeignKey("binding.id", ondelete="SET NULL"))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id", ondelete="SET NULL"))
