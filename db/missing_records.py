"""What somebody misses of his own in the data of the old systems: reported with evidence, and answered."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Name, PrimaryKey, Text, Versioned, one_where
from db.claims import Category
from db.files import StoredFile
from db.legacy import KEY, LegacyKind
from db.people import Person


class MissingRecordStatus(StrEnum):
    REPORTED = "reported"
    FOUND = "found"
    NOT_FOUND = "not_found"
    WITHDRAWN = "withdrawn"


class MissingRecordAction(StrEnum):
    WITHDRAW = "withdraw"
    FIND = "find"
    GIVE_UP = "give_up"


class MissingRecord(Versioned, Base):
    """A certificate or record as whoever it was given to remembers it; hours are those that he knows.

    `title` is the number of a certificate or the name of an activity. `row_key` is the key of the row that it was
    found in (`LegacyRow.key`), which stays the same when its file is imported anew.
    """

    __tablename__ = "missing_record"
    __table_args__ = (
        *(CheckConstraint(f"{each} > 0", name=f"{each}_is_positive") for each in Category),
        CheckConstraint("kind <> 'record' OR title <> ''", name="activity_is_named"),
        CheckConstraint("(status IN ('found', 'not_found')) = (decided_at IS NOT NULL)", name="decided_at_some_time"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        CheckConstraint("status <> 'not_found' OR answer <> ''", name="not_found_with_an_answer"),
        CheckConstraint("status <> 'found' OR row_key IS NOT NULL OR answer <> ''", name="found_somewhere"),
        CheckConstraint("row_key IS NULL OR status = 'found'", name="only_the_found_has_a_row"),
        CheckConstraint("news_at IS NULL OR decided_at IS NOT NULL", name="only_an_answer_is_news"),
        one_where("uq_missing_record_one_reported", "status = 'reported'", "person_id", "kind", "year", "title"),
        Index("ix_missing_record_person_id", "person_id", "kind", "id"),
        Index("ix_missing_record_queue", "status", "id"),
        {"sqlite_autoincrement": True},  # the number of a forgotten one is never given again
    )

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[LegacyKind]
    year: Mapped[int]
    title: Mapped[Name]
    system: Mapped[Name] = mapped_column(default="")
    employer: Mapped[Name] = mapped_column(default="")
    general: Mapped[Decimal | None]
    professional: Mapped[Decimal | None]
    elective: Mapped[Decimal | None]
    explanation: Mapped[Text] = mapped_column(default="")
    status: Mapped[MissingRecordStatus] = mapped_column(default=MissingRecordStatus.REPORTED)
    reported_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_by_name: Mapped[Name] = mapped_column(default="")
    answer: Mapped[Text] = mapped_column(default="")
    row_key: Mapped[str | None] = mapped_column(String(KEY))
    news_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="raise")
    files: Mapped[list["MissingRecordFile"]] = relationship(
        lazy="raise", order_by="MissingRecordFile.id", back_populates="report"
    )


class MissingRecordFile(StoredFile, Base):
    """What proves that there was such a certificate or record, kept like the evidence of a claim."""

    __tablename__ = "missing_record_file"
    __table_args__ = (
        UniqueConstraint("missing_record_id", "original_sha256"),
        Index("ix_missing_record_file_sha256", "sha256"),
        Index("ix_missing_record_file_original_sha256", "original_sha256"),
        {"sqlite_autoincrement": True},  # likewise
    )

    missing_record_id: Mapped[int] = mapped_column(ForeignKey("missing_record.id"))
    uploaded_at: Mapped[datetime]
    report: Mapped[MissingRecord] = relationship(lazy="raise", back_populates="files")
