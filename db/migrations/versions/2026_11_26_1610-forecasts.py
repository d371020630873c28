"""How many are expected to have met the year at its end, by employer, with what it was learned from."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, MOMENT

revision = "4993cded65f4"
down_revision = "7bb8b1738a82"

FLOAT = sa.Float()
YEAR_CHECKS = {
    "people_are_of_years": "learned_years > 0 OR learned_people = 0",
    "base_rate_is_a_share": "base_rate BETWEEN 0 AND 1",
}
BAND_CHECKS = {
    "met_are_some_of_the_people": "met BETWEEN 0 AND people",
    "nothing_is_certain": "probability > 0 AND probability < 1",
}
EMPLOYER_CHECKS = {
    "nobody_is_counted_twice": "met + at_risk BETWEEN 0 AND staff",
    "in_the_interval": "0 <= low AND low <= expected AND expected <= high AND high <= staff",
    "actual_are_some_of_the_staff": "actual BETWEEN 0 AND staff",
    "scored_when_over": "(actual IS NULL) = (error IS NULL)",
    "compared_when_over": "(actual IS NULL) = (naive_error IS NULL)",
}


def upgrade() -> None:
    op.create_table(
        "forecast_run",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("statistics_run_id", BIG_ID, nullable=False),
        sa.Column("year", BIG_ID, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["statistics_run_id"], ["statistics_run.id"], name=op.f("fk_forecast_run_statistics_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast_run")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "forecast_year",
        sa.Column("run_id", BIG_ID, nullable=False),
        sa.Column("year", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("learned_years", BIG_ID, nullable=False),
        sa.Column("learned_people", BIG_ID, nullable=False),
        *(sa.Column(name, FLOAT, nullable=False) for name in ("base_rate", "lasting", "yearly", "common")),
        *_checks("forecast_year", YEAR_CHECKS),
        sa.ForeignKeyConstraint(
            ["run_id"], ["forecast_run.id"], name=op.f("fk_forecast_year_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "year", name=op.f("pk_forecast_year")),
    )
    op.create_table(
        "forecast_band",
        *_of_a_year(),
        sa.Column("band", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("people", BIG_ID, nullable=False),
        sa.Column("met", BIG_ID, nullable=False),
        sa.Column("probability", FLOAT, nullable=False),
        *_checks("forecast_band", BAND_CHECKS),
        _year_of("forecast_band"),
        sa.PrimaryKeyConstraint("run_id", "year", "band", name=op.f("pk_forecast_band")),
    )
    op.create_table(
        "employer_forecast",
        *_of_a_year(),
        sa.Column("organisation_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("staff", BIG_ID, nullable=False),
        sa.Column("met", BIG_ID, nullable=False),
        sa.Column("expected", FLOAT, nullable=False),
        sa.Column("low", BIG_ID, nullable=False),
        sa.Column("high", BIG_ID, nullable=False),
        sa.Column("at_risk", BIG_ID, nullable=False),
        sa.Column("risky_up_to", BIG_ID, nullable=False),
        *(sa.Column(name, FLOAT, nullable=False) for name in ("shift", "variance", "doubt", "sway")),
        sa.Column("actual", BIG_ID, nullable=True),
        sa.Column("error", FLOAT, nullable=True),
        sa.Column("naive_error", FLOAT, nullable=True),
        *_checks("employer_forecast", EMPLOYER_CHECKS),
        _year_of("employer_forecast"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_employer_forecast_organisation_id")
        ),
        sa.PrimaryKeyConstraint("run_id", "year", "organisation_id", name=op.f("pk_employer_forecast")),
    )
    op.create_index(
        "ix_employer_forecast_at_risk", "employer_forecast", ["run_id", "year", "at_risk", "organisation_id"]
    )


def _of_a_year() -> list[sa.Column[int]]:
    return [sa.Column(name, BIG_ID, autoincrement=False, nullable=False) for name in ("run_id", "year")]


def _checks(table: str, checks: dict[str, str]) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(check, name=op.f(f"ck_{table}_{name}")) for name, check in checks.items()]


def _year_of(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["run_id", "year"],
        ["forecast_year.run_id", "forecast_year.year"],
        name=op.f(f"fk_{table}_run_id_year"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    op.drop_table("employer_forecast")
    op.drop_table("forecast_band")
    op.drop_table("forecast_year")
    op.drop_table("forecast_run")
