"""What a year asks for, and what the statistics say that each person has done."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Name, PrimaryKey, Text, Versioned
from db.claims import Category


class Requirement(Base):
    """Hours that one category of one year asks for."""

    __tablename__ = "requirement"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    category: Mapped[Category] = mapped_column(primary_key=True)
    hours: Mapped[Decimal]
    confirmed: Mapped[bool] = mapped_column(Boolean, default=True)


class ClaimYear(Versioned, Base):
    """When the hours of a year may be declared, and how many one day can hold."""

    __tablename__ = "claim_year"
    __table_args__ = (
        CheckConstraint("claim_from <= claim_to", name="closes_after_it_opens"),
        CheckConstraint("hours_per_day BETWEEN 1 AND 240", name="a_day_has_24_hours"),
    )

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    claim_from: Mapped[date]
    claim_to: Mapped[date]
    hours_per_day: Mapped[Decimal]


class RunStatus(StrEnum):
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class StatisticsRun(Base):
    """One computation of the official figures."""

    __tablename__ = "statistics_run"

    id: Mapped[PrimaryKey]
    status: Mapped[RunStatus] = mapped_column(default=RunStatus.RUNNING)
    started_by: Mapped[Name]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    people: Mapped[int] = mapped_column(default=0)
    rows_changed: Mapped[int] = mapped_column(default=0)
    error: Mapped[Text] = mapped_column(default="")


class AnnualSummary(Base):
    """The official hours of one person in one year, as of the run that last changed them.

    No foreign keys: every row is made from claims, whose own keys hold, and checking them once more takes PostgreSQL
    longer than everything else about a full run.
    """

    __tablename__ = "annual_summary"
    __table_args__ = {"sqlite_with_rowid": False}

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    general: Mapped[Decimal]
    professional: Mapped[Decimal]
    elective: Mapped[Decimal]
    run_id: Mapped[int]

    def hours(self, category: Category) -> Decimal:
        return {
            Category.GENERAL: self.general,
            Category.PROFESSIONAL: self.professional,
            Category.ELECTIVE: self.elective,
        }[category]


class Lease(Base):
    """Who does a job that only one process may do at a time, and until when others must wait."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64), default="")
    expires_at: Mapped[datetime]
