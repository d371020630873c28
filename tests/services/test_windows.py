"""The window of a year: who changes it, what it may say, and what follows for claims."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from db.claims import ClaimAction
from db.events import pending
from db.statistics import ClaimYear
from services import claims, clock, requirements
from services.conversion import MoreThanDaysHold
from services.errors import InvalidField, PermissionDenied, WrongStatus
from services.permissions import Actor
from services.requirements import WindowClosed, WindowForm
from services.rulemaking import NotTopmost
from tests import factories
from tests.services.claim_forms import FORM, TODAY

LATER = WindowForm(date(2026, 6, 1), date(2027, 3, 31), 6, "按年度通知调整")


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def supervisor(open_session: Session) -> Actor:
    return factories.actor_of(open_session, factories.create_supervisor(open_session, "440000"))


@pytest.fixture
def professional(open_session: Session) -> Actor:
    employer = factories.create_employer(open_session)
    return factories.actor_for(open_session, factories.create_person(open_session, employer=employer))


def version(session: Session) -> int:
    return session.get_one(ClaimYear, 2026).version


def test_a_change_is_kept_with_its_reason(open_session: Session, supervisor: Actor) -> None:
    window = requirements.change_window(open_session, supervisor, 2026, LATER, seen=version(open_session))
    assert (window.claim_from, window.claim_to) == (LATER.claim_from, LATER.claim_to)
    assert window.hours_per_day == LATER.hours_per_day
    (event,) = pending(open_session)
    assert (event.action, event.before["year"], event.after["reason"]) == ("window_change", 2026, LATER.reason)
    assert event.before["claim_from"] == "2026-01-01"


def test_a_change_made_from_an_old_view_is_refused(open_session: Session, supervisor: Actor) -> None:
    seen = version(open_session)
    requirements.change_window(open_session, supervisor, 2026, LATER, seen=seen)
    open_session.flush()
    with pytest.raises(WrongStatus):
        requirements.change_window(open_session, supervisor, 2026, LATER, seen=seen)


@pytest.mark.parametrize(
    "change",
    [
        {"claim_from": None},
        {"claim_to": None},
        {"hours_per_day": None},
        {"reason": " "},
        {"claim_from": date(2025, 12, 31)},
        {"claim_to": date(2026, 5, 31)},
        {"hours_per_day": 0},
        {"hours_per_day": "24.1"},
    ],
)
def test_a_window_that_makes_no_sense_is_refused(
    open_session: Session, supervisor: Actor, change: dict[str, object]
) -> None:
    form = replace(LATER, **change)  # type: ignore[arg-type]  # that is the test
    with pytest.raises(InvalidField):
        requirements.change_window(open_session, supervisor, 2026, form, seen=version(open_session))
    assert open_session.get_one(ClaimYear, 2026).claim_from == date(2026, 1, 1)


def test_only_the_topmost_supervisor_changes_it(open_session: Session, supervisor: Actor, professional: Actor) -> None:
    below = factories.actor_of(open_session, factories.create_supervisor(open_session, "440104"))
    with pytest.raises(NotTopmost):
        requirements.change_window(open_session, below, 2026, LATER, seen=1)
    assert requirements.list_windows(open_session, below)[0].year == 2030
    with pytest.raises(PermissionDenied):
        requirements.list_windows(open_session, professional)
    with pytest.raises(PermissionDenied):
        requirements.change_window(open_session, professional, 2026, LATER, seen=1)
    requirements.change_window(open_session, supervisor, 2026, LATER, seen=1)


def test_what_was_learned_before_a_late_window_opened_can_be_claimed_in_it(
    open_session: Session, supervisor: Actor, professional: Actor
) -> None:
    requirements.change_window(
        open_session, supervisor, 2026, replace(LATER, hours_per_day=8), seen=version(open_session)
    )
    open_session.flush()
    assert FORM.start_on is not None
    assert FORM.start_on < date(2026, 6, 1)
    assert claims.create(open_session, professional, FORM).start_on == FORM.start_on


def test_a_draft_is_bound_by_the_window_that_holds_when_it_is_sent(
    open_session: Session, supervisor: Actor, professional: Actor
) -> None:
    claim = claims.create(open_session, professional, FORM)
    factories.create_evidence(open_session, claim)
    open_session.expire(claim)
    closed = replace(LATER, claim_from=date(2026, 1, 1), claim_to=date(2026, 6, 14))
    requirements.change_window(open_session, supervisor, 2026, closed, seen=version(open_session))
    open_session.flush()
    with pytest.raises(WindowClosed):
        claims.act(open_session, professional, claim.id, ClaimAction.SUBMIT, seen=claim.version, attested=True)
    with clock.at(datetime(2026, 6, 14, 2, tzinfo=UTC)), pytest.raises(MoreThanDaysHold, match="超出了"):
        claims.act(open_session, professional, claim.id, ClaimAction.SUBMIT, seen=claim.version, attested=True)
