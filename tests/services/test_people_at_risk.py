"""The people at risk: named to the supervisors of their employer, once the look is in the log."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.events import Event
from db.organisations import Organisation
from db.people import Person
from services import clock, forecasts, people_at_risk
from services.errors import NotFound, PermissionDenied
from services.people_at_risk import LookNotRecorded, PersonAtRisk
from services.permissions import Actor
from tests.forecasts import september
from tests.services.acting import last_event, refused


@pytest.fixture(autouse=True)
def _september() -> Iterator[None]:
    with september():
        yield


def people_of(actor: Actor, employer: Organisation, after_id: int = 0) -> Sequence[PersonAtRisk]:
    with transaction() as session:
        people_at_risk.note(session, actor, employer.id)
    with reading() as session:
        return people_at_risk.page(session, actor, employer.id, after_id=after_id)


def test_the_people_at_risk_are_named_with_what_they_miss(
    supervisor: Actor, employer: Organisation, forecast_staff: list[Person]
) -> None:
    found = people_of(supervisor, employer)
    with reading() as session:
        (row,) = forecasts.list_employers(session, supervisor)
    assert [each.name for each in found] == [person.name for person in forecast_staff[2:]] + [forecast_staff[1].name]
    assert row.this_year.at_risk == len(found) == 11
    assert [str(line.missing) for line in found[0].hours] == ["0.0", "42.0", "18.0"]
    assert [str(line.missing) for line in found[-1].hours] == ["0.0", "0.0", "18.0"]
    assert all(0 < each.probability < 0.5 for each in found)
    assert found[0].probability <= found[-1].probability
    assert "*" in found[0].id_number_masked


def test_pages_hold_everybody_at_risk_once(
    supervisor: Actor, employer: Organisation, forecast_staff: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_at_risk, "PAGE_SIZE", 4)
    seen: list[int] = []
    while page := people_of(supervisor, employer, after_id=seen[-1] if seen else 0):
        seen += [each.binding_id for each in page]
    assert len(seen) == len(set(seen)) == len(forecast_staff) - 1


@pytest.mark.usefixtures("forecast_staff")
def test_a_look_at_names_is_kept_once_in_half_an_hour(supervisor: Actor, employer: Organisation) -> None:
    def is_noted() -> bool:
        with reading() as session:
            return people_at_risk.is_noted(session, supervisor, employer.id)

    assert not is_noted()
    with transaction() as session:
        people_at_risk.note(session, supervisor, employer.id)
    event = last_event()
    assert (event.action, event.object_type, event.object_id) == ("people_at_risk_read", "organisation", employer.id)
    assert is_noted()
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert not is_noted()


@pytest.mark.usefixtures("forecast_staff")
def test_nobody_is_named_before_the_look_is_kept(supervisor: Actor, employer: Organisation) -> None:
    assert refused(people_at_risk.page, supervisor, employer.id) is LookNotRecorded
    assert people_of(supervisor, employer)
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert refused(people_at_risk.page, supervisor, employer.id) is LookNotRecorded


@pytest.mark.usefixtures("forecast_staff")
def test_a_look_beyond_the_scope_is_refused_before_it_is_kept(
    reviewer: Actor, employer: Organisation, supervisor: Actor, neighbour: Organisation
) -> None:
    with transaction() as session, pytest.raises(PermissionDenied):
        people_at_risk.note(session, reviewer, employer.id)
    with transaction() as session, pytest.raises(NotFound):
        people_at_risk.note(session, supervisor, neighbour.id)
    with reading() as session:
        assert session.scalar(select(Event.id).where(Event.action == people_at_risk.ACTION)) is None


@pytest.mark.usefixtures("neighbour")
def test_before_the_first_forecast_nobody_is_at_risk(supervisor: Actor, employer: Organisation) -> None:
    assert people_of(supervisor, employer) == []
