"""Bindings that were there before their steps were kept."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, select

from db import migrate, reading
from db.people import BindingStep
from tests.database import KINDS
from tests.first_tables import AT, DAY, accounts, filled, organisation, people


def binding(number: int, person: int, status: str, decided_by: int | None = None, reason: str = "") -> dict[str, Any]:
    decided = {"decided_by_id": decided_by, "decided_at": decided_by and AT, "reason": reason}
    started_on = DAY if status == "active" else None
    row = {"id": number, "person_id": person, "organisation_id": 1, "status": status, "started_on": started_on}
    return {**row, **decided, "requested_at": AT, "version": 1}


@pytest.fixture(params=KINDS)
def earlier(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database as it was at first, with a refusal, a request and a confirmation."""
    asked = [binding(1, 1, "refused", 3, "查无此人"), binding(2, 1, "requested"), binding(3, 2, "active", 3)]
    rows = {"account": accounts(), "person": people(), "organisation": [organisation()], "binding": asked}
    with filled(request.param, rows) as engine:
        yield engine


def test_what_was_known_of_a_binding_becomes_its_steps(earlier: Engine) -> None:
    migrate.upgrade()
    with reading() as current:
        steps = current.scalars(select(BindingStep).order_by(BindingStep.binding_id, BindingStep.id)).all()
    assert [(s.binding_id, s.actor_name, s.action, s.from_status, s.to_status, s.reason) for s in steps] == [
        (1, "林知夏", "request", None, "requested", ""),
        (1, "黄景行", "refuse", "requested", "refused", "查无此人"),
        (2, "林知夏", "request", None, "requested", ""),
        (3, "陈望舒", "request", None, "requested", ""),
        (3, "黄景行", "confirm", "requested", "active", ""),
    ]
    assert {s.at for s in steps} == {AT}
    assert [s.effective_on for s in steps if s.effective_on] == [DAY]
    migrate.migrate_to("base")
