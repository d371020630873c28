"""Organisations that were merged into another one."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from db.migrations.types import BIG_ID

revision = "c41d7a0e93b6"
down_revision = "7c2a90d4e61b"

BEFORE = ("applied", "approved", "returned", "suspended")
CHECKS = {
    "merged_into_another": "(status = 'merged') = (merged_into_id IS NOT NULL)",
    "not_merged_into_itself": "merged_into_id <> id",
}
TARGET = "fk_organisation_merged_into_id"


def upgrade() -> None:
    with op.batch_alter_table("organisation") as organisation:
        organisation.add_column(sa.Column("merged_into_id", BIG_ID))
        organisation.create_foreign_key(op.f(TARGET), "organisation", ["merged_into_id"], ["id"])
        _know_statuses(organisation, *BEFORE, "merged")
        for name, condition in CHECKS.items():
            organisation.create_check_constraint(op.f(f"ck_organisation_{name}"), condition)


def downgrade() -> None:
    with op.batch_alter_table("organisation") as organisation:
        for name in CHECKS:
            organisation.drop_constraint(op.f(f"ck_organisation_{name}"), type_="check")
        _know_statuses(organisation, *BEFORE)
        organisation.drop_constraint(op.f(TARGET), type_="foreignkey")
        organisation.drop_column("merged_into_id")


def _know_statuses(organisation: BatchOperations, *statuses: str) -> None:
    check = op.f("ck_organisation_status_organisationstatus")
    organisation.drop_constraint(check, type_="check")
    organisation.create_check_constraint(check, sa.column("status").in_(statuses))
