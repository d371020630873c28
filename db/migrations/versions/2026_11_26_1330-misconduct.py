"""Dishonesty records with their hours, files, steps and looks; and the steps by which they take and give back hours."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, MOMENT, one_of

revision = "0128ad88a676"
down_revision = "6cb97d54fda0"

COUNTS_ON = {"sqlite_autoincrement": True}
NAME, TEXT, DIGEST = sa.String(length=100), sa.String(length=500), sa.String(length=64)
STATUS = one_of(
    *("misconductstatus", "reported", "investigating", "notified", "confirmed", "dismissed", "objected"),
    *("upheld", "amended", "cancelled", "repair_requested", "repaired", "refused"),
    "expired",
)
ACTION = one_of(
    *("misconductaction", "report", "investigate", "notify", "reply", "confirm", "dismiss"),
    *("object", "uphold", "amend", "cancel", "request_repair", "repair"),
    *("refuse", "extend", "expire"),
)
KIND = one_of("misconductkind", "false_hours", "forged_evidence", "forged_certificate", "proxy_study", "automation")
SEVERITY = one_of("severity", "minor", "ordinary", "serious")
PURPOSE = one_of("misconductfilepurpose", "evidence", "reply", "objection", "repair")
LOOKED_AT = one_of("lookedat", "case", "note", "file")
BEFORE = ("create", "submit", "withdraw", "approve", "endorse", "return", "reject", "revoke", "undo", "correct")
TABLES = ("misconduct_claim", "misconduct_step", "misconduct_look", "misconduct_file", "misconduct_record")


def upgrade() -> None:
    _know(*BEFORE, "forfeit", "restore")
    _create_records()
    _create_what_belongs_to_a_record()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.execute("UPDATE claim_step SET action = 'revoke' WHERE action = 'forfeit'")
    op.execute("UPDATE claim_step SET action = 'undo' WHERE action = 'restore'")
    _know(*BEFORE)


def _know(*actions: str) -> None:
    check = op.f("ck_claim_step_action_claimaction")
    with op.batch_alter_table("claim_step", table_kwargs=COUNTS_ON) as step:
        step.drop_constraint(check, type_="check")
        step.create_check_constraint(check, sa.column("action").in_(actions))


def _create_records() -> None:
    op.create_table(
        "misconduct_record",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("employer_id", BIG_ID, nullable=False),
        sa.Column("status", STATUS, nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("severity", SEVERITY, nullable=False),
        sa.Column("facts", TEXT, nullable=False),
        sa.Column("basis", TEXT, nullable=False),
        sa.Column("reported_at", MOMENT, nullable=False),
        sa.Column("notified_at", MOMENT, nullable=True),
        sa.Column("replied_at", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", BIG_ID, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("confirmed_by_id", BIG_ID, nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("repair_from", sa.Date(), nullable=True),
        sa.Column("objected_at", MOMENT, nullable=True),
        sa.Column("objection_decided_by_id", BIG_ID, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("extended_at", MOMENT, nullable=True),
        sa.Column("version", BIG_ID, nullable=False),
        sa.CheckConstraint(
            "(status IN ('reported', 'investigating', 'notified', 'dismissed')) = (confirmed_by_id IS NULL)",
            name=op.f("ck_misconduct_record_confirmed_by_somebody"),
        ),
        sa.CheckConstraint(
            "extended_at IS NULL OR status IN ('objected', 'repair_requested')",
            name=op.f("ck_misconduct_record_extended_while_it_waits"),
        ),
        sa.CheckConstraint(
            "status IN ('reported', 'investigating') OR status = 'dismissed' OR notified_at IS NOT NULL",
            name=op.f("ck_misconduct_record_told_before_it_takes_effect"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('objected', 'repair_requested') OR asked_at IS NOT NULL",
            name=op.f("ck_misconduct_record_asked_at_a_moment"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('objected', 'upheld', 'amended', 'cancelled') OR objected_at IS NOT NULL",
            name=op.f("ck_misconduct_record_objected_before_the_answer"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('upheld', 'amended', 'cancelled') OR objection_decided_by_id IS NOT NULL",
            name=op.f("ck_misconduct_record_objection_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "(effective_on IS NULL) = (confirmed_by_id IS NULL)",
            name=op.f("ck_misconduct_record_takes_effect_when_confirmed"),
        ),
        sa.CheckConstraint("(effective_on IS NULL) = (ends_on IS NULL)", name=op.f("ck_misconduct_record_has_a_term")),
        sa.CheckConstraint(
            "(effective_on IS NULL) = (repair_from IS NULL)", name=op.f("ck_misconduct_record_repair_from_a_day")
        ),
        sa.CheckConstraint("effective_on < ends_on", name=op.f("ck_misconduct_record_ends_after_start")),
        sa.CheckConstraint(
            "objection_decided_by_id <> confirmed_by_id", name=op.f("ck_misconduct_record_objection_decided_by_another")
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["account.id"], name=op.f("fk_misconduct_record_confirmed_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_misconduct_record_decided_by_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["organisation.id"], name=op.f("fk_misconduct_record_employer_id")),
        sa.ForeignKeyConstraint(
            ["objection_decided_by_id"], ["account.id"], name=op.f("fk_misconduct_record_objection_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_misconduct_record_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_misconduct_record")),
    )
    op.create_index("ix_misconduct_record_person", "misconduct_record", ["person_id", "status"])
    op.create_index("ix_misconduct_record_queue", "misconduct_record", ["employer_id", "status", "id"])
    op.create_index("ix_misconduct_record_term", "misconduct_record", ["status", "ends_on"])


def _create_what_belongs_to_a_record() -> None:
    op.create_table(
        "misconduct_file",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("record_id", BIG_ID, nullable=False),
        sa.Column("purpose", PURPOSE, nullable=False),
        sa.Column("file_name", NAME, nullable=False),
        sa.Column("media_type", sa.String(length=50), nullable=False),
        sa.Column("size", BIG_ID, nullable=False),
        sa.Column("sha256", DIGEST, nullable=False),
        sa.Column("original_sha256", DIGEST, nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["misconduct_record.id"], name=op.f("fk_misconduct_file_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_misconduct_file")),
        sa.UniqueConstraint(
            "record_id", "purpose", "original_sha256", name=op.f("uq_misconduct_file_record_id_purpose_original_sha256")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_misconduct_file_original_sha256", "misconduct_file", ["original_sha256"])
    op.create_index("ix_misconduct_file_sha256", "misconduct_file", ["sha256"])
    op.create_table(
        "misconduct_look",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("record_id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("looked_at", LOOKED_AT, nullable=False),
        sa.Column("actor_id", BIG_ID, nullable=False),
        sa.Column("actor_name", NAME, nullable=False),
        sa.Column("office", NAME, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_misconduct_look_actor_id")),
        sa.ForeignKeyConstraint(["record_id"], ["misconduct_record.id"], name=op.f("fk_misconduct_look_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_misconduct_look")),
    )
    op.create_index("ix_misconduct_look_record_id", "misconduct_look", ["record_id", "id"])
    op.create_table(
        "misconduct_step",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("record_id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", BIG_ID, nullable=True),
        sa.Column("actor_name", NAME, nullable=False),
        sa.Column("action", ACTION, nullable=False),
        sa.Column("from_status", STATUS, nullable=True),
        sa.Column("to_status", STATUS, nullable=False),
        sa.Column("opinion", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_misconduct_step_actor_id")),
        sa.ForeignKeyConstraint(["record_id"], ["misconduct_record.id"], name=op.f("fk_misconduct_step_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_misconduct_step")),
    )
    op.create_index("ix_misconduct_step_record_id", "misconduct_step", ["record_id", "id"])
    op.create_table(
        "misconduct_claim",
        sa.Column("record_id", BIG_ID, nullable=False),
        sa.Column("claim_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_misconduct_claim_claim_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["record_id"], ["misconduct_record.id"], name=op.f("fk_misconduct_claim_record_id")),
        sa.PrimaryKeyConstraint("record_id", "claim_id", name=op.f("pk_misconduct_claim")),
    )
    op.create_index("ix_misconduct_claim_claim_id", "misconduct_claim", ["claim_id"])
