"""Asking for an exemption: by the person, or by a supervisor of the division for him."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.claims import Category
from db.exemptions import WHOLE, Exemption, ExemptionFile, ExemptionReason, ExemptionStatus
from db.people import Person
from services import evidence, exemption_access, fields, own_account, people, standing, stored_files
from services import supervised_people as supervised
from services.clock import now, today
from services.errors import N_, DomainError, InvalidField, NotFound
from services.events import record
from services.evidence_files import CheckedFile
from services.exemption_moves import OwnExemption
from services.permissions import Actor, Permission, require
from services.requirements import NoRequirement
from services.rules import NONE, plain
from services.standing import YearStanding
from services.supervised_people import Employed

YEAR, REASON, EXPLANATION = N_("年度"), N_("减免事由"), N_("情况说明")
HOURS: Mapping[Category, str] = {
    Category.GENERAL: N_("公需科目减免学时"),
    Category.PROFESSIONAL: N_("专业科目减免学时"),
    Category.ELECTIVE: N_("选修科目减免学时"),
}
Given = Decimal | float | str | None


class AlreadyRequested(DomainError):
    message = N_("%(year)s 年度已有一项减免申请在等待审批。请等审批结束，或先撤回原申请。")


class NothingReduced(DomainError):
    message = N_("请至少选择一类要减免的学时。")


class LessThanGranted(DomainError):
    message = N_("%(year)s 年度已批准的减免仍然有效。新的申请批准后代替它，每一类都不能更少，而且至少有一类更多。")


class NoProof(DomainError):
    message = N_("请上传证明材料，如医院证明、派遣文件、学籍证明或劳动合同。")


@dataclass(frozen=True, slots=True)
class ExemptionForm:
    """An exemption as it was typed; hours that are left out stay asked for, `WHOLE` takes away all of them."""

    year: int | None
    reason: ExemptionReason | None
    explanation: str
    hours: Mapping[Category, Given]


def request(session: Session, actor: Actor, form: ExemptionForm, files: Sequence[CheckedFile]) -> Exemption:
    """For oneself.

    Raises NoEmployer, EmployerSuspended, LeftOut, InvalidField, NoRequirement, AlreadyRequested, NothingReduced,
    LessThanGranted, NoProof, and the refusals of `evidence.check_room`.
    """
    require(actor, Permission.EXEMPTION_REQUEST)
    own_account.keep_open(session, actor)
    employer = people.employer_of(session, actor.person_id)
    exemption_access.hold_person(session, actor.person_id)
    person = session.get(Person, actor.person_id)
    if person is None:
        raise NotFound
    return _create(session, actor, Employed(person, employer), form, files)


def own_years(session: Session, actor: Actor) -> Sequence[YearStanding]:
    """Where the actor stands in every year up to this one that asks for hours, newest first."""
    require(actor, Permission.EXEMPTION_REQUEST)
    return standing.years_of(session, actor.person_id)


def find_people(session: Session, actor: Actor, text: str) -> Sequence[Employed]:
    require(actor, Permission.EXEMPTION_DECIDE)
    return supervised.find(session, actor, text)


def find_person(session: Session, actor: Actor, person_id: int) -> Employed:
    """Raises OwnExemption, and NotFound for somebody who never worked in the actor's divisions."""
    require(actor, Permission.EXEMPTION_DECIDE)
    if person_id == actor.person_id:
        raise OwnExemption
    return supervised.get(session, actor, person_id)


def years_of(session: Session, actor: Actor, person_id: int) -> Sequence[YearStanding]:
    """Where somebody stands whom the actor may propose an exemption for. Raises as `find_person`."""
    return standing.years_of(session, find_person(session, actor, person_id).person.id)


def propose(
    session: Session, actor: Actor, person_id: int, form: ExemptionForm, files: Sequence[CheckedFile]
) -> Exemption:
    """For somebody in the actor's divisions who has an account. Raises what `request` and `find_person` raise."""
    require(actor, Permission.EXEMPTION_DECIDE)
    exemption_access.hold_person(session, person_id)
    whose = find_person(session, actor, person_id)
    if own_account.is_closed(session, whose.person.account_id):
        raise NotFound
    return _create(session, actor, whose, form, files)


def _create(
    session: Session, actor: Actor, whose: Employed, form: ExemptionForm, files: Sequence[CheckedFile]
) -> Exemption:
    fields.refuse_blanks({YEAR: form.year, REASON: form.reason, EXPLANATION: form.explanation})
    hours = _checked_hours(session, whose.person, form)
    if not files:
        raise NoProof
    exemption = Exemption(
        person_id=whose.person.id,
        employer_id=whose.employer.id,
        year=form.year,
        reason=form.reason,
        explanation=fields.required_text(EXPLANATION, form.explanation, fields.LONGEST_TEXT),
        requested_at=now(),
        requested_by_id=actor.account_id,
        requested_by_name=actor.name,
        news_at=None if whose.person.id == actor.person_id else now(),
        files=[],
        **{category.value: taken for category, taken in hours.items()},
    )
    for file in files:
        evidence.check_room(exemption.files, file)
        exemption.files.append(ExemptionFile(uploaded_at=now(), **stored_files.keep_checked(session, file)))
    session.add(exemption)
    session.flush()
    record(session, actor, "exemption_request", exemption, after=said(exemption))
    return exemption


def said(exemption: Exemption) -> dict[str, object]:
    """What an event says: the hours, and not why, which may be an illness."""
    hours = {category.value: plain(exemption.hours(category)) for category in Category}
    return {"status": exemption.status, "year": exemption.year, **hours}


def _checked_hours(session: Session, person: Person, form: ExemptionForm) -> dict[Category, Decimal]:
    """Raises NoRequirement, for years to come too."""
    year = form.year or 0
    if year > today().year:
        raise NoRequirement(year=year)
    stands = standing.of_year(session, person.id, year)
    asked = {line.category: line.required + line.exempted for line in stands.official}
    hours = {category: _checked(category, form.hours.get(category), asked[category]) for category in Category}
    if not any(hours.values()):
        raise NothingReduced
    requested = Exemption.year == year, Exemption.status == ExemptionStatus.REQUESTED
    if session.scalar(select(Exemption).where(Exemption.person_id == person.id, *requested)) is not None:
        raise AlreadyRequested(year=year)
    if stands.exemption is not None and not _reduces_more(hours, stands.exemption):
        raise LessThanGranted(year=year)
    return hours


def _reduces_more(hours: Mapping[Category, Decimal], granted: Exemption) -> bool:
    no_less = all(hours[category] >= granted.hours(category) for category in Category)
    return no_less and any(hours[category] > granted.hours(category) for category in Category)


def _checked(category: Category, given: Given, asked: Decimal) -> Decimal:
    if given is None or not str(given).strip() or str(given).strip() in {"0", "0.0"} or not asked:
        return NONE
    if given == WHOLE:
        return WHOLE
    hours = fields.hours(HOURS[category], given)
    if hours > asked:
        raise InvalidField(HOURS[category], N_("不能超过该年度要求的 %(asked)s 学时。"), asked=plain(asked))
    return hours
