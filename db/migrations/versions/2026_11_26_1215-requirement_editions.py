"""Requirements in editions, each with its day; runs of the statistics that say what they did and can be continued."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, HOURS, MOMENT, one_of

revision = "3b520a7434e1"
down_revision = "3f8a61c0d7e5"

CATEGORIES = ("general", "professional", "elective")
SERIES = (
    "engineering",
    "teaching",
    "health",
    "agriculture",
    "research",
    "economics",
    "accounting",
    "statistics",
    "publishing",
    "arts",
    "library",
    "law",
    "other",
)
EDITION_CHECKS = {
    "numbered_when_in_force": "(status = 'in_force') = (edition IS NOT NULL)",
    "tried_after_an_edition": "(tried_at IS NULL) = (tried_after IS NULL)",
    "tried_with_those_who_gain": "(tried_at IS NULL) = (gaining IS NULL)",
    "tried_with_those_who_lose": "(tried_at IS NULL) = (losing IS NULL)",
}
RUN_PLACES = ("rule_edition", "since", "reached", "goal", "steps_up_to")
RUN_COUNTS = (*RUN_PLACES, "rows", "hours_before", "hours_after", "milliseconds")
MADE_AT = datetime(2026, 11, 26, tzinfo=UTC)
BASIS = "系统预置：各年度学时标准。"
UNCONFIRMED_BASIS = "系统预置：该年度学时标准未经正式文件确认。"
# What went before knew neither editions nor rules for some.
KEPT = """
SELECT year, category, hours, confirmed
FROM requirement JOIN requirement_edition ON requirement_edition.id = requirement.edition_id
WHERE edition IN (
    SELECT max(edition) FROM requirement_edition
    WHERE status = 'in_force' AND title_series IS NULL AND division IS NULL GROUP BY year
)
"""


def upgrade() -> None:
    before = list(_read("SELECT year, category, hours, confirmed FROM requirement ORDER BY year"))
    op.drop_table("requirement")
    _create_tables()
    _insert_editions(before)
    with op.batch_alter_table("statistics_run") as run:
        run.add_column(sa.Column("kind", one_of("runkind", "full", "changes"), nullable=False, server_default="full"))
        run.add_column(sa.Column("continues_id", BIG_ID))
        for name in RUN_COUNTS:
            kind = sa.BigInteger() if name.startswith("hours") else BIG_ID
            run.add_column(sa.Column(name, kind, nullable=False, server_default="0"))
        run.create_foreign_key(op.f("fk_statistics_run_continues_id"), "statistics_run", ["continues_id"], ["id"])
    with op.batch_alter_table("statistics_run") as run:
        for name in ("kind", *RUN_COUNTS):
            run.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("statistics_run") as run:
        run.drop_constraint(op.f("fk_statistics_run_continues_id"), type_="foreignkey")
        run.drop_constraint(op.f("ck_statistics_run_kind_runkind"), type_="check")
        for name in ("kind", "continues_id", *RUN_COUNTS):
            run.drop_column(name)
    rows = [dict(row._mapping) for row in _read(KEPT)]
    op.drop_table("requirement")
    op.drop_table("requirement_edition")
    _create_former_table()
    names = ("year", "category", "hours", "confirmed")
    op.bulk_insert(sa.table("requirement", *(sa.column(name) for name in names)), rows)


def _read(statement: str) -> Iterable[Any]:
    return op.get_bind().execute(sa.text(statement)).all()


def _insert_editions(before: list[Any]) -> None:
    """One for each year, in the order of the years, in force since each began."""
    unconfirmed = {row.year for row in before if not row.confirmed}
    years = sorted({row.year for row in before})
    numbers = {year: number for number, year in enumerate(years, 1)}
    editions = [
        {
            "edition": number,
            "year": year,
            "status": "in_force",
            "in_force_on": date(year, 1, 1),
            "basis": UNCONFIRMED_BASIS if year in unconfirmed else BASIS,
            "made_at": MADE_AT,
            "made_by_name": "系统",
            "version": 1,
        }
        for year, number in numbers.items()
    ]
    types: dict[str, Any] = {"in_force_on": sa.Date(), "made_at": MOMENT}
    names = ("edition", "year", "status", "in_force_on", "basis", "made_at", "made_by_name", "version")
    op.bulk_insert(sa.table("requirement_edition", *(sa.column(name, types.get(name)) for name in names)), editions)
    ids = {row.year: row.id for row in _read("SELECT id, year FROM requirement_edition")}
    rows = [
        {"edition_id": ids[row.year], "category": row.category, "hours": row.hours, "confirmed": bool(row.confirmed)}
        for row in before
    ]
    columns: list[Any] = [sa.column(name) for name in ("edition_id", "category", "hours", "confirmed")]
    op.bulk_insert(sa.table("requirement", *columns), rows)


def _create_tables() -> None:
    op.create_table(
        "requirement_edition",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("edition", BIG_ID, nullable=True),
        sa.Column("year", BIG_ID, nullable=False),
        sa.Column("title_series", one_of("titleseries", *SERIES), nullable=True),
        sa.Column("division", sa.String(length=6), nullable=True),
        sa.Column("status", one_of("editionstatus", "draft", "in_force", "discarded"), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=500), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by_id", BIG_ID, nullable=True),
        sa.Column("made_by_name", sa.String(length=100), nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("tried_after", BIG_ID, nullable=True),
        sa.Column("gaining", BIG_ID, nullable=True),
        sa.Column("losing", BIG_ID, nullable=True),
        sa.Column("version", BIG_ID, nullable=False),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_requirement_edition_{name}"))
            for name, condition in EDITION_CHECKS.items()
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_requirement_edition_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement_edition")),
    )
    op.create_index("uq_requirement_edition_edition", "requirement_edition", ["edition"], unique=True)
    op.create_index("ix_requirement_edition_year", "requirement_edition", ["year", "status"])
    op.create_table(
        "requirement",
        sa.Column("edition_id", BIG_ID, nullable=False),
        sa.Column("category", one_of("category", *CATEGORIES), nullable=False),
        sa.Column("hours", HOURS, nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("hours >= 0", name=op.f("ck_requirement_hours_are_not_negative")),
        sa.ForeignKeyConstraint(["edition_id"], ["requirement_edition.id"], name=op.f("fk_requirement_edition_id")),
        sa.PrimaryKeyConstraint("edition_id", "category", name=op.f("pk_requirement")),
    )


def _create_former_table() -> None:
    op.create_table(
        "requirement",
        sa.Column("year", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("category", one_of("category", *CATEGORIES), nullable=False),
        sa.Column("hours", HOURS, nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("year", "category", name=op.f("pk_requirement")),
    )
