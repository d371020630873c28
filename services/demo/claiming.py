"""How claims are made and decided in the demo."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from random import Random

from sqlalchemy.orm import Session

from db.activity_rules import AuthorRank, DetailField, Level
from db.claims import ActivityType, Claim, ClaimAction
from services import claims, evidence
from services.claim_form import ClaimForm
from services.claim_moves import SECOND_LEVEL_SERIES
from services.clock import moment
from services.demo import catalogue
from services.demo.cast import Office, Player, Professional
from services.demo.catalogue import Course
from services.demo.dates import DAY
from services.demo.papers import class_certificate, own_certificate
from services.demo.story import Story
from services.evidence_files import CheckedFile

PLACES = {ActivityType.SELF_STUDY: "", ActivityType.PAPER: ""}
PLACE = "肇庆市"
PROVINCIAL: dict[str, str] = {DetailField.LEVEL: Level.PROVINCIAL}
DETAILS: dict[ActivityType, dict[str, str]] = {
    ActivityType.CONFERENCE: PROVINCIAL,
    ActivityType.PAPER: {**PROVINCIAL, DetailField.PUBLISHER: "南海岸学报", DetailField.RANK: AuthorRank.FIRST},
}


@dataclass
class ClaimPlot:
    """One claim on its way; `seen` is its version after the last step."""

    owner: Professional
    reviewer: Office
    supervisor: Player
    form: ClaimForm
    learned_on: date
    personal: bool
    id: int = 0
    seen: int = 0

    @property
    def has_second_level(self) -> bool:
        return self.owner.series in SECOND_LEVEL_SERIES

    def create(self, session: Session) -> None:
        self.create_without_evidence(session)
        evidence.attach(session, self.owner.actor, self.id, self._evidence())

    def _evidence(self) -> CheckedFile:
        if self.personal:
            return own_certificate(self.owner.name, self.form, self.learned_on)
        return class_certificate(self.form, self.learned_on)

    def create_without_evidence(self, session: Session) -> None:
        self._remember(session, claims.create(session, self.owner.actor, self.form))

    def submit(self, session: Session) -> None:
        self._act(session, self.owner, ClaimAction.SUBMIT, attested=True)

    def withdraw(self, session: Session) -> None:
        self._act(session, self.owner, ClaimAction.WITHDRAW)

    def approve(self, session: Session, opinion: str = "", hours: Decimal | None = None) -> None:
        action = ClaimAction.ENDORSE if self.has_second_level else ClaimAction.APPROVE
        self._act(session, self.reviewer, action, opinion=opinion, hours=hours)

    def recognise(self, session: Session) -> None:
        self._act(session, self.supervisor, ClaimAction.APPROVE)

    def revoke(self, session: Session, opinion: str) -> None:
        self._act(session, self.supervisor, ClaimAction.REVOKE, opinion=opinion)

    def return_(self, session: Session, opinion: str) -> None:
        self._act(session, self.reviewer, ClaimAction.RETURN, opinion=opinion)

    def reject(self, session: Session, opinion: str) -> None:
        self._act(session, self.reviewer, ClaimAction.REJECT, opinion=opinion)

    def _act(
        self,
        session: Session,
        player: Player,
        action: ClaimAction,
        *,
        opinion: str = "",
        hours: Decimal | None = None,
        attested: bool = False,
    ) -> None:
        claim = claims.act(
            session, player.actor, self.id, action, seen=self.seen, opinion=opinion, hours=hours, attested=attested
        )
        self._remember(session, claim)

    def _remember(self, session: Session, claim: Claim) -> None:
        session.flush()
        self.id, self.seen = claim.id, claim.version


@dataclass(frozen=True, slots=True)
class Claiming:
    """Lets professionals claim; the dice decide what the story leaves open."""

    story: Story
    supervisor: Player
    dice: Random

    def begin(
        self, owner: Professional, reviewer: Office, course: Course, year: int, end: date, *, personal: bool = True
    ) -> ClaimPlot:
        """A claim of a course that ended on this day (and began no earlier than its year).

        `personal` evidence names the owner, other evidence only his class.
        """
        start = max(end - (course.days - 1) * DAY, date(year, 1, 1))
        form = ClaimForm(
            year=year,
            category=course.category,
            activity_type=course.kind,
            title=course.title,
            organiser=course.organiser,
            place=PLACES.get(course.kind, PLACE),
            start_on=start,
            end_on=end,
            hours_claimed=min(course.hours, 8 * ((end - start).days + 1)),
            details=DETAILS.get(course.kind, {}),
        )
        return ClaimPlot(owner, reviewer, self.supervisor, form, end, personal)

    def at_work(self, day: date) -> datetime:
        """Some minute of the working day."""
        return moment(day, time(9)) + timedelta(minutes=self.dice.randrange(8 * 60))

    def submit(self, claim: ClaimPlot, day: date) -> datetime:
        """Made and sent on this day; returns when."""
        at = self.at_work(day)
        self.story.add(at, claim.create)
        self.story.add(at + timedelta(minutes=5), claim.submit)
        return at

    def decision_day(self, submitted: datetime) -> datetime:
        return self.at_work(submitted.date() + self.dice.randrange(1, 7) * DAY)

    def approve(self, claim: ClaimPlot, submitted: datetime) -> datetime:
        """By whoever has to; returns when the hours count."""
        at, opinion = self.decision_day(submitted), self.dice.choice(catalogue.APPROVALS)
        self.story.add(at, partial(claim.approve, opinion=opinion))
        return self._recognise(claim, at)

    def _recognise(self, claim: ClaimPlot, endorsed: datetime) -> datetime:
        if not claim.has_second_level:
            return endorsed
        at = self.decision_day(endorsed)
        self.story.add(at, claim.recognise)
        return at

    def award_fewer(self, claim: ClaimPlot, submitted: datetime, hours: int) -> None:
        at, award = self.decision_day(submitted), partial(claim.approve, opinion=catalogue.FEWER, hours=Decimal(hours))
        self.story.add(at, award)
        self._recognise(claim, at)

    def return_(self, claim: ClaimPlot, submitted: datetime) -> datetime:
        at, opinion = self.decision_day(submitted), self.dice.choice(catalogue.RETURNS)
        self.story.add(at, partial(claim.return_, opinion=opinion))
        return at

    def reject(self, claim: ClaimPlot, submitted: datetime) -> None:
        self.story.add(self.decision_day(submitted), partial(claim.reject, opinion=catalogue.REJECTION))
