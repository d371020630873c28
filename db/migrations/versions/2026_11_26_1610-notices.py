"""Notices on the home pages: for whom and how long, and who has taken note."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, MOMENT, one_of

revision = "7bb8b1738a82"
down_revision = "06dd731c1640"

STATUS = one_of("noticestatus", "draft", "published", "ended", "discarded")
ROLE = one_of("role", "professional", "employer", "provider", "supervisor", "analyst", "administrator")
CHECKS = {
    "ends_after_it_begins": "show_from <= show_until",
    "published_once": "(status IN ('published', 'ended')) = (published_at IS NOT NULL)",
}


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("show_from", sa.Date(), nullable=False),
        sa.Column("show_until", sa.Date(), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=True),
        sa.Column("status", STATUS, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("version", BIG_ID, nullable=False),
        *(sa.CheckConstraint(check, name=op.f(f"ck_notice_{name}")) for name, check in CHECKS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notice_shown", "notice", ["status", "show_until"])
    op.create_table(
        "notice_audience",
        sa.Column("notice_id", BIG_ID, nullable=False),
        sa.Column("role", ROLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_audience_notice_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("notice_id", "role", name=op.f("pk_notice_audience")),
    )
    op.create_table(
        "notice_dismissal",
        sa.Column("notice_id", BIG_ID, nullable=False),
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_dismissal_notice_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_notice_dismissal_account_id")),
        sa.PrimaryKeyConstraint("notice_id", "account_id", name=op.f("pk_notice_dismissal")),
    )
    op.create_index(op.f("ix_notice_dismissal_account_id"), "notice_dismissal", ["account_id"])


def downgrade() -> None:
    op.drop_table("notice_dismissal")
    op.drop_table("notice_audience")
    op.drop_table("notice")
