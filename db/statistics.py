"""When hours may be declared, and what the statistics say that each person has done."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Name, PrimaryKey, Text, TotalHours, Versioned
from db.claims import Category


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


class RunKind(StrEnum):
    """Whom a run looks at: everybody, or those of whose claims something was decided since the last one."""

    FULL = "full"
    CHANGES = "changes"


class StatisticsRun(Base):
    """One computation of the official figures.

    It has come as far as `reached` on its way from `since` to `goal`: in numbers of people when it is a full one, else
    in numbers of claims' steps. What breaks off is continued by another run from there. Steps up to `steps_up_to` are
    in its figures for certain. `rows` are the annual summaries of those it looked at, with their hours before and
    after.
    """

    __tablename__ = "statistics_run"

    id: Mapped[PrimaryKey]
    kind: Mapped[RunKind] = mapped_column(default=RunKind.FULL)
    status: Mapped[RunStatus] = mapped_column(default=RunStatus.RUNNING)
    started_by: Mapped[Name]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    continues_id: Mapped[int | None] = mapped_column(ForeignKey("statistics_run.id"))
    rule_edition: Mapped[int] = mapped_column(default=0)
    since: Mapped[int] = mapped_column(default=0)
    reached: Mapped[int] = mapped_column(default=0)
    goal: Mapped[int] = mapped_column(default=0)
    steps_up_to: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)
    rows_changed: Mapped[int] = mapped_column(default=0)
    hours_before: Mapped[TotalHours] = mapped_column(default=Decimal(0))
    hours_after: Mapped[TotalHours] = mapped_column(default=Decimal(0))
    milliseconds: Mapped[int] = mapped_column(default=0)
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
