"""A small invented province in which, over two and a half years, everything happens that a dashboard counts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import transaction
from db.accounts import Account, AccountStatus
from db.certificates import CertificateStatus, InvalidityReason
from db.claims import ActivityType, Category, Claim, ClaimAction, ClaimStatus, ClaimStep
from db.exemptions import WHOLE, ExemptionStatus
from db.organisations import Organisation, OrganisationStatus
from db.people import Binding, BindingStatus, EndReason, Person, TitleLevel, TitleSeries
from db.qualifications import Title
from services import clock, statistics
from services.permissions import SYSTEM
from tests import certificates, exemption_cases, factories
from tests.services.dashboard_lessons import Lessons
from tests.services.requirement_forms import FORM, put_in_force

NOW = datetime(2026, 6, 15, 4, tzinfo=UTC)
COMPARED_ON = date(2025, 6, 15)
DIVISIONS = ("440104", "440104", "440111", "440303", "440000", "110101")
PEOPLE, DAYS = 16, 850
YEARS = (2023, 2024, 2025, 2026)
SERIES = (None, TitleSeries.ENGINEERING, TitleSeries.TEACHING, TitleSeries.HEALTH)
Walk = dict[ClaimStatus, list[tuple[ClaimAction, ClaimStatus]]]
_S, _A = ClaimStatus, ClaimAction
ANY: Walk = {
    _S.DRAFT: [(_A.SUBMIT, _S.SUBMITTED)],
    _S.RETURNED: [(_A.SUBMIT, _S.SUBMITTED), (_A.UNDO, _S.SUBMITTED)],
    _S.REJECTED: [(_A.UNDO, _S.SUBMITTED)],
    _S.REVOKED: [(_A.UNDO, _S.APPROVED)],
}
ONE_LEVEL: Walk = ANY | {
    _S.SUBMITTED: [
        (_A.APPROVE, _S.APPROVED),
        (_A.RETURN, _S.RETURNED),
        (_A.REJECT, _S.REJECTED),
        (_A.WITHDRAW, _S.DRAFT),
    ],
    _S.APPROVED: [(_A.REVOKE, _S.REVOKED), (_A.UNDO, _S.SUBMITTED)],
}
TWO_LEVELS: Walk = ANY | {
    _S.SUBMITTED: [(_A.ENDORSE, _S.ENDORSED), (_A.RETURN, _S.RETURNED)],
    _S.ENDORSED: [(_A.APPROVE, _S.APPROVED), (_A.RETURN, _S.RETURNED), (_A.UNDO, _S.SUBMITTED)],
    _S.APPROVED: [(_A.REVOKE, _S.REVOKED), (_A.UNDO, _S.ENDORSED)],
    _S.RETURNED: [(_A.SUBMIT, _S.SUBMITTED)],
}


def play(seed: int) -> None:
    """Everything up to now, the official figures included."""
    ask_for_more()
    with clock.at(NOW):
        World(Random(seed)).play()  # invents people, keeps no secret


def ask_for_more() -> None:
    """Of health workers from the very day that is compared with, of teachers from the next; less in one city now."""
    with clock.at(NOW - timedelta(days=400)):
        with transaction() as session:
            topmost = factories.actor_of(session, factories.create_supervisor(session, "440000"))
        more = replace(FORM, year=2025, hours={Category.GENERAL: 60})
        put_in_force(topmost, replace(more, title_series=TitleSeries.HEALTH, in_force_on=COMPARED_ON))
        put_in_force(
            topmost, replace(more, title_series=TitleSeries.TEACHING, in_force_on=COMPARED_ON + timedelta(days=1))
        )
    with clock.at(NOW - timedelta(days=100)):
        less = {Category.ELECTIVE: 9}
        put_in_force(topmost, replace(FORM, hours=less, division="440300", in_force_on=date(2026, 4, 1)))


class World:
    """Everything is decided by the dice."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice

    def play(self) -> None:
        with transaction() as session:
            self.employers = [factories.create_employer(session, division=each) for each in DIVISIONS]
            self.people = [self.person(session) for _ in range(PEOPLE)]
            Lessons(self.dice, self.people, self.employers).play(session)
            self.merge(session)
        statistics.recompute(transaction, SYSTEM)
        with transaction() as session:
            for person in self.people:
                self.certificate(session, person)

    def ago(self, most: int = DAYS, least: int = 0) -> datetime:
        return NOW - timedelta(days=self.dice.randint(least, most), minutes=self.dice.randrange(600))

    def chance(self, one_in: int) -> bool:
        return self.dice.randrange(one_in) == 0

    def employer(self) -> Organisation:
        return self.dice.choice(self.employers)

    def person(self, session: Session) -> Person:
        person = factories.create_person(session)
        self.title(session, person)
        getattr(self, f"_{self.dice.choice(('nowhere', 'asks', 'works', 'works', 'left', 'moved', 'moves'))}")(
            session, person
        )
        if self.chance(3):
            self.exemption(session, person)
        for _ in range(self.dice.randrange(14)):
            year, created = self.dice.choice(YEARS), self.ago()
            self.walk(session, self.claim(session, person, year, self.dice.choice(list(Category)), created), created)
        for year in YEARS:
            if self.chance(2):
                self.learns(session, person, year)
        return person

    def learns(self, session: Session, person: Person, year: int) -> None:
        """All that is asked for, if nothing of it is lost."""
        created = self.ago(700, 5)
        for category in Category:
            claim = self.claim(session, person, year, category, created)
            claim.second_level = False
            self.go(session, claim, ClaimAction.SUBMIT, ClaimStatus.SUBMITTED, created + timedelta(hours=1))
            self.go(session, claim, ClaimAction.APPROVE, ClaimStatus.APPROVED, created + timedelta(days=2))
            if self.chance(8):
                self.walk(session, claim, created + timedelta(days=2))

    def title(self, session: Session, person: Person) -> None:
        """The present one, which he may have obtained lately, and an earlier one."""
        for present in (False, True):
            series = self.dice.choice(SERIES)
            if series is not None:
                session.add(
                    Title(
                        person_id=person.id,
                        series=series,
                        level=TitleLevel.MIDDLE,
                        name="示范职称",
                        obtained_on=None if self.chance(5) else self.ago(DAYS if present else 2 * DAYS).date(),
                        is_current=present,
                    )
                )
                person.title_series = series if present else None

    def bind(self, session: Session, person: Person, status: BindingStatus, since: datetime) -> Binding:
        binding = Binding(
            person_id=person.id,
            organisation_id=self.employer().id,
            status=status,
            requested_at=since - timedelta(days=self.dice.randrange(9)),
            decided_at=None if status is BindingStatus.REQUESTED else since,
        )
        if status in {BindingStatus.ACTIVE, BindingStatus.ENDED, BindingStatus.SCHEDULED}:
            binding.started_on = since.date()
        session.add(binding)
        session.flush()
        return binding

    def end(self, binding: Binding, on: date, successor: Binding | None = None) -> None:
        binding.status, binding.ended_on = BindingStatus.ENDED, on
        binding.end_reason = EndReason.TRANSFERRED if successor else EndReason.LEFT
        binding.successor_id = successor.id if successor else None

    def _nowhere(self, session: Session, person: Person) -> None:
        if self.chance(2):
            self.bind(session, person, BindingStatus.REFUSED, self.ago())

    def _asks(self, session: Session, person: Person) -> None:
        self.bind(session, person, BindingStatus.WITHDRAWN, self.ago(DAYS, 100))
        self.bind(session, person, BindingStatus.REQUESTED, self.ago())

    def _works(self, session: Session, person: Person) -> None:
        self.bind(session, person, BindingStatus.ACTIVE, self.ago())

    def _left(self, session: Session, person: Person) -> None:
        """Perhaps with the account closed since."""
        since = self.ago(DAYS, 10)
        binding = self.bind(session, person, BindingStatus.ACTIVE, since)
        self.end(binding, since.date() + timedelta(days=self.dice.randint(0, (NOW - since).days)))
        if self.chance(3):
            session.get_one(Account, person.account_id).status = AccountStatus.CLOSED

    def _moved(self, session: Session, person: Person) -> None:
        since = self.ago(DAYS, 10)
        first = self.bind(session, person, BindingStatus.ACTIVE, since)
        changed = since + timedelta(days=self.dice.randint(0, (NOW - since).days))
        first.status, first.ended_on, first.end_reason = BindingStatus.ENDED, changed.date(), EndReason.LEFT
        session.flush()
        self.end(first, changed.date(), self.bind(session, person, BindingStatus.ACTIVE, changed))

    def _moves(self, session: Session, person: Person) -> None:
        """Somebody who works here and has asked to work elsewhere."""
        self._works(session, person)
        status = self.dice.choice((BindingStatus.REQUESTED, BindingStatus.SCHEDULED))
        self.bind(session, person, status, self.ago(400))

    def exemption(self, session: Session, person: Person) -> None:
        granted = self.ago(500)
        ends = self.chance(3)
        exemption = exemption_cases.create_exemption(
            session,
            person,
            self.employer(),
            status=ExemptionStatus.REVOKED if ends else ExemptionStatus.GRANTED,
            year=self.dice.choice((2024, 2025, 2026)),
            hours=dict(zip(Category, (WHOLE, Decimal(10), Decimal(self.dice.choice((0, 18)))), strict=True)),
            at=granted,
        )
        if ends:
            exemption.ended_at = granted + (NOW - granted) * self.dice.random()

    def claim(self, session: Session, person: Person, year: int, category: Category, created: datetime) -> Claim:
        learned = date(year, self.dice.randint(1, 12), 9) if self.chance(2) else date(year + 1, 1, 20)
        claim = Claim(
            person_id=person.id,
            employer_id=self.employer().id,
            year=year,
            category=category,
            activity_type=self.dice.choice((ActivityType.TRAINING, ActivityType.PAPER)),
            title="岗位能力提升课程",
            organiser="晴川继续教育中心",
            start_on=date(year, 1, 5),
            end_on=learned,
            hours_claimed=Decimal(60),
            second_level=self.chance(3),
            created_at=created,
        )
        session.add(claim)
        session.flush()
        self.step(session, claim, ClaimAction.CREATE, None, ClaimStatus.DRAFT, created)
        return claim

    def walk(self, session: Session, claim: Claim, at: datetime) -> None:
        ways = TWO_LEVELS if claim.second_level else ONE_LEVEL
        for _ in range(self.dice.randrange(1, 9)):
            at += timedelta(hours=self.dice.randrange(1, 900))
            if at > NOW:
                return
            self.go(session, claim, *self.dice.choice(ways[claim.status]), at)

    def go(self, session: Session, claim: Claim, action: ClaimAction, to: ClaimStatus, at: datetime) -> None:
        before, claim.status = claim.status, to
        self._pass(claim, action, at)
        self.step(session, claim, action, before, to, at)

    def _pass(self, claim: Claim, action: ClaimAction, at: datetime) -> None:
        """The columns that say where a claim stands."""
        if action is ClaimAction.SUBMIT:
            claim.submitted_at = claim.queued_at = at
            claim.endorsed_at = claim.hours_endorsed = None
        elif action is ClaimAction.ENDORSE:
            claim.endorsed_at, claim.hours_endorsed = at, Decimal(50)
        elif action is ClaimAction.APPROVE:
            claim.hours_awarded = Decimal(self.dice.choice((30, 42, 59))) + Decimal("0.5")
        if claim.status not in {ClaimStatus.APPROVED, ClaimStatus.REVOKED}:
            claim.hours_awarded = None
        if claim.status is ClaimStatus.SUBMITTED:
            claim.endorsed_at = claim.hours_endorsed = None

    def step(
        self,
        session: Session,
        claim: Claim,
        action: ClaimAction,
        before: ClaimStatus | None,
        after: ClaimStatus,
        at: datetime,
    ) -> None:
        hours = claim.hours_awarded or claim.hours_endorsed or claim.hours_claimed
        said = {"action": action, "from_status": before, "to_status": after, "hours": hours}
        session.add(ClaimStep(claim_id=claim.id, at=at, actor_name="示范", **said))
        session.flush()

    def certificate(self, session: Session, person: Person) -> None:
        """Of each year one at most that stands, and perhaps one that has stood."""
        for year in YEARS:
            for status in (CertificateStatus.REVOKED, CertificateStatus.ISSUED):
                if self.chance(2):
                    certificate = certificates.create_certificate(session, person)
                    certificate.year, certificate.issued_at = year, self.ago(600)
                    if status is not CertificateStatus.ISSUED:
                        certificate.status, certificate.ended_for = status, InvalidityReason.HOURS_TAKEN_BACK
                        certificate.ended_at = (
                            certificate.issued_at + (NOW - certificate.issued_at) * self.dice.random()
                        )
                    session.flush()

    def merge(self, session: Session) -> None:
        """Twice over: the first into the second, which then goes into the third; whoever works there goes along."""
        first, second, third = (factories.create_employer(session, division=each) for each in DIVISIONS[2:5])
        for gone, kept in ((first, second), (second, third)):
            gone.status, gone.merged_into_id = OrganisationStatus.MERGED, kept.id
        for claim in session.scalars(select(Claim).where(Claim.id % 5 == 0, Claim.employer_id.is_not(None))):
            claim.employer_id = self.dice.choice((first, second, third)).id
        for binding in session.scalars(select(Binding).where(Binding.id % 3 == 0)):
            ended = binding.status is BindingStatus.ENDED
            binding.organisation_id = (self.dice.choice((first, second, third)) if ended else third).id
