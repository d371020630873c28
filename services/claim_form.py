"""What a claim must say before it can be kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from datetime import date
from decimal import Decimal
from typing import TypeVar

from db.activity_rules import ActivityRule
from db.claims import ActivityType, Category, Claim
from db.statistics import ClaimYear
from services import claim_details, fields
from services.clock import today
from services.conversion import CONVERTED
from services.errors import N_, InvalidField

YEAR = N_("年度")
CATEGORY = N_("学时类别")
ACTIVITY = N_("活动类型")
TITLE = N_("活动名称")
ORGANISER = N_("主办单位")
PLACE = N_("地点")
END = N_("结束日期")
START = N_("开始日期")
HOURS = N_("申报学时")
CERTIFICATE_NUMBER = N_("证书编号")
# The others are proved by something that has no number.
WITH_CERTIFICATE = frozenset(ActivityType) - {
    ActivityType.PAPER,
    ActivityType.BOOK,
    ActivityType.PROJECT,
    ActivityType.SELF_STUDY,
    ActivityType.OTHER,
}

Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class ClaimForm:
    """The fields of a claim as its owner typed them; None is what he left out.

    `details` are the answers to what the rule of the activity asks, by the codes of `DetailField`.
    """

    year: int | None
    category: Category | None
    activity_type: ActivityType | None
    title: str
    organiser: str
    place: str
    start_on: date | None
    end_on: date | None
    hours_claimed: Decimal | float | str
    certificate_number: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


def form_of(claim: Claim) -> ClaimForm:
    """What a kept claim says, in order to change it."""
    return ClaimForm(**{each.name: getattr(claim, each.name) for each in dataclass_fields(ClaimForm)})


def given(label: str, value: Given | None) -> Given:
    """Raises InvalidField for what was left out."""
    if value is None:
        raise InvalidField(label, N_("请填写。"))
    return value


def checked(form: ClaimForm, window: ClaimYear, rule: ActivityRule | None) -> dict[str, object]:
    """The columns of a claim whose fields are valid, each by itself. Raises InvalidField."""
    fields.refuse_blanks({**needed(form), **claim_details.named(rule, form.details)})
    columns: dict[str, object] = {
        "year": given(YEAR, form.year),
        "category": Category(given(CATEGORY, form.category)),
        "activity_type": ActivityType(given(ACTIVITY, form.activity_type)),
        "title": fields.required_text(TITLE, form.title),
        "organiser": fields.required_text(ORGANISER, form.organiser),
        "place": fields.optional_text(PLACE, form.place),
        "certificate_number": fields.optional_text(CERTIFICATE_NUMBER, form.certificate_number),
        "activity_rule_id": rule.id if rule else None,
        "details": claim_details.checked(rule, form.details),
    }
    start, end = given(START, form.start_on), given(END, form.end_on)
    if rule is not None and rule.unit in CONVERTED:
        start = end  # the day of a paper, a patent, an award
    hours = fields.hours(HOURS, form.hours_claimed)
    check_dates(start, end, window)
    return {**columns, "start_on": start, "end_on": end, "hours_claimed": hours}


def needed(form: ClaimForm) -> dict[str, object]:
    """What every claim must say, by the labels of the fields."""
    return {
        YEAR: form.year,
        CATEGORY: form.category,
        ACTIVITY: form.activity_type,
        TITLE: form.title,
        ORGANISER: form.organiser,
        START: form.start_on,
        END: form.end_on,
        HOURS: form.hours_claimed,
    }


def check_dates(start: date, end: date, window: ClaimYear) -> None:
    """Learning lies in its year, or after it while the window is open, and is over. Raises InvalidField."""
    if start > end:
        raise InvalidField(END, N_("不能早于开始日期。"))
    if end > today():
        raise InvalidField(END, N_("不能晚于今天，学习结束后才能申报。"))
    first = date(window.year, 1, 1)
    if start < first:
        raise InvalidField(START, N_("不能早于该年度的开始日期 %(first)s。"), first=first)
