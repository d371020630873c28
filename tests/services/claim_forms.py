"""A form that breaks no rule, and the day on which it is filled in."""

from datetime import UTC, date, datetime

from db.claims import ActivityType, Category
from services.claim_form import ClaimForm

TODAY = datetime(2026, 6, 15, 2, tzinfo=UTC)
FORM = ClaimForm(
    year=2026,
    category=Category.PROFESSIONAL,
    activity_type=ActivityType.TRAINING,
    title="桥梁检测新技术培训",
    organiser="晴川继续教育中心",
    place="广州",
    start_on=date(2026, 5, 11),
    end_on=date(2026, 5, 12),
    hours_claimed=16,
)
