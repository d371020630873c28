"""What the dashboards show: figures of every division and organisation, as one computation found them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, DivisionCode, Json, Name, PrimaryKey, one_where
from db.organisations import OrganisationKind


class DashboardRun(Base):
    """One edition of all figures; readers see the newest finished one, and the rows of the others are removed.

    `day` is the day of the installation on which it was read, `years` those it has figures of; of the people's official
    hours it knows those of `statistics_run_id`.
    """

    __tablename__ = "dashboard_run"
    __table_args__ = (
        CheckConstraint("finished_at >= read_at", name="finished_after_it_was_read"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[PrimaryKey]
    read_at: Mapped[datetime]
    day: Mapped[date]
    years: Mapped[list[int]] = mapped_column(Json)
    statistics_run_id: Mapped[int] = mapped_column(ForeignKey("statistics_run.id"))
    finished_at: Mapped[datetime | None]
    places: Mapped[int] = mapped_column(default=0)
    milliseconds: Mapped[int] = mapped_column(default=0)


class DashboardPlace(Base):
    """The figures of a division with all below it, or of one organisation, in a year.

    `parent` is the division in whose list it stands. `figures` and those of the year before, as it stood on the same
    day then, are numbers by their key (services/dashboard_figures.py), without the zeros; none for a year that asked
    for nothing then. What lists are ordered by stands beside them, in tenths of a percent: the share of the staff that
    has not reached the requirement, and of the decided claims that were returned (none for too few).
    """

    __tablename__ = "dashboard_place"
    __table_args__ = (
        CheckConstraint("(organisation_id IS NULL) = (kind IS NULL)", name="organisations_have_a_kind"),
        CheckConstraint("organisation_id IS NULL OR parent = division", name="organisations_stand_in_their_division"),
        CheckConstraint("behind_share BETWEEN 0 AND 1000", name="behind_is_a_share"),
        CheckConstraint("return_share BETWEEN 0 AND 1000", name="returned_is_a_share"),
        one_where("uq_dashboard_place_one_division", "organisation_id IS NULL", "run_id", "year", "division"),
        one_where(
            "uq_dashboard_place_one_organisation", "organisation_id IS NOT NULL", "run_id", "year", "organisation_id"
        ),
        Index("ix_dashboard_place_children", "run_id", "year", "parent", "behind_share", "id"),
        Index("ix_dashboard_place_returns", "run_id", "year", "return_share", "id", "division"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[PrimaryKey]
    run_id: Mapped[int] = mapped_column(ForeignKey("dashboard_run.id"))
    year: Mapped[int]
    division: Mapped[DivisionCode]
    parent: Mapped[DivisionCode]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[OrganisationKind | None]
    name: Mapped[Name]
    behind_share: Mapped[int]
    return_share: Mapped[int | None]
    figures: Mapped[dict[str, Any]]
    last_year: Mapped[dict[str, Any] | None]
