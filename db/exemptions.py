"""Exemptions: how far a person's requirement of a year is reduced, why, by whose decision, and its evidence."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Name, PrimaryKey, Text, Versioned, one_where
from db.claims import Category
from db.files import StoredFile
from db.organisations import Organisation
from db.people import Person

# More than any year can ask for: all of it, even if more is asked for later.
WHOLE = Decimal(1000)


class ExemptionStatus(StrEnum):
    """`REPLACED` is a granted one that has given way to another one of the same year, which reduces no less."""

    REQUESTED = "requested"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    REVOKED = "revoked"


class ExemptionAction(StrEnum):
    WITHDRAW = "withdraw"
    GRANT = "grant"
    DECLINE = "decline"
    REVOKE = "revoke"


class ExemptionReason(StrEnum):
    """`POSTING` is work abroad or aid to another region, `PART_YEAR` that somebody began only during the year."""

    MATERNITY = "maternity"
    ILLNESS = "illness"
    POSTING = "posting"
    STUDY = "study"
    PART_YEAR = "part_year"
    OTHER = "other"


class Exemption(Versioned, Base):
    """Hours by which the requirement of one person and year is reduced in each category, `WHOLE` for all of it.

    Asked for by the person or by a supervisor, and decided by another one. It holds from `decided_at` to `ended_at`,
    which is when it was revoked or gave way to another one. Of the employer's division are those who decide about it.
    """

    __tablename__ = "exemption"
    __table_args__ = (
        *(
            CheckConstraint(f"{each} BETWEEN 0 AND {WHOLE * 10}", name=f"{each}_is_a_part_or_the_whole")
            for each in Category
        ),
        CheckConstraint("general + professional + elective > 0", name="reduces_something"),
        CheckConstraint("(status IN ('requested', 'withdrawn')) = (decided_at IS NULL)", name="decided_at_some_time"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        CheckConstraint("decided_by_id <> requested_by_id", name="decided_by_another"),
        CheckConstraint("status <> 'declined' OR opinion <> ''", name="declined_with_a_reason"),
        CheckConstraint("(status IN ('replaced', 'revoked')) = (ended_at IS NOT NULL)", name="ended_at_some_time"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        CheckConstraint("ended_at >= decided_at", name="ended_after_it_began"),
        CheckConstraint("status <> 'revoked' OR ended_because <> ''", name="revoked_with_a_reason"),
        one_where("uq_exemption_one_requested", "status = 'requested'", "person_id", "year"),
        one_where("uq_exemption_one_granted", "status = 'granted'", "person_id", "year"),
        Index("ix_exemption_person_id", "person_id", "year"),
        Index("ix_exemption_queue", "employer_id", "status", "id"),
        {"sqlite_autoincrement": True},  # the number of a forgotten one is never given again
    )

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    employer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    status: Mapped[ExemptionStatus] = mapped_column(default=ExemptionStatus.REQUESTED)
    reason: Mapped[ExemptionReason]
    explanation: Mapped[Text]
    general: Mapped[Decimal] = mapped_column(default=Decimal(0))
    professional: Mapped[Decimal] = mapped_column(default=Decimal(0))
    elective: Mapped[Decimal] = mapped_column(default=Decimal(0))
    requested_at: Mapped[datetime]
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    requested_by_name: Mapped[Name]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_by_name: Mapped[Name] = mapped_column(default="")
    opinion: Mapped[Text] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_by_name: Mapped[Name] = mapped_column(default="")
    ended_because: Mapped[Text] = mapped_column(default="")
    news_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="raise")
    employer: Mapped[Organisation] = relationship(lazy="raise")
    files: Mapped[list["ExemptionFile"]] = relationship(
        lazy="raise", order_by="ExemptionFile.id", back_populates="exemption"
    )

    def hours(self, category: Category) -> Decimal:
        hours: Decimal = getattr(self, category.value)
        return hours


class ExemptionFile(StoredFile, Base):
    """What proves the reason of an exemption, kept like the evidence of a claim."""

    __tablename__ = "exemption_file"
    __table_args__ = (
        UniqueConstraint("exemption_id", "original_sha256"),
        Index("ix_exemption_file_sha256", "sha256"),
        Index("ix_exemption_file_original_sha256", "original_sha256"),
        {"sqlite_autoincrement": True},  # likewise
    )

    exemption_id: Mapped[int] = mapped_column(ForeignKey("exemption.id"))
    uploaded_at: Mapped[datetime]
    exemption: Mapped[Exemption] = relationship(lazy="raise", back_populates="files")
