"""When backups were made, proven and restored."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, MOMENT, one_of

revision = "7d0e5b9a1c64"
down_revision = "8b1f6e0c93a7"


def upgrade() -> None:
    op.create_table(
        "backup_run",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", one_of("backupkind", "made", "proven", "restored"), nullable=False),
        sa.Column("finished_at", MOMENT, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("file_name", sa.String(100), nullable=False),
        sa.Column("encrypted", sa.Boolean(), nullable=False),
        sa.Column("size", BIG_ID, nullable=False),
        sa.Column("rows", BIG_ID, nullable=False),
        sa.Column("files", BIG_ID, nullable=False),
        sa.Column("milliseconds", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_run")),
    )
    op.create_index("ix_backup_run_kind", "backup_run", ["kind", "id"])


def downgrade() -> None:
    op.drop_table("backup_run")
