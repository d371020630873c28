"""Events are found by their time."""

from alembic import op

revision = "e2a9c4f07b58"
down_revision = "9b26f4d0c8e1"


def upgrade() -> None:
    op.create_index("ix_event_at", "event", ["at"])


def downgrade() -> None:
    op.drop_index("ix_event_at", "event")
