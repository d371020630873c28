"""What an employer has reminded its staff of."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, PrimaryKey


class Reminder(Base):
    """That hours of a year are missing. `week_of` is the Monday of the week in which it was sent: one is enough."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("person_id", "year", "week_of"),
        Index("ix_reminder_organisation_id", "organisation_id", "year"),
    )

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    week_of: Mapped[date]
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
