"""What each year asks for: decided in editions, for everybody or for a title series, a division, or both."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Name, PrimaryKey, Text, Versioned
from db.claims import Category
from db.people import TitleSeries


class EditionStatus(StrEnum):
    DRAFT = "draft"
    IN_FORCE = "in_force"
    DISCARDED = "discarded"


class RequirementEdition(Versioned, Base):
    """What a year asks for, as it was decided once; without title series and division it is for everybody.

    Editions are numbered over all years and scopes, so that one number says which rules there were. Of the editions of
    one year and scope the one with the highest number holds, from its day on. A draft has none yet: it keeps what its
    dry run found, and after which edition that was.
    """

    __tablename__ = "requirement_edition"
    __table_args__ = (
        CheckConstraint("(status = 'in_force') = (edition IS NOT NULL)", name="numbered_when_in_force"),
        CheckConstraint("(tried_at IS NULL) = (tried_after IS NULL)", name="tried_after_an_edition"),
        CheckConstraint("(tried_at IS NULL) = (gaining IS NULL)", name="tried_with_those_who_gain"),
        CheckConstraint("(tried_at IS NULL) = (losing IS NULL)", name="tried_with_those_who_lose"),
        Index("uq_requirement_edition_edition", "edition", unique=True),
        Index("ix_requirement_edition_year", "year", "status"),
    )

    id: Mapped[PrimaryKey]
    edition: Mapped[int | None]
    year: Mapped[int]
    title_series: Mapped[TitleSeries | None]
    division: Mapped[str | None] = mapped_column(String(6))
    status: Mapped[EditionStatus] = mapped_column(default=EditionStatus.DRAFT)
    in_force_on: Mapped[date]
    basis: Mapped[Text]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_by_name: Mapped[Name]
    tried_at: Mapped[datetime | None]
    tried_after: Mapped[int | None]
    gaining: Mapped[int | None]
    losing: Mapped[int | None]
    requirements: Mapped[list["Requirement"]] = relationship(lazy="raise", back_populates="edition")


class Requirement(Base):
    """Hours that one category asks for; an edition for a part of the people may leave a category to the wider one."""

    __tablename__ = "requirement"
    __table_args__ = (CheckConstraint("hours >= 0", name="hours_are_not_negative"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("requirement_edition.id"), primary_key=True)
    category: Mapped[Category] = mapped_column(primary_key=True)
    hours: Mapped[Decimal | None]
    confirmed: Mapped[bool] = mapped_column(Boolean, default=True)
    edition: Mapped[RequirementEdition] = relationship(lazy="raise", back_populates="requirements")
