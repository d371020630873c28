"""How long pages take, hour by hour, and what each job of the application did last."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, JSON, MOMENT

revision = "d4aebf13c123"
down_revision = "e80ea0be4e84"


def upgrade() -> None:
    op.create_table(
        "page_time",
        sa.Column("hour", MOMENT, nullable=False),
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("bucket", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("runs", BIG_ID, nullable=False),
        sa.CheckConstraint("runs > 0", name=op.f("ck_page_time_counts_something")),
        sa.PrimaryKeyConstraint("hour", "page", "bucket", name=op.f("pk_page_time")),
    )
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("milliseconds", BIG_ID, nullable=False),
        sa.Column("failed_at", MOMENT, nullable=True),
        sa.Column("incident", sa.String(length=8), nullable=False),
        sa.Column("reported_at", MOMENT, nullable=True),
        sa.Column("report", JSON, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )


def downgrade() -> None:
    op.drop_table("job_run")
    op.drop_table("page_time")
