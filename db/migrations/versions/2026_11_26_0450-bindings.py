"""Bindings that are confirmed for a later day or end for a reason, and every step they take."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from db.migrations.types import BIG_ID, MOMENT, one_of

revision = "c4b90d1e7a52"
down_revision = "c41d7a0e93b6"

STATUSES_BEFORE = ("requested", "active", "ended", "refused", "withdrawn")
STATUSES = ("requested", "scheduled", "active", "ended", "refused", "withdrawn")
ACTIONS = ("request", "transfer", "withdraw", "confirm", "refuse", "start", "depart", "end")
CHECKS = {
    "has_a_start": "(status IN ('scheduled', 'active', 'ended')) = (started_on IS NOT NULL)",
    "ended_on_a_day": "(status = 'ended') = (ended_on IS NOT NULL)",
    "ended_for_a_reason": "(status = 'ended') = (end_reason IS NOT NULL)",
    "ends_after_start": "ended_on IS NULL OR ended_on >= started_on",
    "transferred_to_a_successor": "end_reason IS NULL OR end_reason <> 'transferred' OR successor_id IS NOT NULL",
}
# What was known of a binding before its steps were kept: who asked when, and who decided.
REQUESTS = """
INSERT INTO binding_step (binding_id, at, actor_id, actor_name, action, from_status, to_status, reason)
SELECT binding.id, requested_at, account_id, person.name, 'request', NULL, 'requested', ''
FROM binding JOIN person ON person.id = person_id ORDER BY binding.id
"""
DECISIONS = """
INSERT INTO binding_step (binding_id, at, actor_id, actor_name, action, from_status, to_status, effective_on, reason)
SELECT binding.id, decided_at, decided_by_id, display_name,
    CASE binding.status WHEN 'active' THEN 'confirm' WHEN 'refused' THEN 'refuse' ELSE 'withdraw' END,
    'requested', binding.status, started_on, reason
FROM binding JOIN account ON account.id = decided_by_id
WHERE binding.status IN ('active', 'refused', 'withdrawn') ORDER BY binding.id
"""


def upgrade() -> None:
    with op.batch_alter_table("binding") as binding:
        binding.add_column(sa.Column("wished_on", sa.Date()))
        binding.add_column(sa.Column("end_reason", one_of("endreason", "left", "retired", "transferred")))
        binding.add_column(sa.Column("successor_id", BIG_ID))
        binding.create_foreign_key(op.f("fk_binding_successor_id"), "binding", ["successor_id"], ["id"])
        _know_statuses(binding, *STATUSES)
        for name, condition in CHECKS.items():
            binding.create_check_constraint(op.f(f"ck_binding_{name}"), condition)
        binding.drop_index("uq_binding_one_request")
    _index_some("uq_binding_one_coming", "person_id", "status IN ('requested', 'scheduled')", unique=True)
    _index_some("ix_binding_due", "started_on", "status = 'scheduled'", unique=False)
    _create_steps()
    op.execute(REQUESTS)
    op.execute(DECISIONS)


def downgrade() -> None:
    op.drop_table("binding_step")
    op.execute("UPDATE binding SET status = 'requested', started_on = NULL WHERE status = 'scheduled'")
    with op.batch_alter_table("binding") as binding:
        binding.drop_index("ix_binding_due")
        binding.drop_index("uq_binding_one_coming")
        for name in (*CHECKS, "end_reason_endreason"):
            binding.drop_constraint(op.f(f"ck_binding_{name}"), type_="check")
        _know_statuses(binding, *STATUSES_BEFORE)
        binding.drop_constraint(op.f("fk_binding_successor_id"), type_="foreignkey")
        for column in ("wished_on", "end_reason", "successor_id"):
            binding.drop_column(column)
    _index_some("uq_binding_one_request", "person_id", "status = 'requested'", unique=True)


def _know_statuses(binding: BatchOperations, *statuses: str) -> None:
    check = op.f("ck_binding_status_bindingstatus")
    binding.drop_constraint(check, type_="check")
    binding.create_check_constraint(check, sa.column("status").in_(statuses))


def _index_some(name: str, column: str, condition: str, *, unique: bool) -> None:
    where = sa.text(condition)
    op.create_index(name, "binding", [column], unique=unique, sqlite_where=where, postgresql_where=where)


def _create_steps() -> None:
    op.create_table(
        "binding_step",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("binding_id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", BIG_ID, nullable=True),
        sa.Column("actor_name", sa.String(length=100), nullable=False),
        sa.Column("action", one_of("bindingaction", *ACTIONS), nullable=False),
        sa.Column("from_status", one_of("bindingstatus", *STATUSES), nullable=True),
        sa.Column("to_status", one_of("bindingstatus", *STATUSES), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_binding_step_actor_id")),
        sa.ForeignKeyConstraint(["binding_id"], ["binding.id"], name=op.f("fk_binding_step_binding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding_step")),
    )
    op.create_index("ix_binding_step_binding_id", "binding_step", ["binding_id", "id"])
