"""Who went over when his employer was merged into another one."""

import sqlalchemy as sa
from alembic import op

revision = "d03a8f57c6be"
down_revision = "a60f3c95d17e"

BEFORE = ("request", "transfer", "withdraw", "confirm", "refuse", "start", "depart", "end")


def upgrade() -> None:
    _know(*BEFORE, "merge")


def downgrade() -> None:
    op.execute("DELETE FROM binding_step WHERE action = 'merge'")
    _know(*BEFORE)


def _know(*actions: str) -> None:
    check = op.f("ck_binding_step_action_bindingaction")
    with op.batch_alter_table("binding_step") as step:
        step.drop_constraint(check, type_="check")
        step.create_check_constraint(check, sa.column("action").in_(actions))
