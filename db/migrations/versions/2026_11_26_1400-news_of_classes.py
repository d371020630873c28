"""Who takes part in a class is told what has changed about it."""

import sqlalchemy as sa
from alembic import op

revision = "c41e7a92d5b8"
down_revision = "5d8e31c07f94"

ACTIONS_BEFORE = (
    *("enrol", "wait", "offer", "take", "expire", "cancel", "accept", "decline", "reconsider"),
    *("remove", "cancel_class", "complete", "fail", "correct"),
)
ACTIONS = (*ACTIONS_BEFORE[:10], "inform", *ACTIONS_BEFORE[10:])


def upgrade() -> None:
    _know_actions(*ACTIONS)


def downgrade() -> None:
    op.execute("DELETE FROM enrolment_step WHERE action = 'inform'")
    _know_actions(*ACTIONS_BEFORE)


def _know_actions(*actions: str) -> None:
    check = op.f("ck_enrolment_step_action_enrolmentaction")
    with op.batch_alter_table("enrolment_step") as step:
        step.drop_constraint(check, type_="check")
        step.create_check_constraint(check, sa.column("action").in_(actions))
