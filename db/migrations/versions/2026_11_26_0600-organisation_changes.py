"""Changes of an organisation's name, code and division that wait for the supervisor."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, MOMENT, one_of

revision = "1f6d83b7a04c"
down_revision = "8d52f0b93c17"

OPEN = sa.text("status = 'requested'")


def upgrade() -> None:
    op.create_table(
        "organisation_change",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column(
            "status",
            one_of("organisationchangestatus", "requested", "approved", "returned", "withdrawn"),
            nullable=False,
        ),
        sa.Column("old_name", sa.String(length=100), nullable=False),
        sa.Column("new_name", sa.String(length=100), nullable=False),
        sa.Column("old_uscc", sa.String(length=18), nullable=False),
        sa.Column("new_uscc", sa.String(length=18), nullable=False),
        sa.Column("old_division", sa.String(length=6), nullable=False),
        sa.Column("new_division", sa.String(length=6), nullable=False),
        sa.Column("explanation", sa.String(length=500), nullable=False),
        sa.Column("opinion", sa.String(length=500), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", BIG_ID, nullable=True),
        sa.Column("version", BIG_ID, nullable=False),
        sa.CheckConstraint(
            "new_name <> old_name OR new_uscc <> old_uscc OR new_division <> old_division",
            name=op.f("ck_organisation_change_changes_something"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_organisation_change_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_change_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_change")),
    )
    op.create_index("ix_organisation_change_organisation_id", "organisation_change", ["organisation_id"])
    op.create_index("ix_organisation_change_queue", "organisation_change", ["status", "id"])
    op.create_index(
        "uq_organisation_change_one_open",
        "organisation_change",
        ["organisation_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_table("organisation_change")
