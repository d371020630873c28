"""Copies of the old systems' rows for questions over all of them, and the questions that analysts keep."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, JSON, MOMENT

revision = "8b1f6e0c93a7"
down_revision = "9b60d27fe813"


def upgrade() -> None:
    op.create_table(
        "snapshot",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("row_count", BIG_ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("last_event_id", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "saved_question",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("words", JSON, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("snapshot_id", BIG_ID, nullable=False),
        sa.Column("snapshot_hash", sa.String(length=64), nullable=False),
        sa.Column("figure", sa.String(length=32), nullable=False),
        sa.Column("figure_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_saved_question_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_question")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_question_account_id_name")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("saved_question")
    op.drop_table("snapshot")
