"""Imports of staff and of hours, and numbers that are not given twice where they take something back."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, JSON, MOMENT, one_of

revision = "9e27b4c8f015"
down_revision = "d03a8f57c6be"

COUNTS_ON = {"sqlite_autoincrement": True}
TAKEN_BACK = ("person", "binding")
ACTIONS_BEFORE = ("request", "transfer", "withdraw", "confirm", "refuse", "start", "depart", "end", "merge")
ACTIONS = ("request", "transfer", "enter", "withdraw", "confirm", "refuse", "start", "depart", "end", "merge")


def upgrade() -> None:
    _count(COUNTS_ON)
    _know_actions(*ACTIONS)
    op.create_index("ix_binding_successor_id", "binding", ["successor_id"])
    _create_imports()
    _create_files()
    _create_rows()


def downgrade() -> None:
    for table in ("import_row", "import_evidence", "import_file", "import"):
        op.drop_table(table)
    op.drop_index("ix_binding_successor_id", "binding")
    op.execute("DELETE FROM binding_step WHERE action = 'enter'")
    _know_actions(*ACTIONS_BEFORE)
    _count({})


def _count(keywords: dict[str, bool]) -> None:
    """Only SQLite gives a number again, and only a copy of the table can be told not to."""
    if op.get_context().dialect.name == "sqlite":
        for table in TAKEN_BACK:
            with op.batch_alter_table(table, recreate="always", table_kwargs=keywords):
                pass


def _know_actions(*actions: str) -> None:
    check = op.f("ck_binding_step_action_bindingaction")
    with op.batch_alter_table("binding_step") as step:
        step.drop_constraint(check, type_="check")
        step.create_check_constraint(check, sa.column("action").in_(actions))


def _create_imports() -> None:
    op.create_table(
        "import",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("kind", one_of("importkind", "staff", "hours"), nullable=False),
        sa.Column(
            "status",
            one_of("importstatus", "checked", "running", "imported", "undoing", "undone"),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(length=100), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("training", JSON, nullable=False),
        sa.Column("row_count", BIG_ID, nullable=False),
        sa.Column("accepted", BIG_ID, nullable=False),
        sa.Column("rejected", BIG_ID, nullable=False),
        sa.Column("known", BIG_ID, nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("uploaded_by_id", BIG_ID, nullable=False),
        sa.Column("uploaded_by_name", sa.String(length=100), nullable=False),
        sa.Column("imported_at", MOMENT, nullable=True),
        sa.Column("passwords_from", MOMENT, nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.CheckConstraint("accepted >= 0 AND rejected >= 0 AND known >= 0", name=op.f("ck_import_counts_are_numbers")),
        sa.CheckConstraint(
            "accepted + rejected + known = row_count"
            " OR (status NOT IN ('checked', 'imported') AND accepted + rejected + known < row_count)",
            name=op.f("ck_import_every_row_is_counted_once"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_import_organisation_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["account.id"], name=op.f("fk_import_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_import_organisation_id", "import", ["organisation_id", "id"])


def _create_files() -> None:
    op.create_table(
        "import_file",
        sa.Column("id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["import.id"], name=op.f("fk_import_file_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
    )
    op.create_table(
        "import_evidence",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("import_id", BIG_ID, nullable=False),
        sa.Column("file_name", sa.String(length=100), nullable=False),
        sa.Column("media_type", sa.String(length=50), nullable=False),
        sa.Column("size", BIG_ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_import_evidence_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_evidence")),
        sa.UniqueConstraint("import_id", "original_sha256", name=op.f("uq_import_evidence_import_id_original_sha256")),
    )


def _create_rows() -> None:
    op.create_table(
        "import_row",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("import_id", BIG_ID, nullable=False),
        sa.Column("line", BIG_ID, nullable=False),
        sa.Column("outcome", one_of("rowoutcome", "accepted", "rejected", "known"), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("account_id", BIG_ID, nullable=True),
        sa.Column("binding_id", BIG_ID, nullable=True),
        sa.Column("claim_id", BIG_ID, nullable=True),
        sa.CheckConstraint("outcome = 'accepted' OR key IS NULL", name=op.f("ck_import_row_accepted_with_its_key")),
        sa.CheckConstraint("outcome <> 'known'", name=op.f("ck_import_row_known_ones_are_counted_only")),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_import_row_import_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_import_row_account_id")),
        sa.ForeignKeyConstraint(
            ["binding_id"], ["binding.id"], name=op.f("fk_import_row_binding_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_import_row_claim_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("import_id", "line", name=op.f("uq_import_row_import_id_line")),
    )
    op.create_index("ix_import_row_account_id", "import_row", ["account_id"])
    op.create_index("ix_import_row_binding_id", "import_row", ["binding_id"])
    op.create_index("ix_import_row_claim_id", "import_row", ["claim_id"])
    where = sa.text("claim_id IS NOT NULL")
    op.create_index("uq_import_row_key", "import_row", ["key"], unique=True, sqlite_where=where, postgresql_where=where)
