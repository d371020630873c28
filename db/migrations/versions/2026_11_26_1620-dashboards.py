"""The figures of every division and organisation that the dashboards show."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, JSON, MOMENT, one_of

revision = "e80ea0be4e84"
down_revision = "4993cded65f4"


def upgrade() -> None:
    op.create_table(
        "dashboard_run",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("years", JSON, nullable=False),
        sa.Column("statistics_run_id", BIG_ID, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("places", BIG_ID, nullable=False),
        sa.Column("milliseconds", BIG_ID, nullable=False),
        sa.CheckConstraint("finished_at >= read_at", name=op.f("ck_dashboard_run_finished_after_it_was_read")),
        sa.ForeignKeyConstraint(
            ["statistics_run_id"], ["statistics_run.id"], name=op.f("fk_dashboard_run_statistics_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dashboard_run")),
        sqlite_autoincrement=True,
    )
    _create_places()


def _create_places() -> None:
    table = "dashboard_place"
    op.create_table(
        table,
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("run_id", BIG_ID, nullable=False),
        sa.Column("year", BIG_ID, nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("parent", sa.String(length=6), nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=True),
        sa.Column("kind", one_of("organisationkind", "employer", "provider"), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("behind_share", BIG_ID, nullable=False),
        sa.Column("return_share", BIG_ID, nullable=True),
        sa.Column("figures", JSON, nullable=False),
        sa.Column("last_year", JSON, nullable=True),
        *_checks(),
        sa.ForeignKeyConstraint(["run_id"], ["dashboard_run.id"], name=op.f("fk_dashboard_place_run_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_dashboard_place_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dashboard_place")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_dashboard_place_children", table, ["run_id", "year", "parent", "behind_share", "id"])
    op.create_index("ix_dashboard_place_returns", table, ["run_id", "year", "return_share", "id", "division"])
    _one_row(table, "division", "organisation_id IS NULL", "division")
    _one_row(table, "organisation", "organisation_id IS NOT NULL", "organisation_id")


def _checks() -> list[sa.CheckConstraint]:
    checks = {
        "organisations_have_a_kind": "(organisation_id IS NULL) = (kind IS NULL)",
        "organisations_stand_in_their_division": "organisation_id IS NULL OR parent = division",
        "behind_is_a_share": "behind_share BETWEEN 0 AND 1000",
        "returned_is_a_share": "return_share BETWEEN 0 AND 1000",
    }
    return [sa.CheckConstraint(text, name=op.f(f"ck_dashboard_place_{name}")) for name, text in checks.items()]


def _one_row(table: str, of: str, condition: str, column: str) -> None:
    op.create_index(
        f"uq_dashboard_place_one_{of}",
        table,
        ["run_id", "year", column],
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )


def downgrade() -> None:
    op.drop_table("dashboard_place")
    op.drop_table("dashboard_run")
