"""Reporting a dishonesty case: whom, what, with which hours, and until when it can be completed."""

import pytest
from sqlalchemy.orm import Session

from db.claims import ClaimStatus
from db.misconduct import MisconductAction as Action
from db.misconduct import MisconductKind, Severity
from db.organisations import Organisation
from db.people import Person
from services import (
    misconduct_report,
)
from services.errors import LeftOut, NotFound, WrongStatus
from services.misconduct_report import Report
from services.permissions import Actor
from tests import factories
from tests.services.files import checked_file
from tests.services.misconduct_steps import act


def report(**more: object) -> Report:
    said = {"kind": MisconductKind.PROXY_STUDY, "severity": Severity.MINOR, "facts": "由他人代为学习。", "basis": ""}
    return Report(**{**said, **more})  # type: ignore[arg-type]


class TestReporting:
    def test_a_report_begins_a_case_and_is_completed_until_the_person_is_told(
        self, open_session: Session, person: Person, supervisor: Actor
    ) -> None:
        claim = factories.create_claim(open_session, person, status=ClaimStatus.APPROVED)
        case = misconduct_report.create(open_session, supervisor, person.id, report(), [checked_file()])
        open_session.flush()
        open_session.expire_all()
        more = report(claim_ids=[claim.id], basis="第三条")
        misconduct_report.update(open_session, supervisor, case.id, more, seen=case.version)
        open_session.flush()
        assert [each.id for each in case.claims] == [claim.id]
        act(open_session, supervisor, case, Action.INVESTIGATE)
        act(open_session, supervisor, case, Action.NOTIFY)
        with pytest.raises(WrongStatus):
            misconduct_report.update(open_session, supervisor, case.id, more, seen=case.version)

    def test_everything_that_is_missing_is_named_at_once(
        self, open_session: Session, person: Person, supervisor: Actor
    ) -> None:
        with pytest.raises(LeftOut, match="失信类型、情节与期限、事实"):
            misconduct_report.create(open_session, supervisor, person.id, report(kind=None, severity=None, facts=" "))

    def test_hours_of_somebody_else_are_no_part_of_it(
        self, open_session: Session, person: Person, employer: Organisation, supervisor: Actor
    ) -> None:
        other = factories.create_person(open_session, employer=employer)
        claim = factories.create_claim(open_session, other, status=ClaimStatus.APPROVED)
        with pytest.raises(NotFound):
            misconduct_report.create(open_session, supervisor, person.id, report(claim_ids=[claim.id]))

    def test_people_are_found_by_name_or_whole_number_in_ones_own_divisions(
        self, open_session: Session, employer: Organisation, supervisor: Actor
    ) -> None:
        number = factories.invented_id_number()
        person = factories.create_person(open_session, name="欧阳若谷", employer=employer, id_number=number)
        for text in ("欧阳", number, number.lower()):
            found = misconduct_report.find_people(open_session, supervisor, text)
            assert [each.person.id for each in found] == [person.id]
        assert misconduct_report.find_people(open_session, supervisor, " ") == []
        elsewhere = factories.actor_of(open_session, factories.create_supervisor(open_session, "440300"))
        assert misconduct_report.find_people(open_session, elsewhere, "欧阳") == []
