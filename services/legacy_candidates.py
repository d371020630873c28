"""Who may be meant by a row of an old system: everybody of whom enough agrees, with what agrees and what differs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Exists, and_, exists, extract, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.legacy import LegacyRow
from db.legacy_decisions import Confidence
from db.organisations import Organisation
from db.people import Binding, BindingStatus, Person
from services import fields, identity
from services.errors import InvalidField
from services.permissions import Actor, Permission, require

# More of them say only that the name is a common one.
MOST = 20
EMPLOYED = (BindingStatus.ACTIVE, BindingStatus.ENDED, BindingStatus.SCHEDULED)


class Trait(StrEnum):
    """What a row may say of its person, in the order of its weight."""

    ID_NUMBER = "id_number"
    NAME = "name"
    BIRTH_YEAR = "birth_year"
    EMPLOYER = "employer"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom a row may be about; of what the row does not say, `agrees` says None."""

    person: Person
    employers: Sequence[str]
    agrees: Mapping[Trait, bool | None]
    confidence: Confidence


def has_candidates() -> ColumnElement[bool]:
    """Whether there is somebody whom the row of the query around it may be about; says what `of_row` finds."""
    numbered = exists().where(Person.id_number_digest == LegacyRow.id_number_digest)
    named = and_(Person.name == LegacyRow.name)
    born = extract("year", Person.birth_date) == LegacyRow.birth_year
    employed = _employed_by(LegacyRow.organisation_id)
    with_number, without = LegacyRow.id_number_digest.is_not(None), LegacyRow.id_number_digest.is_(None)
    return or_(
        numbered.correlate(LegacyRow),
        and_(without, exists().where(named, or_(born, employed)).correlate(LegacyRow)),
        and_(with_number, exists().where(named, born, employed).correlate(LegacyRow)),
    )


def _employed_by(organisation: InstrumentedAttribute[int | None]) -> Exists:
    """Whether a person of the query around it works or worked there, also when that has taken his employer in."""
    today = func.coalesce(Organisation.merged_into_id, Organisation.id)
    employed = (Binding.person_id == Person.id, Binding.status.in_(EMPLOYED), today == organisation)
    return exists().where(Organisation.id == Binding.organisation_id, *employed).correlate(Person, LegacyRow)


def of_row(session: Session, actor: Actor, row: LegacyRow) -> Sequence[Candidate]:
    """The likeliest first; of many with a common name not all. The row was found in the actor's scope."""
    require(actor, Permission.LEGACY_RECONCILE)
    named = Person.name == row.name
    traits = [extract("year", Person.birth_date) == row.birth_year] if row.birth_year else []
    traits += [_working_at(row.organisation_id)] if row.organisation_id else []
    if row.id_number_digest:
        all_agree = and_(named, *traits) if len(traits) > 1 else false()
        meant = or_(Person.id_number_digest == row.id_number_digest, all_agree)
    else:
        meant = and_(named, or_(false(), *traits))
    return _compared(session, row, meant)


def _working_at(organisation_id: int) -> ColumnElement[bool]:
    today = func.coalesce(Organisation.merged_into_id, Organisation.id)
    employed = select(Binding.person_id).join(Organisation, Organisation.id == Binding.organisation_id)
    return Person.id.in_(employed.where(today == organisation_id, Binding.status.in_(EMPLOYED)))


def search(session: Session, actor: Actor, row: LegacyRow, wanted: str) -> Sequence[Candidate]:
    """Those who have this name or this ID number, whatever else differs."""
    require(actor, Permission.LEGACY_RECONCILE)
    text = fields.search_text(wanted)
    if not text:
        return []
    try:
        digest = identity.digest(identity.parse(text))
    except InvalidField:
        digest = ""
    return _compared(session, row, or_(Person.name == text, Person.id_number_digest == digest))


def of_person(session: Session, actor: Actor, row: LegacyRow, person_id: int) -> Candidate | None:
    """One person, beside the row."""
    require(actor, Permission.LEGACY_RECONCILE)
    return next(iter(_compared(session, row, Person.id == person_id)), None)


def _compared(session: Session, row: LegacyRow, meant: ColumnElement[bool]) -> Sequence[Candidate]:
    people = session.scalars(select(Person).where(meant).order_by(Person.id).limit(MOST)).all()
    employers = _employers(session, [person.id for person in people])
    found = [_compare(row, person, employers.get(person.id, {})) for person in people]
    return sorted(found, key=lambda each: list(Confidence).index(each.confidence))


def _employers(session: Session, person_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """By their numbers today, the newest first."""
    today = func.coalesce(Organisation.merged_into_id, Organisation.id)
    wanted = select(Binding.person_id, today, Organisation.name).join(
        Organisation, Organisation.id == Binding.organisation_id
    )
    wanted = wanted.where(Binding.person_id.in_(person_ids), Binding.status.in_(EMPLOYED)).order_by(Binding.id.desc())
    found: dict[int, dict[int, str]] = {}
    for person_id, number, name in session.execute(wanted) if person_ids else ():
        found.setdefault(person_id, {}).setdefault(number, name)
    return found


def _compare(row: LegacyRow, person: Person, employers: Mapping[int, str]) -> Candidate:
    agrees = {
        Trait.ID_NUMBER: person.id_number_digest == row.id_number_digest if row.id_number_digest else None,
        Trait.NAME: person.name == row.name,
        Trait.BIRTH_YEAR: person.birth_date.year == row.birth_year if row.birth_year else None,
        Trait.EMPLOYER: row.organisation_id in employers if row.organisation_id else None,
    }
    return Candidate(person, list(employers.values()), agrees, confidence(agrees))


def confidence(agrees: Mapping[Trait, bool | None]) -> Confidence:
    """The same number is somebody's own, whatever else was typed wrong; another number speaks against all the rest."""
    if agrees[Trait.ID_NUMBER]:
        return Confidence.HIGH
    others = [agrees[trait] for trait in (Trait.BIRTH_YEAR, Trait.EMPLOYER)]
    if agrees[Trait.ID_NUMBER] is False or not agrees[Trait.NAME] or False in others or True not in others:
        return Confidence.LOW
    return Confidence.HIGH if all(others) else Confidence.MEDIUM
