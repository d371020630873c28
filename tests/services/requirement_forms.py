"""What tests of requirements begin with: a form, people with hours of a year, and the steps of an edition."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from db import reading, transaction
from db.claims import Category, ClaimStatus
from db.people import Person, TitleSeries
from db.requirements import RequirementEdition
from services import requirement_editions, requirement_trials
from services.permissions import Actor
from services.requirement_editions import EditionForm
from tests import factories

YEAR = 2026
MORE = {Category.GENERAL: 30, Category.PROFESSIONAL: 48, Category.ELECTIVE: 18}
FORM = EditionForm(YEAR, MORE, date(2026, 6, 15), "示范文件第1号")
FULL = {Category.GENERAL: Decimal(30), Category.PROFESSIONAL: Decimal(42), Category.ELECTIVE: Decimal(18)}


def hire(
    hours: Mapping[Category, Decimal] = FULL, *, division: str = "440104", series: TitleSeries | None = None
) -> Person:
    with transaction() as session:
        person = factories.create_person(session, employer=factories.create_employer(session, division=division))
        person.title_series = series
        for category, number in hours.items():
            factories.create_claim(
                session, person, status=ClaimStatus.APPROVED, category=category, hours=number, year=YEAR
            )
        return person


def draft(actor: Actor, form: EditionForm = FORM) -> RequirementEdition:
    with transaction() as session:
        return requirement_editions.draft(session, actor, form)


def tried(actor: Actor, form: EditionForm = FORM) -> RequirementEdition:
    made = draft(actor, form)
    return requirement_trials.run(reading, transaction, actor, made.id, seen=made.version)


def put_in_force(actor: Actor, form: EditionForm = FORM) -> RequirementEdition:
    made = tried(actor, form)
    with transaction() as session:
        return requirement_editions.put_in_force(session, actor, made.id, seen=made.version)
