"""How a year stood at the end of an earlier day: the hours approved by then, under the rules in force then.

An exemption counts from the day on which it was granted until it was revoked.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, not_, or_, select
from sqlalchemy.orm import Session, aliased

from db.accounts import Role
from db.claims import Category, Claim, ClaimStatus, ClaimStep
from db.exemptions import Exemption, ExemptionStatus
from db.organisations import Organisation
from db.people import Binding, BindingStatus, Person, TitleSeries
from db.qualifications import Title
from services import asked_hours, clock, divisions, rules
from services.asked_hours import Rule
from services.claim_access import supervised_by
from services.errors import N_, InvalidField, NotFound
from services.permissions import Actor, Permission, allowed
from services.requirements import NoRequirement
from services.rules import Standing
from services.standing import by_category

DAY = N_("日期")


@dataclass(frozen=True, slots=True)
class YearThen:
    """`rules` are the editions that asked this person for something on the day, the narrowest first."""

    year: int
    day: date
    hours: list[Standing]
    rules: list[Rule]
    employer: str | None

    @property
    def met(self) -> bool:
        return rules.all_met(self.hours)


def on(session: Session, actor: Actor, person_id: int, year: int, day: date) -> YearThen:
    """For the person, the employer and the supervisors of the employer.

    Raises NotFound, InvalidField for a day to come, NoRequirement for a year that asked for nothing then.
    """
    if day > clock.today():
        raise InvalidField(DAY, N_("不能晚于今天。"))
    person = session.scalar(_visible_to(actor).where(Person.id == person_id))
    if person is None:
        raise NotFound
    found = asked_hours.of_year(session, year, day)
    if not found.complete:
        raise NoRequirement(year=year)
    series, employer = _series(session, person, day), _employer(session, person_id, day)
    division = employer.division if employer else None
    approved, exemption = _approved(session, person_id, year, day), _exemption(session, person_id, year, day)
    hours = rules.standings(found.asked(series, division), approved, by_category(exemption))
    return YearThen(year, day, hours, found.of(series, division), employer.name if employer else None)


def _visible_to(actor: Actor) -> Select[Person]:
    """Oneself, the staff of the actor's employers, and those who work in his divisions or have hours from there."""
    staff = Binding.organisation_id.in_(actor.organisation_ids(Role.EMPLOYER))
    below = divisions.within_any(Organisation.division, actor.divisions)
    reads_staff = literal(allowed(actor, Permission.STAFF_PROGRESS)) & staff
    supervises = literal(allowed(actor, Permission.CLAIM_RECOGNISE)) & below
    learned_there = exists().where(Claim.person_id == Person.id, supervised_by(actor))
    tied = (
        select(Binding.person_id)
        .join(Organisation, Organisation.id == Binding.organisation_id)
        .where(Binding.status == BindingStatus.ACTIVE, or_(reads_staff, supervises))
    )
    own = literal(allowed(actor, Permission.CERTIFICATE_PRINT)) & (Person.id == actor.person_id)
    return select(Person).where(or_(own, Person.id.in_(tied), learned_there))


def _approved(session: Session, person_id: int, year: int, day: date) -> dict[Category, Decimal]:
    """Of the claims whose last step until the end of the day was an approval."""
    own = Claim.person_id == person_id, Claim.year == year
    summed = select(Claim.category, func.sum(ClaimStep.hours)).join(Claim, Claim.id == ClaimStep.claim_id)
    counting = summed.where(*own, last_step(day), ClaimStep.to_status == ClaimStatus.APPROVED)
    return {category: hours or rules.NONE for category, hours in session.execute(counting.group_by(Claim.category))}


def last_step(day: date) -> ColumnElement[bool]:
    """Of a claim's step: no other one followed until the end of the day."""
    later = aliased(ClaimStep)
    followed = exists().where(later.claim_id == ClaimStep.claim_id, later.id > ClaimStep.id, later.at < end_of(day))
    return and_(ClaimStep.at < end_of(day), not_(followed))


def end_of(day: date) -> datetime:
    """The first moment that does not belong to the day any more."""
    return clock.midnight(day + timedelta(days=1))


def _exemption(session: Session, person_id: int, year: int, day: date) -> Exemption | None:
    """The one that held at the end of the day."""
    own = Exemption.person_id == person_id, Exemption.year == year
    return session.scalar(select(Exemption).where(*own, held(day)))


def held(day: date, exemption: type[Exemption] = Exemption) -> ColumnElement[bool]:
    """Of an exemption, or an alias of it: it reduced what was asked for at the end of the day."""
    ended = exemption.ended_at.is_(None) | (exemption.ended_at >= end_of(day))
    return and_(exemption.status != ExemptionStatus.DECLINED, exemption.decided_at < end_of(day), ended)


def _series(session: Session, person: Person, day: date) -> TitleSeries | None:
    """Of the title that he had then: the present one, unless he has obtained it since."""
    own = select(Title).where(Title.person_id == person.id)
    present = session.scalar(own.where(Title.is_current))
    if present is None or present.obtained_on is None or present.obtained_on <= day:
        return person.title_series
    earlier = own.where(Title.obtained_on <= day).order_by(Title.obtained_on.desc(), Title.id.desc())
    before = session.scalar(earlier.limit(1))
    return before.series if before else None


def series_on(day: date) -> ColumnElement[TitleSeries | None]:
    """The same as a column of a query over people."""
    own = Title.person_id == Person.id
    since = exists().where(own, Title.is_current, Title.obtained_on > day)
    earlier = select(Title.series).where(own, Title.obtained_on <= day)
    before = earlier.order_by(Title.obtained_on.desc(), Title.id.desc()).limit(1)
    return case((since, before.correlate(Person).scalar_subquery()), else_=Person.title_series)


def _employer(session: Session, person_id: int, day: date) -> Organisation | None:
    """Where the person worked on the day; of two on one day the later one."""
    there = select(Organisation).join(Binding, Binding.organisation_id == Organisation.id)
    here = there.where(Binding.person_id == person_id, worked(day))
    return session.scalar(here.order_by(Binding.started_on.desc(), Binding.id.desc()).limit(1))


def worked(day: date) -> ColumnElement[bool]:
    """Of a binding: it was in force on the day; one that never began although its day has come was not."""
    began = Binding.status.in_((BindingStatus.ACTIVE, BindingStatus.ENDED)) & (Binding.started_on <= day)
    return and_(began, Binding.ended_on.is_(None) | (Binding.ended_on >= day))
