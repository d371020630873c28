"""The dishonesty cases of the demo: one that was confirmed, and one whose person may still be heard."""

from dataclasses import dataclass
from datetime import time
from functools import partial

from sqlalchemy.orm import Session

from db.claims import ClaimStatus
from db.misconduct import MisconductAction, MisconductKind, MisconductRecord, Severity
from services import misconduct, misconduct_report
from services.clock import moment
from services.demo.cast import Cast, Player, Professional
from services.demo.dates import Calendar
from services.demo.story import Story
from services.misconduct_report import Report

MORNING = time(9, 30)
BASIS = "《专业技术人员继续教育规定》（人力资源和社会保障部令第25号）"
FOUND_OUT = "经向举办单位核实，证明编号不存在，学时认定为弄虚作假。"


@dataclass(kw_only=True)
class Case:
    """One person's, worked by the supervisor; `id` as soon as it is reported."""

    supervisor: Player
    professional: Professional
    kind: MisconductKind
    facts: str
    id: int = 0

    def report(self, session: Session) -> None:
        """About the newest of the hours that count."""
        person_id = self.professional.actor.person_id or 0
        claims = misconduct_report.claims_to_choose(session, self.supervisor.actor, person_id)
        doubted = [claim.id for claim in claims if claim.status is ClaimStatus.APPROVED][:1]
        report = Report(self.kind, Severity.MINOR, self.facts, BASIS, doubted)
        self.id = misconduct_report.create(session, self.supervisor.actor, person_id, report).id

    def take(self, session: Session, *, action: MisconductAction, opinion: str = "") -> None:
        seen = session.get_one(MisconductRecord, self.id).version
        misconduct.act(session, self.supervisor.actor, self.id, action, seen=seen, opinion=opinion)


@dataclass(frozen=True, slots=True)
class Cases:
    story: Story
    calendar: Calendar
    players: Cast

    def play(self) -> None:
        engineers = self.players.staff[0]
        forged = self._told(engineers[5], MisconductKind.FORGED_EVIDENCE, "结业证明的编号与举办单位的记录不符。", 50)
        confirm = partial(forged.take, action=MisconductAction.CONFIRM, opinion=FOUND_OUT)
        self.story.add(moment(self.calendar.days_ago(25), MORNING), confirm)
        self._told(engineers[6], MisconductKind.PROXY_STUDY, "线上课程的学习记录显示由他人代为完成。", 2)

    def _told(self, professional: Professional, kind: MisconductKind, facts: str, days: int) -> Case:
        """Reported and looked into; the person was told so many days ago."""
        case = Case(supervisor=self.players.supervisor, professional=professional, kind=kind, facts=facts)
        self.story.add(moment(self.calendar.days_ago(days + 2), MORNING), case.report)
        for days_later, action in ((1, MisconductAction.INVESTIGATE), (2, MisconductAction.NOTIFY)):
            day = self.calendar.days_ago(days + 2 - days_later)
            self.story.add(moment(day, MORNING), partial(case.take, action=action))
        return case
