"""Two analysts at the same moment, and an analyst beside an import."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import reading
from db.legacy import LegacyMatch
from db.legacy_decisions import LegacyDecision, LegacyVerdict
from services import legacy_decisions
from services.legacy_decisions import Judgement
from services.permissions import Actor
from tests.services.racing import at_once, refused
from tests.services.reconciling import (
    BORN,
    certificate,
    certificates,
    create_analyst,
    create_person,
    match,
    matching,
    row,
)


@pytest.fixture
def analysts() -> tuple[Actor, Actor]:
    return create_analyst(), create_analyst()


def decide(session: Session, actor: Actor, number: int, judgement: Judgement) -> None:
    legacy_decisions.decide(session, actor, number, judgement)


def in_force() -> int:
    with reading() as session:
        return len(session.scalars(select(LegacyDecision).where(LegacyDecision.undone_at.is_(None))).all())


@pytest.mark.parametrize("alike", [False, True])
def test_of_two_who_decide_about_a_row_the_second_is_refused(analysts: tuple[Actor, Actor], alike: bool) -> None:
    people = create_person(), create_person()
    certificates(certificate(1, born=BORN), certificate(2, born=BORN))
    calls = [
        partial(decide, actor=actor, number=row(serial).id, judgement=judgement)
        for actor, person, serial in zip(analysts, people, (1, 2 if alike else 1), strict=True)
        for judgement in [Judgement(LegacyVerdict.PERSON, person_id=person.id, alike=alike, reason="x")]
    ]
    assert at_once(*calls) == [False, True]
    assert (in_force(), matching(1)) == (1, LegacyMatch.MATCHED)


def test_of_two_who_take_a_decision_back_the_second_is_refused(analysts: tuple[Actor, Actor]) -> None:
    certificates(certificate(1, born=BORN))
    decision = match(analysts[0], 1, create_person())
    number = row(1).id
    calls = [
        lambda session, actor=actor: legacy_decisions.undo(session, actor, number, seen=decision.id)
        for actor in analysts
    ]
    assert at_once(*calls) == [False, True]
    assert (in_force(), matching(1)) == (0, LegacyMatch.AMBIGUOUS)


def test_two_rows_do_not_become_duplicates_of_each_other(analysts: tuple[Actor, Actor]) -> None:
    certificates(certificate(1), certificate(2))
    ids = row(1).id, row(2).id
    calls = [
        partial(decide, actor=actor, number=one, judgement=Judgement(LegacyVerdict.DUPLICATE, other_id=other))
        for actor, one, other in zip(analysts, ids, ids[::-1], strict=True)
    ]
    assert at_once(*calls) == [False, True]
    assert sorted(str(matching(serial)) for serial in (1, 2)) == ["duplicate", "orphan"]


def test_a_row_that_is_imported_while_somebody_decides_is_decided_about(analysts: tuple[Actor, Actor]) -> None:
    person = create_person()
    certificates(certificate(1, born=BORN))
    judgement = Judgement(LegacyVerdict.PERSON, person_id=person.id, alike=True)
    number, more = row(1).id, [certificate(serial, born=BORN) for serial in range(2, 30)]
    with ThreadPoolExecutor(2) as threads:
        importing = threads.submit(certificates, *more)
        deciding = threads.submit(refused, partial(decide, actor=analysts[0], number=number, judgement=judgement))
        importing.result()
        assert not deciding.result()
    assert {row(serial).person_id for serial in range(1, 30)} == {person.id}
