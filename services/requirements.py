"""What each year asks for and when its hours may be declared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.requirements import EditionStatus, RequirementEdition
from db.statistics import ClaimYear
from services import asked_hours, fields, rulemaking
from services.asked_hours import Rules
from services.clock import today
from services.errors import N_, DomainError, InvalidField, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, require

CLAIM_FROM = N_("申报开始日期")
CLAIM_TO = N_("申报截止日期")
HOURS_PER_DAY = N_("每天最多学时")
REASON = N_("修改原因")
MOST_PER_DAY = 24
# For everybody: a rule for some alone makes no year.
IN_FORCE = (
    RequirementEdition.status == EditionStatus.IN_FORCE,
    RequirementEdition.title_series.is_(None),
    RequirementEdition.division.is_(None),
)


class NoRequirement(DomainError):
    message = N_("%(year)s 年度没有规定学时要求，不能申报。请选择其他年度。")


class WindowClosed(DomainError):
    message = N_("%(year)s 年度的申报时间为 %(claim_from)s 至 %(claim_to)s，现在不能申报。")


def rules_of(session: Session, year: int) -> Rules:
    """What the year asks of whom today. Raises NoRequirement for a year without a rule."""
    rules = asked_hours.of_year(session, year, today())
    if not rules.complete:
        raise NoRequirement(year=year)
    return rules


def list_years(session: Session) -> Sequence[int]:
    """The years up to this one that ask for hours, newest first."""
    asking = select(RequirementEdition.year).where(*IN_FORCE, RequirementEdition.year <= today().year)
    return session.scalars(asking.distinct().order_by(RequirementEdition.year.desc())).all()


def claim_year(session: Session, year: int) -> ClaimYear:
    """Raises NoRequirement for a year that nobody has set up."""
    found = session.get(ClaimYear, year)
    if found is None:
        raise NoRequirement(year=year)
    return found


def open_claim_year(session: Session, year: int) -> ClaimYear:
    """The year's window when it is open today. Raises NoRequirement or WindowClosed."""
    if not session.scalar(select(func.count()).where(*IN_FORCE, RequirementEdition.year == year)):
        raise NoRequirement(year=year)
    found = claim_year(session, year)
    if not is_open(found):
        raise WindowClosed(year=year, claim_from=found.claim_from, claim_to=found.claim_to)
    return found


def is_open(year: ClaimYear) -> bool:
    return year.claim_from <= today() <= year.claim_to


def list_open_years(session: Session) -> Sequence[ClaimYear]:
    """The years for which hours can be declared today, newest first."""
    open_today = select(ClaimYear).where(ClaimYear.claim_from <= today(), ClaimYear.claim_to >= today())
    return session.scalars(open_today.order_by(ClaimYear.year.desc())).all()


def list_windows(session: Session, actor: Actor) -> Sequence[ClaimYear]:
    """All years with their windows, newest first."""
    require(actor, Permission.RULES_EDIT)
    return session.scalars(select(ClaimYear).order_by(ClaimYear.year.desc())).all()


@dataclass(frozen=True, slots=True)
class WindowForm:
    """The window of a year as the supervisor typed it."""

    claim_from: date | None
    claim_to: date | None
    hours_per_day: Decimal | float | str | None
    reason: str


def change_window(session: Session, actor: Actor, year: int, form: WindowForm, *, seen: int) -> ClaimYear:
    """What is waiting or decided stays as it is; what is still to be sent is bound by the new window.

    Raises PermissionDenied, NotTopmost, InvalidField, WrongStatus.
    """
    rulemaking.check(session, actor)
    window = claim_year(session, year)
    if window.version != seen:
        raise WrongStatus
    columns = _checked_window(year, form)
    before = {name: str(getattr(window, name)) for name in columns}
    for name, value in columns.items():
        setattr(window, name, value)
    after = {name: str(value) for name, value in columns.items()}
    reason = fields.required_text(REASON, form.reason, fields.LONGEST_TEXT)
    record(session, actor, "window_change", window, before={"year": year, **before}, after={**after, "reason": reason})
    return window


def _checked_window(year: int, form: WindowForm) -> dict[str, object]:
    given = {CLAIM_FROM: form.claim_from, CLAIM_TO: form.claim_to, HOURS_PER_DAY: form.hours_per_day}
    fields.refuse_blanks({**given, REASON: form.reason})
    opens, closes = form.claim_from or date.max, form.claim_to or date.min
    if opens < date(year, 1, 1):
        raise InvalidField(CLAIM_FROM, N_("不能早于该年度的 1 月 1 日。"))
    if closes < opens:
        raise InvalidField(CLAIM_TO, N_("不能早于申报开始日期。"))
    hours = fields.hours(HOURS_PER_DAY, form.hours_per_day or 0)
    if hours > MOST_PER_DAY:
        raise InvalidField(HOURS_PER_DAY, N_("不能超过 %(most)s 学时。"), most=MOST_PER_DAY)
    return {"claim_from": opens, "claim_to": closes, "hours_per_day": hours}
