"""What is noticed about claims, and the place it gives them in the queue."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, MOMENT, one_of

revision = "b84f1d6a03e7"
down_revision = "e93d5b07a1c4"

COUNTS_ON = {"sqlite_autoincrement": True}  # is not read from the table that is copied
NUMBERED = sa.text("certificate_key IS NOT NULL")
KINDS = ("same_file", "same_certificate", "same_title", "overlap", "unusual_hours", "late")


def upgrade() -> None:
    with op.batch_alter_table("claim", table_kwargs=COUNTS_ON) as claim:
        claim.add_column(sa.Column("certificate_key", sa.String(length=100)))
        claim.add_column(sa.Column("queued_at", MOMENT))
    op.execute("UPDATE claim SET queued_at = submitted_at")
    with op.batch_alter_table("claim", table_kwargs=COUNTS_ON) as claim:
        claim.create_check_constraint(
            op.f("ck_claim_sent_has_its_place"), "(submitted_at IS NULL) = (queued_at IS NULL)"
        )
        claim.create_index("ix_claim_priority", ["employer_id", "status", "queued_at", "id"])
        claim.create_index(
            "ix_claim_certificate_key", ["certificate_key"], sqlite_where=NUMBERED, postgresql_where=NUMBERED
        )
    _create_flags()


def _create_flags() -> None:
    op.create_table(
        "claim_flag",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("claim_id", BIG_ID, nullable=False),
        sa.Column("kind", one_of("flagkind", *KINDS), nullable=False),
        sa.Column("other_claim_id", BIG_ID),
        sa.CheckConstraint(
            "(kind IN ('unusual_hours', 'late')) = (other_claim_id IS NULL)",
            name=op.f("ck_claim_flag_points_to_another_claim"),
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_flag_claim_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["other_claim_id"], ["claim.id"], name=op.f("fk_claim_flag_other_claim_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_flag")),
        sa.UniqueConstraint(
            "claim_id", "kind", "other_claim_id", name=op.f("uq_claim_flag_claim_id_kind_other_claim_id")
        ),
    )
    op.create_index("ix_claim_flag_other_claim_id", "claim_flag", ["other_claim_id"])


def downgrade() -> None:
    op.drop_table("claim_flag")
    with op.batch_alter_table("claim", table_kwargs=COUNTS_ON) as claim:
        claim.drop_index("ix_claim_certificate_key")
        claim.drop_index("ix_claim_priority")
        claim.drop_constraint(op.f("ck_claim_sent_has_its_place"), type_="check")
        claim.drop_column("queued_at")
        claim.drop_column("certificate_key")
