"""Holding employers, which have no unified social credit code."""

import sqlalchemy as sa
from alembic import op

revision = "8d52f0b93c17"
down_revision = "e4b7d21f90c3"

CHECK = "ck_organisation_holding_ones_employ"
INDEX = "uq_organisation_one_holding"
# A code that no legal person has, one for each division.
FILL = "UPDATE organisation SET uscc = 'HOLDING' || division WHERE uscc IS NULL"


def upgrade() -> None:
    with op.batch_alter_table("organisation") as organisation:
        organisation.alter_column("uscc", existing_type=sa.String(length=18), nullable=True)
        organisation.create_check_constraint(op.f(CHECK), "uscc IS NOT NULL OR kind = 'employer'")
    where = sa.text("uscc IS NULL")
    op.create_index(INDEX, "organisation", ["division"], unique=True, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.execute(FILL)
    with op.batch_alter_table("organisation") as organisation:
        organisation.drop_index(INDEX)
        organisation.drop_constraint(op.f(CHECK), type_="check")
        organisation.alter_column("uscc", existing_type=sa.String(length=18), nullable=False)
