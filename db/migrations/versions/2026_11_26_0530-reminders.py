"""Reminders of hours that are missing."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, MOMENT

revision = "3f8d51c6a97e"
down_revision = "e90b52f6c8d3"


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("year", BIG_ID, nullable=False),
        sa.Column("week_of", sa.Date(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("sent_by_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_person_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_reminder_organisation_id")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["account.id"], name=op.f("fk_reminder_sent_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("person_id", "year", "week_of", name=op.f("uq_reminder_person_id_year_week_of")),
    )
    op.create_index("ix_reminder_organisation_id", "reminder", ["organisation_id", "year"])


def downgrade() -> None:
    op.drop_table("reminder")
