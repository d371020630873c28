"""Wrong account names of those who are to act for an organisation are counted."""

import sqlalchemy as sa
from alembic import op

revision = "e90b52f6c8d3"
down_revision = "c4b90d1e7a52"

BEFORE = ("sign_in", "registration", "verification", "totp")


def upgrade() -> None:
    _know(*BEFORE, "appointment")


def downgrade() -> None:
    op.execute("DELETE FROM attempt WHERE kind = 'appointment'")
    _know(*BEFORE)


def _know(*kinds: str) -> None:
    check = op.f("ck_attempt_kind_attemptkind")
    with op.batch_alter_table("attempt") as attempt:
        attempt.drop_constraint(check, type_="check")
        attempt.create_check_constraint(check, sa.column("kind").in_(kinds))
