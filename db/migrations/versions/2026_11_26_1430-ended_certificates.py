"""When and why a certificate no longer stands, coded; a supervisor can revoke it, and its holder is told."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, MOMENT

revision = "9b60d27fe813"
down_revision = "c41e7a92d5b8"

REASONS = ("hours_taken_back", "wrong_content", "not_entitled", "deceit", "misused", "other")
OLD_REASON = "签发后有学时被撤销，年度学时已经变更。"
RULES = {
    "ended_at_some_time": "(status = 'issued') = (ended_at IS NULL)",
    "ended_for_a_reason": "(status = 'issued') = (ended_for IS NULL)",
    "revoked_by_somebody": "(ended_for IS NULL OR ended_for = 'hours_taken_back') = (revoked_by_id IS NULL)",
    "only_revoked_by_hand": "revoked_by_id IS NULL OR status = 'revoked'",
}
CODES = "ck_certificate_ended_for_invalidityreason"
ACCOUNT = "fk_certificate_revoked_by_id"
# Until now only hours that were taken back could end a certificate, and the log says when.
ENDED = """
UPDATE certificate SET ended_for = 'hours_taken_back', ended_at = coalesce(
    (SELECT max(event.at) FROM event WHERE event.object_type = 'certificate' AND event.object_id = certificate.id
        AND event.action IN ('certificate_superseded', 'certificate_revoked')),
    issued_at)
WHERE status <> 'issued'
"""


def upgrade() -> None:
    with op.batch_alter_table("certificate") as certificate:
        certificate.add_column(sa.Column("ended_at", MOMENT))
        certificate.add_column(sa.Column("ended_for", sa.String(32)))
        certificate.add_column(sa.Column("opinion", sa.String(500), nullable=False, server_default=""))
        certificate.add_column(sa.Column("revoked_by_id", BIG_ID))
        certificate.add_column(sa.Column("news_at", MOMENT))
        certificate.create_foreign_key(op.f(ACCOUNT), "account", ["revoked_by_id"], ["id"])
    op.execute(ENDED)
    with op.batch_alter_table("certificate") as certificate:
        certificate.alter_column("opinion", server_default=None)
        certificate.drop_column("reason")
        certificate.create_check_constraint(op.f(CODES), sa.column("ended_for").in_(REASONS))
        for name, rule in RULES.items():
            certificate.create_check_constraint(op.f(f"ck_certificate_{name}"), rule)


def downgrade() -> None:
    with op.batch_alter_table("certificate") as certificate:
        for name in (CODES, *(f"ck_certificate_{rule}" for rule in RULES)):
            certificate.drop_constraint(op.f(name), type_="check")
        certificate.drop_constraint(op.f(ACCOUNT), type_="foreignkey")
        certificate.add_column(sa.Column("reason", sa.String(500), nullable=False, server_default=""))
    rows = sa.table("certificate", sa.column("reason"), sa.column("ended_for"))
    op.execute(rows.update().where(rows.c.ended_for.is_not(None)).values(reason=OLD_REASON))
    with op.batch_alter_table("certificate") as certificate:
        certificate.alter_column("reason", server_default=None)
        for column in ("news_at", "revoked_by_id", "opinion", "ended_for", "ended_at"):
            certificate.drop_column(column)
