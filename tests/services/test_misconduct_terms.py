"""Terms of dishonesty records by their severity, and deadlines of objections and repair."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from db.misconduct import MisconductAction as Action
from db.misconduct import MisconductRecord, Severity
from db.misconduct import MisconductStatus as Status
from db.organisations import Organisation
from db.people import Person
from services import (
    clock,
    misconduct_access,
    misconduct_terms,
)
from services.errors import WrongStatus
from services.misconduct_moves import (
    RepairTooEarly,
)
from services.permissions import Actor
from tests import factories
from tests.misconduct_cases import create_case
from tests.services.misconduct_steps import act

LONG_AGO = timedelta(days=120)


@pytest.fixture
def owner(open_session: Session, person: Person) -> Actor:
    return factories.actor_for(open_session, person)


@pytest.mark.parametrize(
    ("severity", "years", "months"), [(Severity.MINOR, 1, 3), (Severity.ORDINARY, 3, 3), (Severity.SERIOUS, 5, 12)]
)
def test_the_term_follows_the_severity(severity: Severity, years: int, months: int) -> None:
    case = MisconductRecord(severity=severity)
    misconduct_terms.set_term(case, date(2024, 2, 29))
    assert case.ends_on == date(2024 + years, 2, 28)
    assert case.repair_from == clock.months_later(date(2024, 2, 29), months)


def test_objections_are_decided_in_three_working_days_or_seven(
    open_session: Session, person: Person, employer: Organisation, supervisor: Actor
) -> None:
    with clock.at(datetime(2026, 9, 29, 4, tzinfo=UTC)):
        case = create_case(open_session, person, employer, status=Status.OBJECTED)
        open_session.expire_all()
        found = misconduct_access.get(open_session, supervisor, case.id)
        until = misconduct_terms.decide_until(found)
        assert until is not None
        assert until.day == date(2026, 10, 9)
        act(open_session, supervisor, case, Action.EXTEND)
        later = misconduct_terms.decide_until(found)
        assert later is not None
        assert later.day == date(2026, 10, 14)
        with pytest.raises(WrongStatus):
            act(open_session, supervisor, case, Action.EXTEND)


def test_repair_is_asked_for_after_its_time_and_again_after_a_refusal(
    open_session: Session, person: Person, employer: Organisation, supervisor: Actor, owner: Actor
) -> None:
    case = create_case(open_session, person, employer, status=Status.CONFIRMED, at=clock.now())
    open_session.expire_all()
    with pytest.raises(RepairTooEarly):
        act(open_session, owner, case, Action.REQUEST_REPAIR)
    with clock.at(clock.now() + LONG_AGO):
        act(open_session, owner, case, Action.REQUEST_REPAIR)
        act(open_session, supervisor, case, Action.REFUSE)
        with pytest.raises(RepairTooEarly):
            act(open_session, owner, case, Action.REQUEST_REPAIR)
