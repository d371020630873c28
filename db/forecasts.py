"""How many of each employer's staff are expected to meet the year by its end, and what became of the year before."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, PrimaryKey


class ForecastRun(Base):
    """One edition, of a year and the one before, by the official figures; it counts from when it is finished."""

    __tablename__ = "forecast_run"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[PrimaryKey]
    statistics_run_id: Mapped[int] = mapped_column(ForeignKey("statistics_run.id"))
    year: Mapped[int]
    made_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ForecastYear(Base):
    """A year as it stood on a day, and what earlier years could say about it: of none of them no forecast is made.

    `base_rate` is the share of people who met the earlier years, `lasting`, `yearly` and `common` are the variances of
    `services.forecast_model.Spread`.
    """

    __tablename__ = "forecast_year"
    __table_args__ = (
        CheckConstraint("learned_years > 0 OR learned_people = 0", name="people_are_of_years"),
        CheckConstraint("base_rate BETWEEN 0 AND 1", name="base_rate_is_a_share"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("forecast_run.id", ondelete="CASCADE"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date]
    learned_years: Mapped[int]
    learned_people: Mapped[int]
    base_rate: Mapped[float] = mapped_column(Float)
    lasting: Mapped[float] = mapped_column(Float)
    yearly: Mapped[float] = mapped_column(Float)
    common: Mapped[float] = mapped_column(Float)


class ForecastBand(Base):
    """What earlier years said about those who had come as far by the same day: how many there were and met the year."""

    __tablename__ = "forecast_band"
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "year"], ["forecast_year.run_id", "forecast_year.year"], ondelete="CASCADE"),
        CheckConstraint("met BETWEEN 0 AND people", name="met_are_some_of_the_people"),
        CheckConstraint("probability > 0 AND probability < 1", name="nothing_is_certain"),
    )

    run_id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    band: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    people: Mapped[int]
    met: Mapped[int]
    probability: Mapped[float] = mapped_column(Float)


class EmployerForecast(Base):
    """Of the staff of one employer on the day; `actual` is how many of them had met the year when it was over.

    The other columns are those of `services.forecast_model.Outlook` and `Score`.
    """

    __tablename__ = "employer_forecast"
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "year"], ["forecast_year.run_id", "forecast_year.year"], ondelete="CASCADE"),
        CheckConstraint("met + at_risk BETWEEN 0 AND staff", name="nobody_is_counted_twice"),
        CheckConstraint("0 <= low AND low <= expected AND expected <= high AND high <= staff", name="in_the_interval"),
        CheckConstraint("actual BETWEEN 0 AND staff", name="actual_are_some_of_the_staff"),
        CheckConstraint("(actual IS NULL) = (error IS NULL)", name="scored_when_over"),
        CheckConstraint("(actual IS NULL) = (naive_error IS NULL)", name="compared_when_over"),
        Index("ix_employer_forecast_at_risk", "run_id", "year", "at_risk", "organisation_id"),
    )

    run_id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, autoincrement=False)
    staff: Mapped[int]
    met: Mapped[int]
    expected: Mapped[float] = mapped_column(Float)
    low: Mapped[int]
    high: Mapped[int]
    at_risk: Mapped[int]
    risky_up_to: Mapped[int]
    shift: Mapped[float] = mapped_column(Float)
    variance: Mapped[float] = mapped_column(Float)
    doubt: Mapped[float] = mapped_column(Float)
    sway: Mapped[float] = mapped_column(Float)
    actual: Mapped[int | None]
    error: Mapped[float | None] = mapped_column(Float)
    naive_error: Mapped[float | None] = mapped_column(Float)
