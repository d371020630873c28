"""How requirements change: drafted, tried out on everybody, put in force by a topmost supervisor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from db.claims import Category
from db.locks import hold
from db.people import TitleSeries
from db.requirements import EditionStatus, Requirement, RequirementEdition
from services import asked_hours, divisions, fields, requirements, rulemaking
from services.clock import now, today
from services.errors import N_, DomainError, InvalidField, NotFound, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, require
from services.rules import NONE, plain

YEAR = N_("年度")
HOURS = N_("要求学时")
IN_FORCE_ON = N_("自哪天起执行")
BASIS = N_("依据（文件名称和文号，或修改原因）")
DIVISION = N_("行政区划")
LOCK = "requirement editions"

Given = Decimal | float | str | None


class NotTried(DomainError):
    message = N_("请先试算：现行要求可能已经变更，试算后才能看到会影响哪些人员，再决定是否执行。")


@dataclass(frozen=True, slots=True)
class EditionForm:
    """An edition as the supervisor typed it; hours that are left out are those of the wider rule."""

    year: int | None
    hours: Mapping[Category, Given]
    in_force_on: date | None
    basis: str
    title_series: TitleSeries | None = None
    division: str | None = None


def history(session: Session, actor: Actor, year: int) -> Sequence[RequirementEdition]:
    """Every edition of a year that was put in force, the newest first, with its hours."""
    require(actor, Permission.RULES_EDIT)
    put = RequirementEdition.status == EditionStatus.IN_FORCE, RequirementEdition.year == year
    found = select(RequirementEdition).where(*put).options(selectinload(RequirementEdition.requirements))
    return session.scalars(found.order_by(RequirementEdition.edition.desc())).all()


def list_drafts(session: Session, actor: Actor) -> Sequence[RequirementEdition]:
    """Those of all years, the newest first, with their hours."""
    require(actor, Permission.RULES_EDIT)
    drafts = select(RequirementEdition).where(RequirementEdition.status == EditionStatus.DRAFT)
    found = drafts.options(selectinload(RequirementEdition.requirements))
    return session.scalars(found.order_by(RequirementEdition.id.desc())).all()


def get_draft(session: Session, actor: Actor, edition_id: int) -> RequirementEdition:
    """With its hours. Raises PermissionDenied, NotTopmost, NotFound, and WrongStatus once it is decided about."""
    rulemaking.check(session, actor)
    named = select(RequirementEdition).where(RequirementEdition.id == edition_id)
    draft = session.scalar(named.options(selectinload(RequirementEdition.requirements)))
    if draft is None:
        raise NotFound
    if draft.status is not EditionStatus.DRAFT:
        raise WrongStatus
    return draft


def draft(session: Session, actor: Actor, form: EditionForm) -> RequirementEdition:
    """What might be put in force. Raises PermissionDenied, NotTopmost, NoRequirement, InvalidField."""
    rulemaking.check(session, actor)
    fields.refuse_blanks({YEAR: form.year, IN_FORCE_ON: form.in_force_on, BASIS: form.basis})
    window = requirements.claim_year(session, form.year or 0)
    made = RequirementEdition(
        year=window.year,
        title_series=form.title_series,
        division=_division(actor, form),
        in_force_on=_not_in_the_past(form.in_force_on),
        basis=fields.required_text(BASIS, form.basis, fields.LONGEST_TEXT),
        made_at=now(),
        made_by_id=actor.account_id,
        made_by_name=actor.name,
        requirements=_hours(session, form),
    )
    session.add(made)
    session.flush()
    record(session, actor, "requirement_draft", made, after=_said(made))
    return made


def _division(actor: Actor, form: EditionForm) -> str | None:
    if not form.division:
        return None
    supervised = any(divisions.covers(own, form.division) for own in actor.divisions)
    if not divisions.can_be_chosen(form.division) or not supervised:
        raise InvalidField(DIVISION, N_("请从列表中选择。"))
    return form.division


def _not_in_the_past(day: date | None) -> date:
    if day is None or day < today():
        raise InvalidField(IN_FORCE_ON, N_("不能早于今天：已经执行过的要求不能追溯修改。"))
    return day


def _hours(session: Session, form: EditionForm) -> list[Requirement]:
    asked = {category: _asked(form.hours.get(category)) for category in Category}
    if form.title_series is None and not form.division:
        if None in asked.values():
            raise InvalidField(HOURS, N_("通用要求的三类学时都要填写。"))
    elif not asked_hours.of_year(session, form.year or 0, today()).complete:
        raise InvalidField(YEAR, N_("该年度还没有通用要求，请先制定通用要求。"))
    return [Requirement(category=category, hours=hours) for category, hours in asked.items()]


def _asked(given: Given) -> Decimal | None:
    if given is None or not str(given).strip():
        return None
    return NONE if str(given).strip() in {"0", "0.0"} else fields.hours(HOURS, given)


def put_in_force(session: Session, actor: Actor, edition_id: int, *, seen: int) -> RequirementEdition:
    """From its day on the draft holds. Certificates that were issued say what they said.

    Raises PermissionDenied, NotTopmost, NotFound, WrongStatus, InvalidField, and NotTried unless its dry run compared
    it with what is in force.
    """
    hold(session, LOCK)
    chosen = _seen(session, actor, edition_id, seen)
    _not_in_the_past(chosen.in_force_on)
    newest = asked_hours.newest_edition(session)
    if chosen.tried_after != newest:
        raise NotTried
    chosen.status, chosen.edition = EditionStatus.IN_FORCE, newest + 1
    chosen.made_at, chosen.made_by_id, chosen.made_by_name = now(), actor.account_id, actor.name
    tried = {"gaining": chosen.gaining, "losing": chosen.losing}
    record(session, actor, "requirement_issue", chosen, after={**_said(chosen), **tried})
    return chosen


def discard(session: Session, actor: Actor, edition_id: int, *, seen: int) -> None:
    """Raises PermissionDenied, NotTopmost, NotFound, WrongStatus."""
    chosen = _seen(session, actor, edition_id, seen)
    chosen.status = EditionStatus.DISCARDED
    record(session, actor, "requirement_discard", chosen, after=_said(chosen))


def _seen(session: Session, actor: Actor, edition_id: int, seen: int) -> RequirementEdition:
    found = get_draft(session, actor, edition_id)
    if found.version != seen:
        raise WrongStatus
    return found


def _said(edition: RequirementEdition) -> dict[str, object]:
    hours = {each.category.value: None if each.hours is None else plain(each.hours) for each in edition.requirements}
    scope = {"year": edition.year, "title_series": edition.title_series, "division": edition.division}
    of_day = {"edition": edition.edition, "in_force_on": str(edition.in_force_on), "basis": edition.basis}
    return {**scope, **of_day, **hours}
