"""Who takes part in a class, and the hours that come of it."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, HOURS, MOMENT, one_of

revision = "b7d05e9f3a42"
down_revision = "e391af31c461"

COUNTS_ON = {"sqlite_autoincrement": True}
NAME, TEXT = sa.String(length=100), sa.String(length=500)
STATUS = one_of(
    *("enrolmentstatus", "applied", "waitlisted", "accepted", "declined", "cancelled", "completed", "not_completed"),
)
ACTION = one_of(
    *("enrolmentaction", "enrol", "wait", "offer", "take", "expire", "cancel", "accept", "decline", "reconsider"),
    *("remove", "cancel_class", "complete", "fail", "correct"),
)
OFFERED, UNREAD = sa.text("offered_until IS NOT NULL"), sa.text("news_at IS NOT NULL")
POSTED = sa.text("enrolment_id IS NOT NULL AND status <> 'revoked'")


def upgrade() -> None:
    _create_enrolments()
    _create_what_belongs_to_an_enrolment()
    with op.batch_alter_table("claim", table_kwargs=COUNTS_ON) as claim:
        claim.add_column(sa.Column("enrolment_id", BIG_ID, nullable=True))
        claim.create_foreign_key(op.f("fk_claim_enrolment_id"), "enrolment", ["enrolment_id"], ["id"])
    _know_sources("person", "employer", "class")
    with op.batch_alter_table("claim", table_kwargs=COUNTS_ON) as claim:
        claim.create_check_constraint(
            op.f("ck_claim_class_hours_have_an_enrolment"), "(source = 'class') = (enrolment_id IS NOT NULL)"
        )
    op.create_index(
        "uq_claim_one_posted", "claim", ["enrolment_id"], unique=True, sqlite_where=POSTED, postgresql_where=POSTED
    )


def downgrade() -> None:
    op.execute("DELETE FROM claim WHERE source = 'class'")
    op.drop_index("uq_claim_one_posted", "claim")
    with op.batch_alter_table("claim", table_kwargs=COUNTS_ON) as claim:
        claim.drop_constraint(op.f("ck_claim_class_hours_have_an_enrolment"), type_="check")
        claim.drop_constraint(op.f("fk_claim_enrolment_id"), type_="foreignkey")
        claim.drop_column("enrolment_id")
    _know_sources("person", "employer")
    for table in ("attendance", "enrolment_step", "enrolment"):
        op.drop_table(table)


def _know_sources(*sources: str) -> None:
    for table, keywords in {"claim": COUNTS_ON, "audit": {}}.items():
        check = op.f(f"ck_{table}_source_claimsource")
        with op.batch_alter_table(table, table_kwargs=keywords) as batch:
            batch.drop_constraint(check, type_="check")
            batch.create_check_constraint(check, sa.column("source").in_(sources))


def _create_enrolments() -> None:
    op.create_table(
        "enrolment",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("class_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("employer_id", BIG_ID, nullable=False),
        sa.Column(
            "status",
            STATUS,
            nullable=False,
        ),
        sa.Column("applied_at", MOMENT, nullable=False),
        sa.Column("waiting_since", MOMENT, nullable=True),
        sa.Column("offered_until", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("opinion", TEXT, nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("hours_awarded", HOURS, nullable=True),
        sa.Column("posted_at", MOMENT, nullable=True),
        sa.Column("news_at", MOMENT, nullable=True),
        sa.Column("version", BIG_ID, nullable=False),
        sa.CheckConstraint(
            "(status = 'completed') = (hours_awarded IS NOT NULL)", name=op.f("ck_enrolment_completed_with_hours")
        ),
        sa.CheckConstraint(
            "(status = 'waitlisted') = (waiting_since IS NOT NULL)", name=op.f("ck_enrolment_waits_since_a_moment")
        ),
        sa.CheckConstraint(
            "(status IN ('completed', 'not_completed')) = (posted_at IS NOT NULL)",
            name=op.f("ck_enrolment_ends_with_posting"),
        ),
        sa.CheckConstraint(
            "offered_until IS NULL OR status = 'waitlisted'", name=op.f("ck_enrolment_offered_to_somebody_waiting")
        ),
        sa.CheckConstraint("hours_awarded > 0", name=op.f("ck_enrolment_hours_are_positive")),
        sa.ForeignKeyConstraint(["class_id"], ["course_class.id"], name=op.f("fk_enrolment_class_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["organisation.id"], name=op.f("fk_enrolment_employer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enrolment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("class_id", "person_id", name=op.f("uq_enrolment_class_id_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_enrolment_news",
        "enrolment",
        ["person_id", "news_at"],
        sqlite_where=UNREAD,
        postgresql_where=UNREAD,
    )
    op.create_index(
        "ix_enrolment_offered",
        "enrolment",
        ["offered_until"],
        sqlite_where=OFFERED,
        postgresql_where=OFFERED,
    )
    op.create_index(
        "ix_enrolment_person",
        "enrolment",
        ["person_id", "status"],
    )
    op.create_index(
        "ix_enrolment_queue",
        "enrolment",
        ["class_id", "status", "applied_at", "id"],
    )
    op.create_index(
        "ix_enrolment_waiting",
        "enrolment",
        ["class_id", "waiting_since", "id"],
    )


def _create_what_belongs_to_an_enrolment() -> None:
    op.create_table(
        "enrolment_step",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("enrolment_id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", BIG_ID, nullable=True),
        sa.Column("actor_name", NAME, nullable=False),
        sa.Column(
            "action",
            ACTION,
            nullable=False,
        ),
        sa.Column(
            "from_status",
            STATUS,
            nullable=True,
        ),
        sa.Column(
            "to_status",
            STATUS,
            nullable=False,
        ),
        sa.Column("opinion", TEXT, nullable=False),
        sa.Column("hours", HOURS, nullable=True),
        sa.Column("offered_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_enrolment_step_actor_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_enrolment_step_enrolment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_step")),
    )
    op.create_index(
        "ix_enrolment_step_enrolment_id",
        "enrolment_step",
        ["enrolment_id", "id"],
    )
    op.create_table(
        "attendance",
        sa.Column("enrolment_id", BIG_ID, nullable=False),
        sa.Column("session_id", BIG_ID, nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_attendance_enrolment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["session_id"], ["class_session.id"], name=op.f("fk_attendance_session_id")),
        sa.PrimaryKeyConstraint("enrolment_id", "session_id", name=op.f("pk_attendance")),
    )
