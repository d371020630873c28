"""Rules of the types of activity in editions, claims with fields of their own, windows that can be changed."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, HOURS, JSON, MOMENT, one_of

revision = "f62110fc46cb"
down_revision = "6ab04e95d21f"

COUNTS_ON = {"sqlite_autoincrement": True}  # is not read from the table that is copied
ACTIVITIES = (
    "training",
    "conference",
    "lecture",
    "paper",
    "book",
    "patent",
    "project",
    "award",
    "exam",
    "degree",
    "teaching",
    "practice",
    "self_study",
    "service",
    "other",
)
UNITS = ("clock", "day", "item", "thousand_characters", "ten_thousand_characters")
DETAILS = (
    "publisher",
    "subject",
    "number",
    "level",
    "rank",
    "patent_kind",
    "project_role",
    "prize",
    "items",
    "characters",
)
YEAR_CHECKS = {
    "closes_after_it_opens": "claim_from <= claim_to",
    "a_day_has_24_hours": "hours_per_day BETWEEN 1 AND 240",
}
FIRST_YEAR = 2010
MADE_AT = datetime(2026, 11, 26, tzinfo=UTC)
BASIS = "示例：参照各省公开的学时折算标准编写，非广东省官方标准，请主管部门按正式文件修改。"
BY_LEVEL: dict[str, Any] = {"graded_by": "level", "grades": {"national": "40", "provincial": "30", "city": "20"}}
PATENTS = {"invention": "30", "utility": "15", "design": "10"}
# Guangdong's own table is not known. Of these only the 18 hours of a provincial paper were ever its rule.
EXAMPLES: dict[str, dict[str, Any]] = {
    "training": {"evidence": "培训通知\n结业证书或学时证明\n单位证明"},
    "conference": {"asks": ["level"], "evidence": "会议通知\n单位证明\n宣读论文或作报告的证明（如有）"},
    "lecture": {"evidence": "讲座通知\n参加证明或签到记录"},
    "paper": {
        "unit": "item",
        "rate": 18,
        "graded_by": "level",
        "grades": {"national": "24", "city": "9"},
        "most_per_year": 36,
        "asks": ["publisher", "level", "rank"],
        "evidence": "期刊封面\n目录页\n论文正文",
    },
    "book": {
        "unit": "ten_thousand_characters",
        "rate": 5,
        "most_per_item": 60,
        "most_per_year": 60,
        "asks": ["publisher", "rank", "characters"],
        "evidence": "封面\n版权页\n目录",
    },
    "patent": {
        "unit": "item",
        "rate": 10,
        "graded_by": "patent_kind",
        "grades": PATENTS,
        "most_per_year": 60,
        "asks": ["rank", "patent_kind"],
        "evidence": "专利证书",
    },
    "project": {
        "unit": "item",
        "rate": 20,
        **BY_LEVEL,
        "most_per_year": 60,
        "asks": ["number", "level", "project_role"],
        "evidence": "参加国家级、省级等项目的证明",
    },
    "award": {
        "unit": "item",
        "rate": 20,
        **BY_LEVEL,
        "most_per_year": 60,
        "asks": ["level", "rank", "prize"],
        "evidence": "获奖证书",
    },
    "exam": {
        "unit": "item",
        "rate": 30,
        "most_per_year": 60,
        "asks": ["subject", "items"],
        "evidence": "职业资格证书或成绩单",
    },
    "degree": {
        "unit": "item",
        "rate": 15,
        "most_per_year": 60,
        "asks": ["subject", "items"],
        "evidence": "本年度成绩单\n进修的，另附派出证明和接收单位的鉴定",
    },
    "teaching": {"most_per_year": 60, "evidence": "授课通知或聘书\n课程安排\n单位证明"},
    "practice": {"most_per_year": 60, "evidence": "派出文件\n接收单位的鉴定"},
    "self_study": {"most_per_item": 10, "most_per_year": 20, "evidence": "读书报告或学习总结\n单位证明"},
    "service": {"unit": "day", "rate": 4, "most_per_year": 40, "evidence": "派出文件\n年度考核或接收单位证明"},
    "other": {"most_per_year": 20, "evidence": "证明材料\n单位证明"},
}


def upgrade() -> None:
    _create_table()
    _insert_examples()
    with op.batch_alter_table("claim", table_kwargs=COUNTS_ON) as claim:
        claim.add_column(sa.Column("activity_rule_id", BIG_ID))
        claim.add_column(sa.Column("details", JSON, nullable=False, server_default=sa.text("'{}'")))
        claim.create_foreign_key(op.f("fk_claim_activity_rule_id"), "activity_rule", ["activity_rule_id"], ["id"])
    with op.batch_alter_table("claim", table_kwargs=COUNTS_ON) as claim:
        claim.alter_column("details", server_default=None)
    with op.batch_alter_table("claim_year") as year:
        year.add_column(sa.Column("version", BIG_ID, nullable=False, server_default="1"))
        for name, condition in YEAR_CHECKS.items():
            year.create_check_constraint(op.f(f"ck_claim_year_{name}"), condition)
    with op.batch_alter_table("claim_year") as year:
        year.alter_column("version", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("claim_year") as year:
        for name in YEAR_CHECKS:
            year.drop_constraint(op.f(f"ck_claim_year_{name}"), type_="check")
        year.drop_column("version")
    with op.batch_alter_table("claim", table_kwargs=COUNTS_ON) as claim:
        claim.drop_constraint(op.f("fk_claim_activity_rule_id"), type_="foreignkey")
        claim.drop_column("details")
        claim.drop_column("activity_rule_id")
    op.drop_table("activity_rule")


def _create_table() -> None:
    op.create_table(
        "activity_rule",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("activity_type", one_of("activitytype", *ACTIVITIES), nullable=False),
        sa.Column("edition", BIG_ID, nullable=False),
        sa.Column("from_year", BIG_ID, nullable=False),
        sa.Column("unit", one_of("unit", *UNITS), nullable=False),
        sa.Column("rate", HOURS, nullable=True),
        sa.Column("graded_by", one_of("detailfield", *DETAILS), nullable=True),
        sa.Column("grades", JSON, nullable=False),
        sa.Column("most_per_item", HOURS, nullable=True),
        sa.Column("most_per_year", HOURS, nullable=True),
        sa.Column("asks", JSON, nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("basis", sa.String(length=500), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by_id", BIG_ID, nullable=True),
        sa.Column("made_by_name", sa.String(length=100), nullable=False),
        sa.CheckConstraint("(unit = 'clock') = (rate IS NULL)", name=op.f("ck_activity_rule_the_clock_has_no_rate")),
        sa.CheckConstraint("rate > 0", name=op.f("ck_activity_rule_rate_is_positive")),
        sa.CheckConstraint("most_per_item > 0", name=op.f("ck_activity_rule_item_cap_is_positive")),
        sa.CheckConstraint("most_per_year > 0", name=op.f("ck_activity_rule_yearly_cap_is_positive")),
        sa.CheckConstraint("edition > 0", name=op.f("ck_activity_rule_editions_are_counted")),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_activity_rule_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_rule")),
        sa.UniqueConstraint("activity_type", "edition", name=op.f("uq_activity_rule_activity_type_edition")),
    )


def _insert_examples() -> None:
    """Hours are stored as tenths; those of the grades are written as people write them."""
    types: dict[str, Any] = {"grades": JSON, "asks": JSON, "made_at": MOMENT, "is_example": sa.Boolean()}
    rows = [_example(activity, said) for activity, said in EXAMPLES.items()]
    columns = [sa.column(name, types.get(name)) for name in rows[0]]
    op.bulk_insert(sa.table("activity_rule", *columns), rows)


def _example(activity: str, said: dict[str, Any]) -> dict[str, Any]:
    hours = {name: said[name] * 10 if name in said else None for name in ("rate", "most_per_item", "most_per_year")}
    return {
        "activity_type": activity,
        "edition": 1,
        "from_year": FIRST_YEAR,
        "unit": "clock",
        "graded_by": None,
        "grades": {},
        "asks": [],
        "basis": BASIS,
        "is_example": True,
        "made_at": MADE_AT,
        "made_by_name": "系统",
        **said,
        **hours,
    }
