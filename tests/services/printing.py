"""The staff of an employer and its certificates, printed and handed out."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.certificates import Certificate
from db.organisations import Organisation
from db.people import Binding, BindingStatus, EndReason, Person
from services import certificate_delivery, clock, staff_certificates, statistics
from services.errors import DomainError
from services.one_by_one import Outcome
from services.permissions import SYSTEM, Actor
from services.staff_certificates import Form
from tests import factories
from tests.certificates import FULL, YEAR, approve


def staff_of(employer: Organisation, *names: str, met: bool = True) -> list[int]:
    """The numbers of their employments; whoever has met the year has just met it."""
    numbers = []
    with transaction() as session:
        for name in names:
            person = factories.create_person(session, name=name, employer=employer)
            approve(session, person, FULL if met else {})
            numbers.append(session.scalars(select(Binding.id).where(Binding.person_id == person.id)).one())
    return numbers


def end(session: Session, binding_id: int) -> None:
    binding = session.get_one(Binding, binding_id)
    binding.status, binding.ended_on, binding.end_reason = BindingStatus.ENDED, clock.today(), EndReason.LEFT


def recompute() -> None:
    statistics.recompute(transaction, SYSTEM)


def issue(actor: Actor, chosen: Sequence[int] | None = None) -> list[Outcome]:
    return staff_certificates.issue(transaction, actor, YEAR, chosen)


def refusals(outcomes: Sequence[Outcome]) -> dict[int, type[DomainError]]:
    return {each.number: type(each.refusal) for each in outcomes if each.refusal}


def issued() -> dict[str, str]:
    """The numbers of all valid certificates by the names of their holders."""
    with reading() as session:
        holders = select(Person.name, Certificate.number).join(Certificate.person)
        return {row.name: row.number for row in session.execute(holders.order_by(Certificate.id))}


def hand_out(actor: Actor, form: Form = Form.PDF, chosen: Sequence[int] | None = None) -> bytes:
    with transaction() as session:
        numbers = staff_certificates.hand_out(session, actor, YEAR, form, chosen)
    return delivered(actor, form, numbers)


def delivered(actor: Actor, form: Form, numbers: Sequence[int]) -> bytes:
    make = certificate_delivery.archive if form is Form.ZIP else certificate_delivery.booklet
    return b"".join(make(reading, partial(staff_certificates.read, actor), numbers))
