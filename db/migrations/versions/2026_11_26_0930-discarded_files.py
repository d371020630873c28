"""Stored files that no row names any more are removed."""

from typing import Literal

import sqlalchemy as sa
from alembic import op

from db.migrations.types import MOMENT

revision = "a60f3c95d17e"
down_revision = "f62110fc46cb"


COUNTS_ON = {"sqlite_autoincrement": True}


def _copied() -> Literal["always", "never"]:
    """SQLite has no other way to let an old table count on."""
    return "always" if op.get_context().dialect.name == "sqlite" else "never"


def upgrade() -> None:
    op.create_table(
        "discarded_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("discarded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_discarded_file")),
    )
    op.create_index("ix_evidence_sha256", "evidence", ["sha256"])
    op.create_index("ix_certificate_pdf_sha256", "certificate", ["pdf_sha256"])
    with op.batch_alter_table("identity_file", recreate=_copied(), table_kwargs=COUNTS_ON) as proof:
        proof.create_index("ix_identity_file_sha256", ["sha256"])
        proof.create_index("ix_identity_file_original_sha256", ["original_sha256"])


def downgrade() -> None:
    with op.batch_alter_table("identity_file", recreate=_copied()) as proof:
        proof.drop_index("ix_identity_file_original_sha256")
        proof.drop_index("ix_identity_file_sha256")
    op.drop_index("ix_certificate_pdf_sha256", table_name="certificate")
    op.drop_index("ix_evidence_sha256", table_name="evidence")
    op.drop_table("discarded_file")
