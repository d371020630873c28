"""How often a certificate was verified, and when last."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, MOMENT

revision = "6cb97d54fda0"
down_revision = "3b520a7434e1"

CHECK = "ck_certificate_checked_at_some_time"


def upgrade() -> None:
    with op.batch_alter_table("certificate") as certificate:
        certificate.add_column(sa.Column("checks", BIG_ID, nullable=False, server_default="0"))
        certificate.add_column(sa.Column("checked_at", MOMENT))
        certificate.create_check_constraint(op.f(CHECK), "(checks = 0) = (checked_at IS NULL)")
    with op.batch_alter_table("certificate") as certificate:
        certificate.alter_column("checks", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("certificate") as certificate:
        certificate.drop_constraint(op.f(CHECK), type_="check")
        certificate.drop_column("checked_at")
        certificate.drop_column("checks")
