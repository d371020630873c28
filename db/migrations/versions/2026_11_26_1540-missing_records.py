"""What somebody misses in the data of the old systems is reported with files that prove it, and answered."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, HOURS, MOMENT, one_of

revision = "06dd731c1640"
down_revision = "e2a9c4f07b58"

NAME, TEXT, DIGEST = sa.String(length=100), sa.String(length=500), sa.String(length=64)
KIND = one_of("legacykind", "certificate", "record")
STATUS = one_of("missingrecordstatus", "reported", "found", "not_found", "withdrawn")
CHECKS = {
    "general_is_positive": "general > 0",
    "professional_is_positive": "professional > 0",
    "elective_is_positive": "elective > 0",
    "activity_is_named": "kind <> 'record' OR title <> ''",
    "decided_at_some_time": "(status IN ('found', 'not_found')) = (decided_at IS NOT NULL)",
    "decided_by_somebody": "(decided_at IS NULL) = (decided_by_id IS NULL)",
    "not_found_with_an_answer": "status <> 'not_found' OR answer <> ''",
    "found_somewhere": "status <> 'found' OR row_key IS NOT NULL OR answer <> ''",
    "only_the_found_has_a_row": "row_key IS NULL OR status = 'found'",
    "only_an_answer_is_news": "news_at IS NULL OR decided_at IS NOT NULL",
}


def upgrade() -> None:
    op.create_table(
        "missing_record",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("year", BIG_ID, nullable=False),
        sa.Column("title", NAME, nullable=False),
        sa.Column("system", NAME, nullable=False),
        sa.Column("employer", NAME, nullable=False),
        sa.Column("general", HOURS, nullable=True),
        sa.Column("professional", HOURS, nullable=True),
        sa.Column("elective", HOURS, nullable=True),
        sa.Column("explanation", TEXT, nullable=False),
        sa.Column("status", STATUS, nullable=False),
        sa.Column("reported_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", BIG_ID, nullable=True),
        sa.Column("decided_by_name", NAME, nullable=False),
        sa.Column("answer", TEXT, nullable=False),
        sa.Column("row_key", sa.String(length=32), nullable=True),
        sa.Column("news_at", MOMENT, nullable=True),
        sa.Column("version", BIG_ID, nullable=False),
        *(sa.CheckConstraint(check, name=op.f(f"ck_missing_record_{name}")) for name, check in CHECKS.items()),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_missing_record_person_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_missing_record_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missing_record")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_missing_record_person_id", "missing_record", ["person_id", "kind", "id"])
    op.create_index("ix_missing_record_queue", "missing_record", ["status", "id"])
    op.create_index(
        "uq_missing_record_one_reported",
        "missing_record",
        ["person_id", "kind", "year", "title"],
        unique=True,
        sqlite_where=sa.text("status = 'reported'"),
        postgresql_where=sa.text("status = 'reported'"),
    )
    op.create_table(
        "missing_record_file",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("missing_record_id", BIG_ID, nullable=False),
        sa.Column("file_name", NAME, nullable=False),
        sa.Column("media_type", sa.String(length=50), nullable=False),
        sa.Column("size", BIG_ID, nullable=False),
        sa.Column("sha256", DIGEST, nullable=False),
        sa.Column("original_sha256", DIGEST, nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["missing_record_id"], ["missing_record.id"], name=op.f("fk_missing_record_file_missing_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missing_record_file")),
        sa.UniqueConstraint(
            "missing_record_id",
            "original_sha256",
            name=op.f("uq_missing_record_file_missing_record_id_original_sha256"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_missing_record_file_original_sha256", "missing_record_file", ["original_sha256"])
    op.create_index("ix_missing_record_file_sha256", "missing_record_file", ["sha256"])


def downgrade() -> None:
    op.drop_table("missing_record_file")
    op.drop_table("missing_record")
