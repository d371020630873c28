"""Exemptions: by how much the requirement of a person and year is reduced, with the files that prove why.

A certificate that rests on one ends with it.
"""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, HOURS, MOMENT, one_of

revision = "3f8c1e60b7a4"
down_revision = "7d0e5b9a1c64"

NAME, TEXT, DIGEST = sa.String(length=100), sa.String(length=500), sa.String(length=64)
STATUS = one_of("exemptionstatus", "requested", "granted", "declined", "withdrawn", "replaced", "revoked")
REASON = one_of("exemptionreason", "maternity", "illness", "posting", "study", "part_year", "other")
CHECKS = {
    "general_is_a_part_or_the_whole": "general BETWEEN 0 AND 10000",
    "professional_is_a_part_or_the_whole": "professional BETWEEN 0 AND 10000",
    "elective_is_a_part_or_the_whole": "elective BETWEEN 0 AND 10000",
    "reduces_something": "general + professional + elective > 0",
    "decided_at_some_time": "(status IN ('requested', 'withdrawn')) = (decided_at IS NULL)",
    "decided_by_somebody": "(decided_at IS NULL) = (decided_by_id IS NULL)",
    "decided_by_another": "decided_by_id <> requested_by_id",
    "declined_with_a_reason": "status <> 'declined' OR opinion <> ''",
    "ended_at_some_time": "(status IN ('replaced', 'revoked')) = (ended_at IS NOT NULL)",
    "ended_by_somebody": "(ended_at IS NULL) = (ended_by_id IS NULL)",
    "ended_after_it_began": "ended_at >= decided_at",
    "revoked_with_a_reason": "status <> 'revoked' OR ended_because <> ''",
}
REFERENCES = {
    "person_id": "person.id",
    "employer_id": "organisation.id",
    "requested_by_id": "account.id",
    "decided_by_id": "account.id",
    "ended_by_id": "account.id",
}


CODES, BY_SOMEBODY = "ck_certificate_ended_for_invalidityreason", "ck_certificate_revoked_by_somebody"
BY_HAND = ("wrong_content", "not_entitled", "deceit", "misused", "other")


def upgrade() -> None:
    _end_certificates_by_themselves_for("hours_taken_back", "exemption_revoked")
    op.create_table(
        "exemption",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("employer_id", BIG_ID, nullable=False),
        sa.Column("year", BIG_ID, nullable=False),
        sa.Column("status", STATUS, nullable=False),
        sa.Column("reason", REASON, nullable=False),
        sa.Column("explanation", TEXT, nullable=False),
        sa.Column("general", HOURS, nullable=False),
        sa.Column("professional", HOURS, nullable=False),
        sa.Column("elective", HOURS, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("requested_by_id", BIG_ID, nullable=False),
        sa.Column("requested_by_name", NAME, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", BIG_ID, nullable=True),
        sa.Column("decided_by_name", NAME, nullable=False),
        sa.Column("opinion", TEXT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by_id", BIG_ID, nullable=True),
        sa.Column("ended_by_name", NAME, nullable=False),
        sa.Column("ended_because", TEXT, nullable=False),
        sa.Column("news_at", MOMENT, nullable=True),
        sa.Column("version", BIG_ID, nullable=False),
        *(sa.CheckConstraint(check, name=op.f(f"ck_exemption_{name}")) for name, check in CHECKS.items()),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_exemption_{column}"))
            for column, target in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_exemption_person_id", "exemption", ["person_id", "year"])
    op.create_index("ix_exemption_queue", "exemption", ["employer_id", "status", "id"])
    for name in ("requested", "granted"):
        only = sa.text(f"status = '{name}'")
        op.create_index(
            f"uq_exemption_one_{name}",
            "exemption",
            ["person_id", "year"],
            unique=True,
            sqlite_where=only,
            postgresql_where=only,
        )
    op.create_table(
        "exemption_file",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("exemption_id", BIG_ID, nullable=False),
        sa.Column("file_name", NAME, nullable=False),
        sa.Column("media_type", sa.String(length=50), nullable=False),
        sa.Column("size", BIG_ID, nullable=False),
        sa.Column("sha256", DIGEST, nullable=False),
        sa.Column("original_sha256", DIGEST, nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["exemption_id"], ["exemption.id"], name=op.f("fk_exemption_file_exemption_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption_file")),
        sa.UniqueConstraint(
            "exemption_id", "original_sha256", name=op.f("uq_exemption_file_exemption_id_original_sha256")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_exemption_file_original_sha256", "exemption_file", ["original_sha256"])
    op.create_index("ix_exemption_file_sha256", "exemption_file", ["sha256"])


def _end_certificates_by_themselves_for(*reasons: str) -> None:
    by_itself = ", ".join(f"'{reason}'" for reason in reasons)
    rule = f"(ended_for IS NULL OR ended_for IN ({by_itself})) = (revoked_by_id IS NULL)"
    with op.batch_alter_table("certificate") as certificate:
        certificate.drop_constraint(op.f(CODES), type_="check")
        certificate.drop_constraint(op.f(BY_SOMEBODY), type_="check")
        certificate.create_check_constraint(op.f(CODES), sa.column("ended_for").in_((*reasons, *BY_HAND)))
        certificate.create_check_constraint(op.f(BY_SOMEBODY), rule)


def downgrade() -> None:
    op.execute("UPDATE certificate SET ended_for = 'hours_taken_back' WHERE ended_for = 'exemption_revoked'")
    _end_certificates_by_themselves_for("hours_taken_back")
    op.drop_table("exemption_file")
    op.drop_table("exemption")
