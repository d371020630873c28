"""Accounts that their owners close, and passwords that are given once more."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import MOMENT

revision = "e4b7d21f90c3"
down_revision = "3f8d51c6a97e"

STATUSES = ("active", "suspended")
ATTEMPTS = ("sign_in", "registration", "verification", "totp", "appointment")


def upgrade() -> None:
    op.add_column("auth_session", sa.Column("confirmed_at", MOMENT))
    _know("account", "ck_account_status_accountstatus", "status", *STATUSES, "closed")
    _know("attempt", "ck_attempt_kind_attemptkind", "kind", *ATTEMPTS, "export")


def downgrade() -> None:
    op.execute("DELETE FROM attempt WHERE kind = 'export'")
    op.execute("UPDATE account SET status = 'suspended' WHERE status = 'closed'")
    _know("attempt", "ck_attempt_kind_attemptkind", "kind", *ATTEMPTS)
    _know("account", "ck_account_status_accountstatus", "status", *STATUSES)
    with op.batch_alter_table("auth_session") as auth_session:
        auth_session.drop_column("confirmed_at")


def _know(table: str, check: str, column: str, *codes: str) -> None:
    with op.batch_alter_table(table) as changed:
        changed.drop_constraint(op.f(check), type_="check")
        changed.create_check_constraint(op.f(check), sa.column(column).in_(codes))
