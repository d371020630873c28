"""Random samples of approved hours, and an index for the lists of those who supervise many employers."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, MOMENT, one_of

revision = "e93d5b07a1c4"
down_revision = "1f6d83b7a04c"


def upgrade() -> None:
    _create_audit()
    _create_item()
    op.drop_index("ix_claim_recognition", "claim")
    op.create_index("ix_claim_decided", "claim", ["status", "decided_at", "id", "employer_id"])


def downgrade() -> None:
    op.drop_index("ix_claim_decided", "claim")
    op.create_index("ix_claim_recognition", "claim", ["status", "endorsed_at", "id"])
    op.drop_table("audit_item")
    op.drop_table("audit")


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("approved_from", sa.Date(), nullable=False),
        sa.Column("approved_to", sa.Date(), nullable=False),
        sa.Column("category", one_of("category", "general", "professional", "elective")),
        sa.Column("source", one_of("claimsource", "person", "employer")),
        sa.Column("rate", BIG_ID, nullable=False),
        sa.Column("at_least", BIG_ID, nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("claims", BIG_ID, nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.Column("drawn_by_id", BIG_ID, nullable=False),
        sa.Column("drawn_by_name", sa.String(length=100), nullable=False),
        sa.Column("withdrawn_at", MOMENT),
        sa.CheckConstraint("approved_from <= approved_to", name=op.f("ck_audit_ends_after_start")),
        sa.CheckConstraint("rate BETWEEN 1 AND 100", name=op.f("ck_audit_rate_is_a_percentage")),
        sa.CheckConstraint("at_least >= 1", name=op.f("ck_audit_every_employer_is_drawn")),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["account.id"], name=op.f("fk_audit_drawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_division", "audit", ["division", "id"])


def _create_item() -> None:
    op.create_table(
        "audit_item",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("audit_id", BIG_ID, nullable=False),
        sa.Column("claim_id", BIG_ID, nullable=False),
        sa.Column("checked_at", MOMENT),
        sa.Column("checked_by_id", BIG_ID),
        sa.Column("checked_by_name", sa.String(length=100), nullable=False),
        sa.Column("opinion", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(checked_at IS NULL) = (checked_by_id IS NULL)", name=op.f("ck_audit_item_checked_by_somebody")
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_audit_item_audit_id")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["account.id"], name=op.f("fk_audit_item_checked_by_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_audit_item_claim_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_item")),
        sa.UniqueConstraint("audit_id", "claim_id", name=op.f("uq_audit_item_audit_id_claim_id")),
    )
    op.create_index("ix_audit_item_claim_id", "audit_item", ["claim_id"])
