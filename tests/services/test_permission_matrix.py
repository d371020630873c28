"""Every service function that a click can reach, asked by everybody for things of everybody.

Whether it lets in, what it writes when it does not, and whether anything of somebody else is in what it says.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from db import reading, transaction
from db.claims import Claim
from services import clock, dashboard_run
from services.errors import NotFound
from services.permissions import SYSTEM, Actor, Permission
from tests.matrix import scope, table, world
from tests.matrix.answers import Answer, Heard, ask
from tests.matrix.functions import Call, reachable
from tests.matrix.world import Relation, Who, World
from tests.services.claim_forms import TODAY

PARTS = 8
FUNCTIONS, TABLE = reachable(), table.functions()
# Hashing a password holds up all other writers on SQLite, so the account is made first; the refusal takes it back.
WRITES_BEFORE_IT_REFUSES = {"reviewers.appoint_new"}


class Asked(frozenset[Permission]):
    """The permissions of an actor, which note for which of them somebody has looked."""

    notes: ClassVar[set[Permission]] = set()

    def __contains__(self, permission: object) -> bool:
        assert isinstance(permission, Permission)
        self.notes.add(permission)
        return super().__contains__(permission)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[Permission]:
    """Which permissions were looked at."""
    real, notes = Actor.permissions, set[Permission]()
    monkeypatch.setattr(Asked, "notes", notes)
    monkeypatch.setattr(Actor, "permissions", property(lambda actor: Asked(real.__get__(actor))))
    return notes


@pytest.fixture
def stage(database: Engine) -> Iterator[tuple[World, Connection]]:
    """In the middle of a year, so that no form is too early or too late."""
    with clock.at(TODAY):
        with transaction() as session:
            built = world.build(session)
        dashboard_run.make(reading, transaction, SYSTEM)
        with database.connect() as connection, connection.begin() as begun:
            yield built, connection
            begun.rollback()


@dataclass(frozen=True)
class Question:
    """Somebody asks one function for one's thing, in each way there is."""

    name: str
    call: Call
    who: Who
    relation: Relation

    def answers(self, connection: Connection, built: World) -> list[Answer]:
        actor = built.actors[self.who]
        runs = (partial(self.call.run, actor, way) for way in self.call.ways(built.things[self.relation]))
        return [ask(connection, run) for run in runs]

    def faults(self, connection: Connection, built: World) -> Iterator[str]:
        answers = self.answers(connection, built)
        heard, place = {answer.heard for answer in answers}, f"{self.name}, {self.who}, {self.relation.name}"
        if scope.may(built.actors[self.who], self.who, self.name, TABLE[self.name], self.relation):
            if heard == {Heard.REFUSED} or (Heard.LET_IN not in heard and self.name not in table.BARREN):
                yield f"{place}: is {heard}"
        elif self.name not in table.UNGUARDED:
            if Heard.LET_IN in heard:
                yield f"{place}: is let in"
            if any(answer.wrote for answer in answers) and self.name not in WRITES_BEFORE_IT_REFUSES:
                yield f"{place}: writes {sorted(set(answers[0].wrote))}"
        for stranger in set(Relation) - scope.reaches(self.name, self.who):
            if any(stranger in answer.said for answer in answers):
                yield f"{place}: hears of {stranger.name}"


def questions(name: str, call: Call, built: World) -> Iterator[Question]:
    """Without the permission it makes little difference whose the thing is."""
    for who, actor in built.actors.items():
        relations = list(Relation) if actor.permissions & TABLE[name] else [Relation.OWN, Relation.ELSEWHERE]
        asked_for = relations if call.is_about_a_thing else [Relation.OWN]
        yield from (Question(name, call, who, relation) for relation in asked_for)


@pytest.mark.no_database
def test_every_function_that_a_click_can_reach_stands_in_the_table() -> None:
    assert sorted(FUNCTIONS.keys() - TABLE.keys()) == []


@pytest.mark.no_database
def test_the_table_names_nothing_else_and_nothing_in_two_ways() -> None:
    guarded = {name for name, needed in TABLE.items() if needed}
    assert sorted(TABLE.keys() - FUNCTIONS.keys()) == []
    assert not guarded & (table.UNGUARDED | table.HANDED).keys()
    assert not table.UNGUARDED.keys() & table.HANDED.keys()
    assert guarded >= table.BARREN
    assert guarded >= scope.UNUSUAL.keys()


@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_reaches_what_the_table_says_and_nothing_else(
    part: int, stage: tuple[World, Connection], asked: set[Permission]
) -> None:
    built, connection = stage
    faults = list[str]()
    for name in sorted(FUNCTIONS.keys() - table.HANDED)[part::PARTS]:
        asked.clear()
        for question in questions(name, Call(name, FUNCTIONS[name]), built):
            faults += question.faults(connection, built)
        faults += [f"{name}: does not ask for {permission}" for permission in TABLE[name] - asked]
    assert not faults, "\n".join(faults)


def open_door(session: Session, actor: Actor, claim_id: int) -> Claim:
    return session.get_one(Claim, claim_id)


def too_early(session: Session, actor: Actor, claim_id: int) -> None:
    session.get_one(Claim, claim_id).title = "改"
    session.flush()
    raise NotFound


def closed_door(session: Session, actor: Actor, claim_id: int) -> None:
    raise NotFound


@pytest.mark.parametrize(
    ("function", "fault"),
    [
        (open_door, "claims.get, analyst, ELSEWHERE: is let in"),
        (open_door, "claims.get, professional, COLLEAGUE: hears of COLLEAGUE"),
        (too_early, "claims.get, employer, NEIGHBOUR: writes ['UPDATE claim"),
        (closed_door, "claims.get, supervisor, NEIGHBOUR: is {<Heard.REFUSED: 'refused'>}"),
    ],
)
def test_a_service_that_lets_the_wrong_ones_in_is_found(
    function: Any, fault: str, stage: tuple[World, Connection]
) -> None:
    built, connection = stage
    asked_of = questions("claims.get", Call("claims.get", function), built)
    faults = [each for question in asked_of for each in question.faults(connection, built)]
    assert any(found.startswith(fault) for found in faults), faults
