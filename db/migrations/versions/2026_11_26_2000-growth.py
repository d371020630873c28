"""Lists of events and of what waits are found by an index, however many people there are."""

import sqlalchemy as sa
from alembic import op

revision = "5b1f6c0e94da"
down_revision = "d4aebf13c123"
WAITING = {
    ("ix_claim_waiting", "claim", "submitted_at"): sa.text("status = 'submitted'"),
    ("ix_binding_requested", "binding", "requested_at"): sa.text("status = 'requested'"),
    ("ix_enrolment_applied", "enrolment", "applied_at"): sa.text("status = 'applied'"),
}


def upgrade() -> None:
    op.drop_index("ix_event_at", "event")
    op.create_index("ix_event_at", "event", ["at", "id"])
    op.create_index("ix_event_kind", "event", ["object_type", "id"])
    op.create_index("ix_event_actor_name", "event", ["actor_name", "id"])
    for (name, table, since), waits in WAITING.items():
        op.create_index(name, table, ["status", since], sqlite_where=waits, postgresql_where=waits)


def downgrade() -> None:
    for name, table, _since in WAITING:
        op.drop_index(name, table)
    op.drop_index("ix_event_actor_name", "event")
    op.drop_index("ix_event_kind", "event")
    op.drop_index("ix_event_at", "event")
    op.create_index("ix_event_at", "event", ["at"])
