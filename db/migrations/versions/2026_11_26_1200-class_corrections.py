"""Steps that take away what a class had posted, because its provider has corrected it."""

import sqlalchemy as sa
from alembic import op

revision = "3f8a61c0d7e5"
down_revision = "b7d05e9f3a42"

COUNTS_ON = {"sqlite_autoincrement": True}
BEFORE = ("create", "submit", "withdraw", "approve", "endorse", "return", "reject", "revoke", "undo")


def upgrade() -> None:
    _know(*BEFORE, "correct")


def downgrade() -> None:
    op.execute("UPDATE claim_step SET action = 'revoke' WHERE action = 'correct'")
    _know(*BEFORE)


def _know(*actions: str) -> None:
    check = op.f("ck_claim_step_action_claimaction")
    with op.batch_alter_table("claim_step", table_kwargs=COUNTS_ON) as step:
        step.drop_constraint(check, type_="check")
        step.create_check_constraint(check, sa.column("action").in_(actions))
