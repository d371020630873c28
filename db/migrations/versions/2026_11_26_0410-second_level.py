"""Claims with a second level of review, reasons of decisions, and steps that take a decision back."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from db.migrations.types import HOURS, MOMENT, one_of

revision = "7c2a90d4e61b"
down_revision = "5b1e0c7d2f4a"

COUNTS_ON = {"sqlite_autoincrement": True}  # is not read from the table that is copied
REASONS = (
    "unreadable",
    "incomplete",
    "mismatch",
    "wrong_category",
    "wrong_hours",
    "wrong_dates",
    "duplicate",
    "not_eligible",
    "untrue",
    "other",
)
STEPS_BEFORE = ("create", "submit", "withdraw", "approve", "return", "reject")
STEPS_AFTER = ("create", "submit", "withdraw", "approve", "endorse", "return", "reject", "revoke", "undo")
CHECKS = {
    "endorsed_with_hours": "(endorsed_at IS NULL) = (hours_endorsed IS NULL)",
    "endorsed_within_claim": "hours_endorsed BETWEEN 1 AND hours_claimed",
    "endorsed_by_somebody": "status <> 'endorsed' OR (second_level AND endorsed_at IS NOT NULL)",
    "no_level_is_skipped": "NOT second_level OR status NOT IN ('approved', 'revoked') OR endorsed_at IS NOT NULL",
}


def upgrade() -> None:
    with op.batch_alter_table("claim", table_kwargs=COUNTS_ON) as claim:
        claim.add_column(sa.Column("certificate_number", sa.String(length=100), nullable=False, server_default=""))
        claim.add_column(sa.Column("hours_endorsed", HOURS))
        claim.add_column(sa.Column("second_level", sa.Boolean(), nullable=False, server_default=sa.false()))
        claim.add_column(sa.Column("reason", one_of("reviewreason", *REASONS)))
        claim.add_column(sa.Column("endorsed_at", MOMENT))
        claim.add_column(sa.Column("edited_at", MOMENT))
        _know_sources(claim, "person", "employer")
        for name, condition in CHECKS.items():
            claim.create_check_constraint(op.f(f"ck_claim_{name}"), condition)
        claim.create_index("ix_claim_recognition", ["status", "endorsed_at", "id"])
    with op.batch_alter_table("claim", table_kwargs=COUNTS_ON) as claim:
        claim.alter_column("certificate_number", server_default=None)
        claim.alter_column("second_level", server_default=None)
    with op.batch_alter_table("claim_step", table_kwargs=COUNTS_ON) as step:
        step.add_column(sa.Column("reason", one_of("reviewreason", *REASONS)))
        _know_steps(step, *STEPS_AFTER)


def downgrade() -> None:
    with op.batch_alter_table("claim_step", table_kwargs=COUNTS_ON) as step:
        _know_steps(step, *STEPS_BEFORE)
        step.drop_constraint(op.f("ck_claim_step_reason_reviewreason"), type_="check")
        step.drop_column("reason")
    with op.batch_alter_table("claim", table_kwargs=COUNTS_ON) as claim:
        claim.drop_index("ix_claim_recognition")
        for name in (*CHECKS, "reason_reviewreason"):
            claim.drop_constraint(op.f(f"ck_claim_{name}"), type_="check")
        _know_sources(claim, "person")
        for column in ("certificate_number", "hours_endorsed", "second_level", "reason", "endorsed_at", "edited_at"):
            claim.drop_column(column)


def _know_sources(claim: BatchOperations, *sources: str) -> None:
    _know(claim, "ck_claim_source_claimsource", "source", sources)


def _know_steps(step: BatchOperations, *actions: str) -> None:
    _know(step, "ck_claim_step_action_claimaction", "action", actions)


def _know(table: BatchOperations, check: str, column: str, codes: tuple[str, ...]) -> None:
    table.drop_constraint(op.f(check), type_="check")
    table.create_check_constraint(op.f(check), sa.column(column).in_(codes))
