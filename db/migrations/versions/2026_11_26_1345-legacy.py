"""Files of old systems, and what was made of their rows."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, HOURS, JSON, MOMENT, one_of

revision = "5d8e31c07f94"
down_revision = "0128ad88a676"

TABLES = ("legacy_system", "legacy_mapping", "legacy_import", "legacy_part", "legacy_trial", "legacy_row")


def upgrade() -> None:
    _create_system()
    _create_mapping()
    _create_import()
    _create_part()
    _create_trial()
    _create_row()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_system() -> None:
    op.create_table(
        "legacy_system",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legacy_system")),
        sa.UniqueConstraint("name", name=op.f("uq_legacy_system_name")),
    )


def _create_import() -> None:
    op.create_table(
        "legacy_import",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("system_id", BIG_ID, nullable=False),
        sa.Column("kind", one_of("legacykind", "certificate", "record"), nullable=False),
        sa.Column(
            "status",
            one_of(
                "legacyimportstatus",
                "receiving",
                "received",
                "checking",
                "checked",
                "running",
                "imported",
                "undoing",
                "undone",
            ),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(length=100), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("header", JSON, nullable=False),
        sa.Column("places", JSON, nullable=False),
        sa.Column("row_count", BIG_ID, nullable=False),
        sa.Column("accepted", BIG_ID, nullable=False),
        sa.Column("rejected", BIG_ID, nullable=False),
        sa.Column("duplicates", BIG_ID, nullable=False),
        sa.Column("parts_done", BIG_ID, nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("uploaded_by_id", BIG_ID, nullable=True),
        sa.Column("uploaded_by_name", sa.String(length=100), nullable=False),
        sa.Column("imported_at", MOMENT, nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "accepted + rejected + duplicates = row_count"
            " OR (status NOT IN ('checked', 'imported') AND accepted + rejected + duplicates < row_count)",
            name=op.f("ck_legacy_import_every_row_is_counted_once"),
        ),
        sa.CheckConstraint(
            "accepted >= 0 AND rejected >= 0 AND duplicates >= 0", name=op.f("ck_legacy_import_counts_are_numbers")
        ),
        sa.ForeignKeyConstraint(["system_id"], ["legacy_system.id"], name=op.f("fk_legacy_import_system_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["account.id"], name=op.f("fk_legacy_import_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legacy_import")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_legacy_import_one_of_a_file",
        "legacy_import",
        ["system_id", "kind", "content_digest"],
        unique=True,
        sqlite_where=sa.text("status <> 'undone'"),
        postgresql_where=sa.text("status <> 'undone'"),
    )


def _create_mapping() -> None:
    op.create_table(
        "legacy_mapping",
        sa.Column("system_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("kind", one_of("legacykind", "certificate", "record"), nullable=False),
        sa.Column("headers", JSON, nullable=False),
        sa.ForeignKeyConstraint(["system_id"], ["legacy_system.id"], name=op.f("fk_legacy_mapping_system_id")),
        sa.PrimaryKeyConstraint("system_id", "kind", name=op.f("pk_legacy_mapping")),
    )


def _create_part() -> None:
    op.create_table(
        "legacy_part",
        sa.Column("import_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("number", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("first_line", BIG_ID, nullable=False),
        sa.Column("last_line", BIG_ID, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["legacy_import.id"], name=op.f("fk_legacy_part_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_legacy_part")),
    )


def _create_row() -> None:
    op.create_table(
        "legacy_row",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("import_id", BIG_ID, nullable=False),
        sa.Column("line", BIG_ID, nullable=False),
        sa.Column("kind", one_of("legacykind", "certificate", "record"), nullable=False),
        sa.Column("outcome", one_of("legacyoutcome", "accepted", "rejected", "duplicate"), nullable=False),
        sa.Column("row_digest", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=True),
        sa.Column("content", sa.String(length=32), nullable=True),
        sa.Column("reasons", JSON, nullable=True),
        sa.Column("duplicate_of_id", BIG_ID, nullable=True),
        sa.Column("person_id", BIG_ID, nullable=True),
        sa.Column("organisation_id", BIG_ID, nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("id_number_digest", sa.String(length=64), nullable=True),
        sa.Column("id_number_masked", sa.String(length=18), nullable=False),
        sa.Column("birth_year", BIG_ID, nullable=True),
        sa.Column("employer", sa.String(length=100), nullable=False),
        sa.Column("employer_core", sa.String(length=100), nullable=False),
        sa.Column("year", BIG_ID, nullable=True),
        sa.Column("category", one_of("category", "general", "professional", "elective"), nullable=True),
        sa.Column("hours", HOURS, nullable=True),
        sa.Column("general", HOURS, nullable=True),
        sa.Column("professional", HOURS, nullable=True),
        sa.Column("elective", HOURS, nullable=True),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(length=100), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'accepted') = (key IS NOT NULL)", name=op.f("ck_legacy_row_accepted_with_its_key")
        ),
        sa.CheckConstraint(
            "(outcome = 'duplicate') = (duplicate_of_id IS NOT NULL)", name=op.f("ck_legacy_row_duplicate_of_another")
        ),
        sa.CheckConstraint(
            "(outcome = 'rejected') = (reasons IS NOT NULL)", name=op.f("ck_legacy_row_rejected_for_reasons")
        ),
        sa.CheckConstraint(
            "outcome <> 'accepted' OR (year IS NOT NULL AND hours IS NOT NULL)",
            name=op.f("ck_legacy_row_accepted_with_hours"),
        ),
        sa.ForeignKeyConstraint(["duplicate_of_id"], ["legacy_row.id"], name=op.f("fk_legacy_row_duplicate_of_id")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["legacy_import.id"], name=op.f("fk_legacy_row_import_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_legacy_row_organisation_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_legacy_row_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legacy_row")),
        sa.UniqueConstraint("import_id", "line", name=op.f("uq_legacy_row_import_id_line")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_legacy_row_duplicate_of_id",
        "legacy_row",
        ["duplicate_of_id"],
        sqlite_where=sa.text("duplicate_of_id IS NOT NULL"),
        postgresql_where=sa.text("duplicate_of_id IS NOT NULL"),
    )
    op.create_index(
        "ix_legacy_row_id_number_digest",
        "legacy_row",
        ["id_number_digest"],
        sqlite_where=sa.text("id_number_digest IS NOT NULL"),
        postgresql_where=sa.text("id_number_digest IS NOT NULL"),
    )
    op.create_index(
        "ix_legacy_row_organisation_id",
        "legacy_row",
        ["organisation_id"],
        sqlite_where=sa.text("organisation_id IS NOT NULL"),
        postgresql_where=sa.text("organisation_id IS NOT NULL"),
    )
    op.create_index(
        "ix_legacy_row_person_id",
        "legacy_row",
        ["person_id", "year"],
        sqlite_where=sa.text("person_id IS NOT NULL"),
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(
        "uq_legacy_row_key",
        "legacy_row",
        ["key"],
        unique=True,
        sqlite_where=sa.text("key IS NOT NULL"),
        postgresql_where=sa.text("key IS NOT NULL"),
    )


def _create_trial() -> None:
    op.create_table(
        "legacy_trial",
        sa.Column("import_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("content", sa.String(length=32), nullable=False),
        sa.Column("line", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["legacy_import.id"], name=op.f("fk_legacy_trial_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "key", name=op.f("pk_legacy_trial")),
        sqlite_with_rowid=False,
    )
