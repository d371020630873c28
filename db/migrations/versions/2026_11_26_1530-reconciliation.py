"""Rows of old systems are matched to people, or not yet; what analysts decide about them is kept."""

import hashlib
from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, MOMENT, one_of

revision = "9b26f4d0c8e1"
down_revision = "3f8c1e60b7a4"

BATCH = 5000
SEPARATOR = "\x1f"
CHECKS = {
    "let_in_with_a_match": "(outcome = 'rejected') = (matching IS NULL)",
    "duplicate_from_the_beginning": "outcome <> 'duplicate' OR matching = 'duplicate'",
    "matched_to_a_person": "matching IS NULL OR (matching = 'matched') = (person_id IS NOT NULL)",
    "nobody_of_what_was_rejected": "person_id IS NULL OR matching IS NOT NULL",
}
INDEXES = {
    "ix_legacy_row_decision_id": (["decision_id"], "decision_id IS NOT NULL"),
    "ix_legacy_row_matching": (["matching", "id"], "matching IS NOT NULL"),
    "ix_legacy_row_name": (["name", "birth_year"], "name <> ''"),
}
MATCHES = ("matched", "ambiguous", "orphan", "duplicate")
AUTOINCREMENT = {"sqlite_autoincrement": True}


def upgrade() -> None:
    _create_decision()
    op.create_index("ix_person_name", "person", ["name"])
    person = op.f("fk_legacy_row_person_id")
    with op.batch_alter_table("legacy_row", table_kwargs=AUTOINCREMENT) as row:
        row.add_column(sa.Column("matching", sa.String(length=32), nullable=True))
        row.add_column(sa.Column("decision_id", BIG_ID, nullable=True))
        row.add_column(sa.Column("about", sa.String(length=32), nullable=True))
        row.drop_constraint(person, type_="foreignkey")
    op.execute(
        "UPDATE legacy_row SET matching = CASE WHEN outcome = 'duplicate' THEN 'duplicate'"
        " WHEN person_id IS NOT NULL THEN 'matched' ELSE 'orphan' END WHERE outcome <> 'rejected'"
    )
    _say_whom_rows_are_about()
    with op.batch_alter_table("legacy_row", table_kwargs=AUTOINCREMENT) as row:
        row.create_foreign_key(person, "person", ["person_id"], ["id"])
        row.create_foreign_key(op.f("fk_legacy_row_decision_id"), "legacy_decision", ["decision_id"], ["id"])
        row.create_check_constraint(op.f("ck_legacy_row_matching_legacymatch"), sa.column("matching").in_(MATCHES))
        for name, condition in CHECKS.items():
            row.create_check_constraint(op.f(f"ck_legacy_row_{name}"), sa.text(condition))
    for name, (columns, condition) in INDEXES.items():
        where = sa.text(condition)
        op.create_index(name, "legacy_row", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "legacy_row")
    person = op.f("fk_legacy_row_person_id")
    with op.batch_alter_table("legacy_row", table_kwargs=AUTOINCREMENT) as row:
        for name in (*CHECKS, "matching_legacymatch"):
            row.drop_constraint(op.f(f"ck_legacy_row_{name}"), type_="check")
        row.drop_constraint(op.f("fk_legacy_row_decision_id"), type_="foreignkey")
        row.drop_constraint(person, type_="foreignkey")
        for column in ("matching", "decision_id", "about"):
            row.drop_column(column)
        row.create_foreign_key(person, "person", ["person_id"], ["id"], ondelete="SET NULL")
    op.drop_index("ix_person_name", "person")
    op.drop_table("legacy_decision")


def _create_decision() -> None:
    op.create_table(
        "legacy_decision",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("system_id", BIG_ID, nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("alike", sa.Boolean(), nullable=False),
        sa.Column("verdict", one_of("legacyverdict", "person", "nobody", "duplicate"), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=True),
        sa.Column("other_key", sa.String(length=32), nullable=True),
        sa.Column("confidence", one_of("confidence", "high", "medium", "low"), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("decided_by_id", BIG_ID, nullable=True),
        sa.Column("decided_by_name", sa.String(length=100), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by_id", BIG_ID, nullable=True),
        sa.Column("undone_by_name", sa.String(length=100), nullable=False),
        sa.Column("undo_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_name = '')", name=op.f("ck_legacy_decision_undone_by_somebody")
        ),
        sa.CheckConstraint(
            "(verdict = 'duplicate') = (other_key IS NOT NULL)", name=op.f("ck_legacy_decision_names_the_other")
        ),
        sa.CheckConstraint(
            "(verdict = 'person') = (confidence IS NOT NULL)", name=op.f("ck_legacy_decision_states_its_confidence")
        ),
        sa.CheckConstraint(
            "other_key IS NULL OR other_key <> subject", name=op.f("ck_legacy_decision_duplicate_of_another")
        ),
        sa.CheckConstraint(
            "undone_at IS NOT NULL OR (verdict = 'person') = (person_id IS NOT NULL)",
            name=op.f("ck_legacy_decision_names_somebody"),
        ),
        sa.CheckConstraint(
            "verdict <> 'duplicate' OR NOT alike", name=op.f("ck_legacy_decision_one_row_is_a_duplicate")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_legacy_decision_decided_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_legacy_decision_person_id")),
        sa.ForeignKeyConstraint(["system_id"], ["legacy_system.id"], name=op.f("fk_legacy_decision_system_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["account.id"], name=op.f("fk_legacy_decision_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legacy_decision")),
    )
    op.create_index("ix_legacy_decision_other_key", "legacy_decision", ["other_key"])
    op.create_index("ix_legacy_decision_person_id", "legacy_decision", ["person_id"])
    op.create_index("ix_legacy_decision_subject", "legacy_decision", ["subject", "id"])
    op.create_index(
        "uq_legacy_decision_one_in_force",
        "legacy_decision",
        ["subject"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )


def _say_whom_rows_are_about() -> None:
    """The database cannot hash; a server's rows are hashed here, batch by batch."""
    last, read = (
        0,
        sa.text(
            "SELECT r.id, i.system_id, r.name, r.id_number_digest, r.birth_year, r.employer_core FROM legacy_row r"
            " JOIN legacy_import i ON i.id = r.import_id WHERE r.outcome = 'accepted' AND r.id > :last"
            " ORDER BY r.id LIMIT :batch"
        ),
    )
    write = sa.text("UPDATE legacy_row SET about = :about WHERE id = :id")
    while rows := op.get_bind().execute(read, {"last": last, "batch": BATCH}).all():
        op.get_bind().execute(write, [{"id": row.id, "about": _digest(row[1:])} for row in rows])
        last = rows[-1].id


def _digest(parts: Iterable[object]) -> str:
    return hashlib.sha256(SEPARATOR.join(map(str, parts)).encode()).hexdigest()[:32]
