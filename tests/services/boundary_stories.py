"""What can happen to somebody in 2026, step by step, for the table of people at boundaries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from db import reading, transaction
from db.certificates import Certificate, InvalidityReason
from db.claims import Category, Claim, ClaimAction, ClaimStatus, ReviewReason
from db.classes import CourseClass
from db.enrolments import Enrolment
from db.exemptions import Exemption, ExemptionAction, ExemptionStatus
from db.misconduct import MisconductAction, MisconductRecord, MisconductStatus
from db.organisations import Organisation
from db.people import Binding, BindingStatus, EndReason, Person, TitleSeries
from services import (
    certificate_revocation,
    certificates,
    class_corrections,
    clock,
    completion,
    statistics,
)
from services.class_corrections import Corrected
from services.permissions import SYSTEM, Actor
from tests import factories
from tests.exemption_cases import create_exemption
from tests.misconduct_cases import create_case
from tests.services import claim_steps, exemption_steps, misconduct_steps, taught
from tests.services.claim_forms import TODAY
from tests.services.requirement_forms import FORM, put_in_force
from tests.services.taught import Taught

YEAR = 2026
GENERAL, PROFESSIONAL, ELECTIVE = Category


@dataclass
class Somebody:
    """Whom a story is about, with what has come about in it so far."""

    person: Person
    employer: Organisation
    supervisors: list[Actor]
    topmost: Actor
    claims: dict[Category, Claim] = field(default_factory=dict)
    first: Certificate | None = None
    case: MisconductRecord | None = None
    held: tuple[Taught, Enrolment] | None = None

    @property
    def owner(self) -> Actor:
        with reading() as session:
            return factories.actor_for(session, self.person)

    def claim(self, hours: str, status: ClaimStatus, category: Category, awarded: str | None = None) -> None:
        with transaction() as session:
            made = factories.create_claim(
                session,
                session.get_one(Person, self.person.id),
                status=status,
                category=category,
                hours=Decimal(hours),
                awarded=Decimal(awarded) if awarded else None,
                year=YEAR,
            )
            made.end_on = made.start_on + timedelta(days=13)
            if status is ClaimStatus.APPROVED:
                factories.create_step(session, made, status).hours = made.hours_awarded
            self.claims[category] = made

    def act(self, category: Category, action: ClaimAction, reason: ReviewReason | None = None) -> None:
        with transaction() as session:
            claim = session.get_one(Claim, self.claims[category].id)
            claim_steps.act(session, self.supervisors[0], claim, action, reason=reason)

    def take_case(self, action: MisconductAction, actor: Actor) -> None:
        assert self.case
        with transaction() as session:
            misconduct_steps.act(session, actor, session.get_one(MisconductRecord, self.case.id), action)


Step = Callable[[Somebody], None]


def approved(hours: str) -> Step:
    def step(who: Somebody) -> None:
        for category, number in zip(Category, hours.split("/"), strict=True):
            if number != "0":
                who.claim(number, ClaimStatus.APPROVED, category)

    return step


def claimed(hours: str, status: ClaimStatus, category: Category = GENERAL, *, awarded: str | None = None) -> Step:
    return lambda who: who.claim(hours, status, category, awarded)


def earlier(*steps: Step) -> Step:
    """One minute after the other, two hours ago."""

    def step(who: Somebody) -> None:
        for minutes, each in enumerate(steps):
            with clock.at(TODAY - timedelta(hours=2) + timedelta(minutes=minutes)):
                each(who)

    return step


def counted(_who: Somebody) -> None:
    statistics.recompute(transaction, SYSTEM)


def printed(who: Somebody) -> None:
    with transaction() as session:
        issued = certificates.obtain(session, who.owner, YEAR)
    who.first = who.first or issued


def revoked(category: Category) -> Step:
    return lambda who: who.act(category, ClaimAction.REVOKE, ReviewReason.UNTRUE)


def given_back(category: Category) -> Step:
    return lambda who: who.act(category, ClaimAction.UNDO)


def certificate_revoked(who: Somebody) -> None:
    assert who.first
    with transaction() as session:
        certificate_revocation.revoke(
            session, who.supervisors[0], who.first.id, InvalidityReason.WRONG_CONTENT, "姓名有误"
        )


def rule_becomes(hours: str, series: TitleSeries | None = None) -> Step:
    asked = dict(zip(Category, map(int, hours.split("/")), strict=True))

    def step(who: Somebody) -> None:
        put_in_force(who.topmost, replace(FORM, hours=asked, title_series=series))

    return step


def exempted(hours: str) -> Step:
    taken = dict(zip(Category, map(Decimal, hours.split("/")), strict=True))

    def step(who: Somebody) -> None:
        with transaction() as session:
            person = session.get_one(Person, who.person.id)
            made = create_exemption(session, person, who.employer, hours=taken, year=YEAR)
            exemption_steps.act(session, who.supervisors[0], made, ExemptionAction.GRANT)

    return step


def exemption_revoked(who: Somebody) -> None:
    with transaction() as session:
        held = session.scalars(select(Exemption).where(Exemption.status == ExemptionStatus.GRANTED)).one()
        exemption_steps.act(session, who.supervisors[1], held, ExemptionAction.REVOKE)


def now_a_teacher(who: Somebody) -> None:
    with transaction() as session:
        session.get_one(Person, who.person.id).title_series = TitleSeries.TEACHING


def changes_employer(who: Somebody) -> None:
    with transaction() as session:
        old = session.scalars(select(Binding)).one()
        old.status, old.ended_on, old.end_reason = BindingStatus.ENDED, clock.today(), EndReason.LEFT
        session.flush()
        elsewhere = factories.create_employer(session, division="440300")
        factories.create_binding(session, session.get_one(Person, who.person.id), elsewhere)


def leaves(who: Somebody) -> None:
    with transaction() as session:
        binding = session.scalars(select(Binding)).one()
        binding.status, binding.ended_on, binding.end_reason = BindingStatus.ENDED, clock.today(), EndReason.LEFT


def joined_in_june(who: Somebody) -> None:
    with transaction() as session:
        session.scalars(select(Binding)).one().started_on = date(YEAR, 6, 1)


def class_posted(who: Somebody) -> None:
    """Eight professional hours."""
    with transaction() as session:
        over = taught.create(session)
        session.get_one(CourseClass, over.course_class.id).attendance_needed = 50
        enrolment = taught.accept(session, over, True, True, person=session.get_one(Person, who.person.id))
    completion.post(transaction, over.trainer, over.course_class.id)
    who.held = over, enrolment


def class_corrected(who: Somebody) -> None:
    """Down to four."""
    assert who.held
    over, enrolment = who.held
    with transaction() as session:
        class_corrections.correct(
            session,
            over.trainer,
            over.course_class.id,
            enrolment.id,
            Corrected(over.sessions[:1], None),
            opinion="签到表核对有误",
            seen=taught.stored(enrolment).version,
        )


def forfeited(category: Category) -> Step:
    def step(who: Somebody) -> None:
        with transaction() as session:
            claims = [session.get_one(Claim, who.claims[category].id)]
            person = session.get_one(Person, who.person.id)
            who.case = create_case(session, person, who.employer, status=MisconductStatus.NOTIFIED, claims=claims)
        who.take_case(MisconductAction.CONFIRM, who.supervisors[0])

    return step


def case_falls(who: Somebody) -> None:
    who.take_case(MisconductAction.OBJECT, who.owner)
    who.take_case(MisconductAction.CANCEL, who.supervisors[1])
