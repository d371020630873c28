"""Classes of providers."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, HOURS, MOMENT, one_of

revision = "e391af31c461"
down_revision = "9e27b4c8f015"

NAME, TEXT = sa.String(length=100), sa.String(length=500)
CATEGORY = one_of("category", "general", "professional", "elective")
MODE = one_of("classmode", "onsite", "online", "mixed")
STATUS = one_of("classstatus", "draft", "open", "closed", "completed", "cancelled")
ACTION = one_of("classaction", "create", "publish", "close", "open", "cancel", "complete")
SERIES = one_of(
    *("titleseries", "engineering", "teaching", "health", "agriculture", "research", "economics", "accounting"),
    *("statistics", "publishing", "arts", "library", "law", "other"),
)
TABLES = ("class_step", "class_file", "class_audience", "class_division", "class_session", "course_class")


def upgrade() -> None:
    _create_classes()
    _create_what_belongs_to_a_class()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _create_classes() -> None:
    op.create_table(
        "course_class",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("provider_id", BIG_ID, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("category", CATEGORY, nullable=True),
        sa.Column("hours", HOURS, nullable=True),
        sa.Column("year", BIG_ID, nullable=True),
        sa.Column("mode", MODE, nullable=False),
        sa.Column("place", NAME, nullable=False),
        sa.Column("teacher", NAME, nullable=False),
        sa.Column("capacity", BIG_ID, nullable=True),
        sa.Column("taken", BIG_ID, nullable=False),
        sa.Column("enrol_from", MOMENT, nullable=True),
        sa.Column("enrol_until", MOMENT, nullable=True),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("fee_fen", BIG_ID, nullable=False),
        sa.Column("attendance_needed", BIG_ID, nullable=False),
        sa.Column("has_exam", sa.Boolean(), nullable=False),
        sa.Column("contact_name", NAME, nullable=False),
        sa.Column("contact_phone", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(length=2000), nullable=False),
        sa.Column("status", STATUS, nullable=False),
        sa.Column("opinion", TEXT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("completed_at", MOMENT, nullable=True),
        sa.Column("version", BIG_ID, nullable=False),
        sa.CheckConstraint("(status = 'draft') = (published_at IS NULL)", name=op.f("ck_course_class_published_once")),
        sa.CheckConstraint(
            "status = 'draft' OR (category IS NOT NULL AND hours IS NOT NULL AND capacity IS NOT NULL"
            " AND enrol_from IS NOT NULL AND enrol_until IS NOT NULL AND start_on IS NOT NULL AND end_on IS NOT NULL"
            " AND year IS NOT NULL)",
            name=op.f("ck_course_class_published_whole"),
        ),
        sa.CheckConstraint(
            "(published_at IS NULL) = (code IS NULL)", name=op.f("ck_course_class_published_with_its_code")
        ),
        sa.CheckConstraint(
            "attendance_needed BETWEEN 1 AND 100", name=op.f("ck_course_class_attendance_is_a_percentage")
        ),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_course_class_seats_are_offered")),
        sa.CheckConstraint("enrol_from < enrol_until", name=op.f("ck_course_class_enrolment_ends_after_its_start")),
        sa.CheckConstraint("fee_fen >= 0", name=op.f("ck_course_class_fee_is_not_negative")),
        sa.CheckConstraint("hours > 0", name=op.f("ck_course_class_hours_are_positive")),
        sa.CheckConstraint("start_on <= end_on", name=op.f("ck_course_class_ends_after_start")),
        sa.CheckConstraint(
            "taken BETWEEN 0 AND coalesce(capacity, 0)", name=op.f("ck_course_class_seats_are_never_oversold")
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["organisation.id"], name=op.f("fk_course_class_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_class")),
        sa.UniqueConstraint("code", name=op.f("uq_course_class_code")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_course_class_provider",
        "course_class",
        ["provider_id", "status", "start_on", "id"],
    )
    op.create_index(
        "ix_course_class_status",
        "course_class",
        ["status", "enrol_until", "id"],
    )


def _create_what_belongs_to_a_class() -> None:
    op.create_table(
        "class_session",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("class_id", BIG_ID, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("topic", NAME, nullable=False),
        sa.Column("place", NAME, nullable=False),
        sa.CheckConstraint("begins < ends", name=op.f("ck_class_session_ends_after_it_begins")),
        sa.ForeignKeyConstraint(
            ["class_id"], ["course_class.id"], name=op.f("fk_class_session_class_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_session")),
        sa.UniqueConstraint("class_id", "held_on", "begins", name=op.f("uq_class_session_class_id_held_on_begins")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_class_session_held_on",
        "class_session",
        ["held_on", "class_id"],
    )
    op.create_table(
        "class_division",
        sa.Column("class_id", BIG_ID, nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["course_class.id"], name=op.f("fk_class_division_class_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("class_id", "division", name=op.f("pk_class_division")),
    )
    op.create_index(
        "ix_class_division_division",
        "class_division",
        ["division", "class_id"],
    )
    op.create_table(
        "class_audience",
        sa.Column("class_id", BIG_ID, nullable=False),
        sa.Column(
            "series",
            SERIES,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["class_id"], ["course_class.id"], name=op.f("fk_class_audience_class_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("class_id", "series", name=op.f("pk_class_audience")),
    )
    op.create_table(
        "class_file",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("class_id", BIG_ID, nullable=False),
        sa.Column("file_name", NAME, nullable=False),
        sa.Column("media_type", sa.String(length=50), nullable=False),
        sa.Column("size", BIG_ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["course_class.id"], name=op.f("fk_class_file_class_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_file")),
        sa.UniqueConstraint("class_id", "original_sha256", name=op.f("uq_class_file_class_id_original_sha256")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_class_file_original_sha256",
        "class_file",
        ["original_sha256"],
    )
    op.create_index(
        "ix_class_file_sha256",
        "class_file",
        ["sha256"],
    )
    op.create_table(
        "class_step",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("class_id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", BIG_ID, nullable=True),
        sa.Column("actor_name", NAME, nullable=False),
        sa.Column("action", ACTION, nullable=False),
        sa.Column("from_status", STATUS, nullable=True),
        sa.Column("to_status", STATUS, nullable=False),
        sa.Column("opinion", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_class_step_actor_id")),
        sa.ForeignKeyConstraint(
            ["class_id"], ["course_class.id"], name=op.f("fk_class_step_class_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_step")),
    )
    op.create_index(
        "ix_class_step_class_id",
        "class_step",
        ["class_id", "id"],
    )
