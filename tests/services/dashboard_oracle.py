"""What a dashboard must say, counted in plain loops; what is said of last year rests on the answers of `as_of`."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from db.accounts import Account, AccountStatus
from db.certificates import Certificate, CertificateStatus
from db.claims import Category, Claim, ClaimAction, ClaimStatus, ClaimStep
from db.classes import ClassStatus, ClassStep, CourseClass
from db.enrolments import Attendance, Enrolment, EnrolmentStatus, EnrolmentStep
from db.organisations import Organisation
from db.people import Binding, BindingStatus, Person
from services import as_of, clock, dashboard_figures, standing
from services.dashboard_figures import Age, Count
from tests import factories

Place = str | int
WAITS = {ClaimStatus.SUBMITTED, ClaimStatus.ENDORSED}
HELD = {ClassStatus.OPEN, ClassStatus.CLOSED, ClassStatus.COMPLETED}
TAKES_PART = {EnrolmentStatus.ACCEPTED, EnrolmentStatus.COMPLETED, EnrolmentStatus.NOT_COMPLETED}
CAME_TO_NOTHING = {BindingStatus.REFUSED, BindingStatus.WITHDRAWN}


class Oracle:
    """The numbers of one year by place: as they stand now or, with a day, as they stood at its end."""

    def __init__(self, session: Session, year: int, day: date | None = None) -> None:
        self.session, self.year, self.day = session, year, day
        self.end = clock.midnight(day + timedelta(days=1)) if day else clock.now()
        self.organisations = {each.id: each for each in session.scalars(select(Organisation))}
        self.places: dict[Place, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for count in (self.people, self.claims, self.classes):
            count()

    def add(self, organisation_id: int, key: str, number: int = 1) -> None:
        here = self.organisations[organisation_id]
        while here.merged_into_id:
            here = self.organisations[here.merged_into_id]
        division = here.division
        places: set[Place] = {here.id, division, division[:4] + "00", division[:2] + "0000"}
        for place in places - {"110100"}:  # which groups counties and is no place
            numbers = self.places[place]
            if key == Count.OLDEST_WAITING:
                numbers[key] = min(number, numbers.get(key, number))
            elif number:
                numbers[key] += number

    def people(self) -> None:
        for person in self.session.scalars(select(Person).options(selectinload(Person.bindings))):
            met, bound = self.then(person) if self.day else self.now(person)
            tie = bound or self.tie(person)
            closed = self.session.get_one(Account, person.account_id).status is AccountStatus.CLOSED
            if tie is None or (closed and not bound):
                continue
            self.add(tie, Count.REGISTERED)
            self.add(tie, Count.BOUND, int(bound is not None))
            self.add(tie, Count.MET_ALL, int(bound is not None and len(met) == len(Category)))
            for category in met if bound else ():
                self.add(tie, dashboard_figures.met(category))
            self.add(tie, Count.CERTIFICATES, int(self.certified(person)))

    def now(self, person: Person) -> tuple[set[Category], int | None]:
        official = standing.of_year(self.session, person.id, self.year).official
        works = [each.organisation_id for each in person.bindings if each.status is BindingStatus.ACTIVE]
        return {line.category for line in official if line.met}, works[0] if works else None

    def then(self, person: Person) -> tuple[set[Category], int | None]:
        assert self.day
        actor = factories.actor_for(self.session, person)
        answer = as_of.on(self.session, actor, person.id, self.year, self.day)
        names = {each.name: each.id for each in self.organisations.values()}
        works = names[answer.employer] if answer.employer else None
        return {line.category for line in answer.hours if line.met}, works

    def tie(self, person: Person) -> int | None:
        """The newest that had not come to nothing."""
        known = [each for each in person.bindings if each.requested_at < self.end and not self.is_off(each)]
        return max(known, key=lambda each: each.id).organisation_id if known else None

    def is_off(self, binding: Binding) -> bool:
        over = binding.decided_at is not None and binding.decided_at < self.end
        return binding.status in CAME_TO_NOTHING and (self.day is None or over)

    def certified(self, person: Person) -> bool:
        own = (Certificate.person_id == person.id, Certificate.year == self.year)
        return any(map(self.stands, self.session.scalars(select(Certificate).where(*own))))

    def stands(self, certificate: Certificate) -> bool:
        if self.day is None:
            return certificate.status is CertificateStatus.ISSUED
        over = certificate.ended_at is not None and certificate.ended_at < self.end
        return certificate.issued_at < self.end and not over

    def claims(self) -> None:
        of_year = select(Claim).where(Claim.year == self.year, Claim.employer_id.is_not(None))
        for claim in self.session.scalars(of_year.options(selectinload(Claim.steps))):
            assert claim.employer_id is not None
            steps = [each for each in claim.steps if each.at < self.end]
            if steps:
                self.hours(claim, claim.employer_id, steps)
                self.decisions(claim.employer_id, steps)

    def hours(self, claim: Claim, employer_id: int, steps: list[ClaimStep]) -> None:
        if steps[-1].to_status is ClaimStatus.APPROVED:
            tenths = int((steps[-1].hours or 0) * 10)
            month = claim.end_on.month if claim.end_on.year == claim.year else 12
            self.add(employer_id, dashboard_figures.hours(claim.category), tenths)
            self.add(employer_id, dashboard_figures.of_month(month, claim.category), tenths)
            self.add(employer_id, dashboard_figures.of_activity(claim.activity_type, claim.category), tenths)
            self.add(employer_id, dashboard_figures.claims_of(claim.activity_type, claim.category))
        if steps[-1].to_status in WAITS:
            sent = max(each.at for each in steps if each.action is ClaimAction.SUBMIT)
            self.add(employer_id, dashboard_figures.waiting(self.age(sent)))
            self.add(employer_id, Count.OLDEST_WAITING, dashboard_figures.moment(sent))

    def age(self, sent: datetime) -> Age:
        days = (self.end - sent) / timedelta(days=1)
        return Age.DAYS_3 if days <= 3 else Age.DAYS_7 if days <= 7 else Age.DAYS_15 if days <= 15 else Age.LONGER

    def decisions(self, employer_id: int, steps: list[ClaimStep]) -> None:
        standing_ones: list[ClaimStatus] = []
        for step in steps:
            if step.action is ClaimAction.UNDO and step.to_status is ClaimStatus.SUBMITTED:
                standing_ones.pop()
            elif step.from_status is ClaimStatus.SUBMITTED and step.action is not ClaimAction.WITHDRAW:
                standing_ones.append(step.to_status)
        self.add(employer_id, Count.DECIDED, len(standing_ones))
        back = [each for each in standing_ones if each in {ClaimStatus.RETURNED, ClaimStatus.REJECTED}]
        self.add(employer_id, Count.RETURNED, len(back))

    def classes(self) -> None:
        for taught in self.session.scalars(select(CourseClass).where(CourseClass.year == self.year)):
            if self.status(taught) in HELD:
                self.add(taught.provider_id, Count.CLASSES)
                self.add(taught.provider_id, Count.SEATS, taught.capacity or 0)
                for enrolment in self.session.scalars(select(Enrolment).where(Enrolment.class_id == taught.id)):
                    self.enrolment(taught.provider_id, enrolment)

    def status(self, taught: CourseClass) -> ClassStatus | None:
        if self.day is None:
            return taught.status
        steps = select(ClassStep).where(ClassStep.class_id == taught.id, ClassStep.at < self.end)
        return next((each.to_status for each in self.session.scalars(steps.order_by(ClassStep.id.desc()))), None)

    def enrolment(self, provider_id: int, enrolment: Enrolment) -> None:
        status: EnrolmentStatus | None = enrolment.status
        if self.day:
            steps = select(EnrolmentStep).where(EnrolmentStep.enrolment_id == enrolment.id)
            known = self.session.scalars(steps.where(EnrolmentStep.at < self.end).order_by(EnrolmentStep.id)).all()
            status = known[-1].to_status if known else None
        self.add(provider_id, Count.ENROLLED, int(status in TAKES_PART))
        self.add(provider_id, Count.COMPLETED, int(status is EnrolmentStatus.COMPLETED))
        if enrolment.posted_at and enrolment.posted_at < self.end:
            for present in self.session.scalars(
                select(Attendance.present).where(Attendance.enrolment_id == enrolment.id)
            ):
                self.add(provider_id, Count.EXPECTED)
                self.add(provider_id, Count.PRESENT, int(present))

    def all(self) -> Iterator[tuple[Place, dict[str, int]]]:
        """Without places of which there is nothing to say."""
        return ((place, dict(numbers)) for place, numbers in self.places.items() if numbers)
