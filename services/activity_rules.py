"""Which rule holds for a type of activity in a year, and how a new edition of it is made."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db.activity_rules import ActivityRule, DetailField, Unit
from db.claims import ActivityType
from db.locks import hold
from services import claim_details, fields, requirements, rulemaking
from services.clock import now
from services.conversion import CHARACTERS
from services.errors import N_, InvalidField, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, require
from services.rules import plain

FROM_YEAR = N_("自哪个年度起执行")
RATE = N_("每单位学时")
MOST_PER_ITEM = N_("每条记录最多学时")
MOST_PER_YEAR = N_("每年最多学时")
EVIDENCE = N_("需要的证明材料")
BASIS = N_("依据")

Hours = Decimal | float | str | None


@dataclass(frozen=True, slots=True)
class RuleForm:
    """A rule as the supervisor typed it; None is what he left out."""

    from_year: int | None
    unit: Unit
    rate: Hours
    graded_by: DetailField | None
    grades: Mapping[str, Hours]
    most_per_item: Hours
    most_per_year: Hours
    asks: Collection[DetailField]
    evidence: str
    basis: str
    is_example: bool = False


def in_force(session: Session, years: Collection[int]) -> dict[tuple[int, ActivityType], ActivityRule]:
    """The rules by year and type. Of the editions that have begun by a year the newest beginning holds."""
    begun = select(ActivityRule).where(ActivityRule.from_year <= max(years, default=0))
    rules = session.scalars(begun.order_by(ActivityRule.from_year, ActivityRule.edition)).all()
    return {(year, rule.activity_type): rule for rule in rules for year in years if rule.from_year <= year}


def list_in_force(session: Session, actor: Actor, year: int) -> Sequence[ActivityRule]:
    """What holds in a year, in the order of the types."""
    require(actor, Permission.RULES_EDIT)
    by_type = {activity: rule for (_, activity), rule in in_force(session, [year]).items()}
    return [by_type[activity] for activity in ActivityType if activity in by_type]


def opened(session: Session, actor: Actor, rules: Sequence[ActivityRule], named: int | None) -> ActivityRule | None:
    """Of the rules in force the one of the same type as the named edition, whichever that is; else the first."""
    require(actor, Permission.RULES_EDIT)
    edition = session.get(ActivityRule, named) if named is not None else None
    same = (rule for rule in rules if edition is not None and rule.activity_type is edition.activity_type)
    return next(same, rules[0] if rules else None)


def find(session: Session, year: int, activity_type: ActivityType) -> ActivityRule | None:
    """The rule that holds in a year; without one only days and hours count."""
    begun = _editions(activity_type).where(ActivityRule.from_year <= year)
    newest_first = begun.order_by(ActivityRule.from_year.desc(), ActivityRule.edition.desc())
    return session.scalars(newest_first.limit(1)).one_or_none()


def _editions(activity_type: ActivityType) -> Select[ActivityRule]:
    return select(ActivityRule).where(ActivityRule.activity_type == activity_type)


def form_of(rule: ActivityRule) -> RuleForm:
    """What an edition says, in order to make the next one; its reasons are its own."""
    return RuleForm(
        from_year=None,
        unit=rule.unit,
        rate=rule.rate,
        graded_by=rule.graded_by,
        grades=rule.grades,
        most_per_item=rule.most_per_item,
        most_per_year=rule.most_per_year,
        asks=[DetailField(field) for field in rule.asks],
        evidence=rule.evidence,
        basis="",
    )


def history(session: Session, actor: Actor, activity_type: ActivityType) -> Sequence[ActivityRule]:
    """All editions, newest first."""
    require(actor, Permission.RULES_EDIT)
    return session.scalars(_editions(activity_type).order_by(ActivityRule.edition.desc())).all()


def issue(session: Session, actor: Actor, activity_type: ActivityType, form: RuleForm, *, seen: int) -> ActivityRule:
    """A new edition that holds from a year on; `seen` is the newest edition that the form was filled from.

    Claims that were sent keep the edition they were sent under. Raises PermissionDenied, NotTopmost, InvalidField,
    WrongStatus.
    """
    rulemaking.check(session, actor)
    hold(session, f"activity rule {activity_type}")
    newest = session.scalar(select(func.max(ActivityRule.edition)).where(ActivityRule.activity_type == activity_type))
    if (newest or 0) != seen:
        raise WrongStatus
    columns = _checked(session, form)
    before = find(session, form.from_year or 0, activity_type)
    rule = ActivityRule(
        activity_type=activity_type,
        edition=seen + 1,
        made_at=now(),
        made_by_id=actor.account_id,
        made_by_name=actor.name,
        **columns,
    )
    session.add(rule)
    session.flush()
    record(session, actor, "rule_issue", rule, before=_said(before) if before else None, after=_said(rule))
    return rule


def _checked(session: Session, form: RuleForm) -> dict[str, object]:
    counts = form.unit is not Unit.CLOCK
    fields.refuse_blanks({FROM_YEAR: form.from_year, **({RATE: form.rate} if counts else {}), BASIS: form.basis})
    year = requirements.claim_year(session, form.from_year or 0)
    return {
        "from_year": year.year,
        "unit": form.unit,
        "rate": fields.hours(RATE, form.rate or 0) if counts else None,
        "graded_by": form.graded_by if counts else None,
        "grades": _grades(form) if counts else {},
        "most_per_item": _optional(MOST_PER_ITEM, form.most_per_item),
        "most_per_year": _optional(MOST_PER_YEAR, form.most_per_year),
        "asks": _asks(form) if counts else _in_order(form.asks),
        "evidence": fields.optional_text(EVIDENCE, form.evidence, fields.LONGEST_TEXT),
        "basis": fields.required_text(BASIS, form.basis, fields.LONGEST_TEXT),
        "is_example": form.is_example,
    }


def _optional(field: str, hours: Hours) -> Decimal | None:
    return None if hours is None or not str(hours).strip() else fields.hours(field, hours)


def _grades(form: RuleForm) -> dict[str, str]:
    """Rates of their own; grades without one have the rate of all."""
    if form.graded_by is None:
        return {}
    if form.graded_by not in claim_details.CHOICES:
        raise InvalidField(claim_details.NAMES[form.graded_by], N_("请从列表中选择。"))
    offered = claim_details.CHOICES[form.graded_by]
    own = {grade: _optional(claim_details.NAMES[form.graded_by], form.grades.get(grade)) for grade in offered}
    return {grade: plain(rate) for grade, rate in own.items() if rate is not None}


def _asks(form: RuleForm) -> list[str]:
    """What the arithmetic needs is asked for in any case."""
    needed = {form.graded_by} if form.graded_by else set()
    return _in_order({*form.asks, *needed, *({DetailField.CHARACTERS} if form.unit in CHARACTERS else ())})


def _in_order(asks: Collection[DetailField]) -> list[str]:
    return [field for field in DetailField if field in asks]


def _said(rule: ActivityRule) -> dict[str, object]:
    caps = {name: getattr(rule, name) for name in ("rate", "most_per_item", "most_per_year")}
    return {
        **{name: None if hours is None else str(hours) for name, hours in caps.items()},
        **{name: getattr(rule, name) for name in ("edition", "from_year", "unit", "graded_by", "grades", "asks")},
        "activity_type": rule.activity_type,
        "basis": rule.basis,
        "is_example": rule.is_example,
    }
