"""What a claim must say before it can be kept."""

from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from datetime import date
from decimal import Decimal
from typing import TypeVar

from db.claims import ActivityType, Category, Claim
from db.statistics import ClaimYear
from services import fields, rules
from services.clock import today
from services.errors import N_, DomainError, InvalidField

YEAR = N_("年度")
CATEGORY = N_("学时类别")
ACTIVITY = N_("活动类型")
TITLE = N_("活动名称")
ORGANISER = N_("主办单位")
PLACE = N_("地点")
END = N_("结束日期")
START = N_("开始日期")
HOURS = N_("申报学时")

Given = TypeVar("Given")


class MoreThanDaysHold(DomainError):
    message = N_(
        "%(days)s 天 × 每天最多 %(per_day)s 学时 = %(cap)s 学时，申报的 %(hours)s 学时超出了。请核对日期或学时。"
    )


@dataclass(frozen=True, slots=True)
class ClaimForm:
    """The fields of a claim as its owner typed them; None is what he left out."""

    year: int | None
    category: Category | None
    activity_type: ActivityType | None
    title: str
    organiser: str
    place: str
    start_on: date | None
    end_on: date | None
    hours_claimed: Decimal | float | str


def form_of(claim: Claim) -> ClaimForm:
    """What a kept claim says, in order to change it."""
    return ClaimForm(**{field.name: getattr(claim, field.name) for field in dataclass_fields(ClaimForm)})


def given(field: str, value: Given | None) -> Given:
    """Raises InvalidField for what was left out."""
    if value is None:
        raise InvalidField(field, N_("请填写。"))
    return value


def checked(form: ClaimForm, window: ClaimYear) -> dict[str, object]:
    """The columns of a valid claim. Raises InvalidField or MoreThanDaysHold."""
    fields.refuse_blanks(_needed(form))
    columns: dict[str, object] = {
        "year": given(YEAR, form.year),
        "category": Category(given(CATEGORY, form.category)),
        "activity_type": ActivityType(given(ACTIVITY, form.activity_type)),
        "title": fields.required_text(TITLE, form.title),
        "organiser": fields.required_text(ORGANISER, form.organiser),
        "place": fields.optional_text(PLACE, form.place),
    }
    start, end = given(START, form.start_on), given(END, form.end_on)
    hours = fields.hours(HOURS, form.hours_claimed)
    check_dates(start, end, window)
    check_day_cap(start, end, hours, window)
    return {**columns, "start_on": start, "end_on": end, "hours_claimed": hours}


def _needed(form: ClaimForm) -> dict[str, object]:
    return {
        CATEGORY: form.category,
        ACTIVITY: form.activity_type,
        TITLE: form.title,
        ORGANISER: form.organiser,
        START: form.start_on,
        END: form.end_on,
        HOURS: form.hours_claimed,
    }


def check_dates(start: date, end: date, window: ClaimYear) -> None:
    """Learning lies inside the year's window and is over. Raises InvalidField."""
    if start > end:
        raise InvalidField(END, N_("不能早于开始日期。"))
    if end > today():
        raise InvalidField(END, N_("不能晚于今天，学习结束后才能申报。"))
    if start < window.claim_from:
        raise InvalidField(START, N_("不能早于该年度的开始日期 %(claim_from)s。"), claim_from=window.claim_from)


def check_day_cap(start: date, end: date, hours: Decimal, window: ClaimYear) -> None:
    """Raises MoreThanDaysHold, with the arithmetic."""
    cap = rules.day_cap(start, end, window.hours_per_day)
    if hours > cap:
        per_day = rules.plain(window.hours_per_day)
        figures = {"per_day": per_day, "cap": rules.plain(cap), "hours": rules.plain(hours)}
        raise MoreThanDaysHold(days=rules.days(start, end), **figures)
