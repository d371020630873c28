"""Organisations whose names are nearly the same. Names stored before this are noted by the daily housekeeping."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, MOMENT, one_of

revision = "6ab04e95d21f"
down_revision = "5d84e7053111"


def upgrade() -> None:
    op.create_table(
        "name_gram",
        sa.Column("gram", sa.String(length=2), nullable=False),
        sa.Column("kind", one_of("organisationkind", "employer", "provider"), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_name_gram_organisation_id")),
        sa.PrimaryKeyConstraint("gram", "kind", "division", "organisation_id", name=op.f("pk_name_gram")),
    )
    op.create_index("ix_name_gram_organisation_id", "name_gram", ["organisation_id"])
    op.create_table(
        "resemblance",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("first_id", BIG_ID, nullable=False),
        sa.Column("second_id", BIG_ID, nullable=False),
        sa.Column("status", one_of("resemblancestatus", "open", "different"), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", BIG_ID, nullable=True),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_resemblance_each_pair_once")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_resemblance_decided_by_id")),
        sa.ForeignKeyConstraint(["first_id"], ["organisation.id"], name=op.f("fk_resemblance_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["organisation.id"], name=op.f("fk_resemblance_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resemblance")),
    )
    op.create_index("ix_resemblance_queue", "resemblance", ["status", "id"])
    op.create_index("ix_resemblance_second_id", "resemblance", ["second_id"])
    op.create_index("uq_resemblance_pair", "resemblance", ["first_id", "second_id"], unique=True)


def downgrade() -> None:
    op.drop_table("resemblance")
    op.drop_table("name_gram")
