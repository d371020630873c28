"""Questions that are kept: everybody's own, with the answer of that day, and again the same for the same rows."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from db import reading, transaction
from db.accounts import Role
from db.events import Event
from db.snapshots import SavedQuestion, Snapshot
from services import pivots, questions, saved_questions
from services.errors import InvalidField, NotFound, PermissionDenied
from services.permissions import Actor
from services.questions import EVERYTHING, Chart, Question
from services.saved_questions import QuestionNameTaken, TooManyQuestions
from tests.services import exploring

ASKED = replace(EVERYTHING, chart=Chart.EMPLOYERS, text="医院", year_from=2016)


@pytest.fixture
def analyst(database: Engine) -> Actor:
    return exploring.analyst()


@pytest.fixture
def made(analyst: Actor) -> Snapshot:
    exploring.imported(exploring.records(30))
    return exploring.snapshot(analyst)


def save(actor: Actor, made: Snapshot, name: str = "医院", question: Question = ASKED) -> SavedQuestion:
    answer = pivots.ask(actor, made, questions.charted(question))
    with transaction() as session:
        return saved_questions.save(session, actor, name, question, answer)


def names(actor: Actor) -> list[str]:
    with reading() as session:
        return [each.name for each in saved_questions.list_own(session, actor)]


def test_a_question_is_kept_with_its_answer_and_asked_again_as_it_was(analyst: Actor, made: Snapshot) -> None:
    save(analyst, made)
    with reading() as session:
        (kept,) = saved_questions.list_own(session, analyst)
    assert questions.understood(kept.words) == ASKED
    again = pivots.ask(analyst, exploring.snapshot(analyst), questions.charted(ASKED))
    assert (kept.figure, kept.figure_hash) == (saved_questions.figure(again), again.digest)
    assert (kept.snapshot_id, kept.snapshot_hash) == (made.id, made.sha256)
    exploring.imported(exploring.records(60), name="又.csv")
    changed = pivots.ask(analyst, exploring.snapshot(analyst), questions.charted(ASKED))
    assert kept.figure_hash != changed.digest


def test_an_answer_of_nothing_can_be_kept(analyst: Actor, made: Snapshot) -> None:
    assert save(analyst, made, question=replace(ASKED, text="没有人")).figure == "0"


def test_everybody_has_his_own(analyst: Actor, made: Snapshot) -> None:
    kept, other = save(analyst, made), exploring.analyst()
    assert (names(analyst), names(other)) == (["医院"], [])
    save(other, made)
    with transaction() as session, pytest.raises(NotFound):
        saved_questions.delete(session, other, kept.id)
    with transaction() as session:
        saved_questions.delete(session, analyst, kept.id)
    assert (names(analyst), names(other)) == ([], ["医院"])


def test_a_name_is_given_once_and_says_something(analyst: Actor, made: Snapshot) -> None:
    save(analyst, made)
    with pytest.raises(QuestionNameTaken):
        save(analyst, made, " 医院 ")
    for nothing in ("", "  ", "长" * 101):
        with pytest.raises(InvalidField):
            save(analyst, made, nothing)


def test_there_is_room_for_a_limited_number(analyst: Actor, made: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_questions, "MOST", 2)
    for name in ("一", "二"):
        save(analyst, made, name)
    with pytest.raises(TooManyQuestions):
        save(analyst, made, "三")


def test_what_is_kept_and_deleted_is_recorded_without_names_of_people(analyst: Actor, made: Snapshot) -> None:
    kept = save(analyst, made, question=replace(ASKED, text="林晓"))
    with transaction() as session:
        saved_questions.delete(session, analyst, kept.id)
    with reading() as session:
        found = session.scalars(select(Event).where(Event.object_type == "saved_question").order_by(Event.id)).all()
    assert [event.action for event in found] == ["question_save", "question_delete"]
    assert "林晓" not in str([(event.before, event.after) for event in found])


def test_nobody_but_an_analyst_keeps_any(analyst: Actor, made: Snapshot) -> None:
    answer = pivots.ask(analyst, made, EVERYTHING)
    other = exploring.somebody(Role.SUPERVISOR)
    with transaction() as session:
        with pytest.raises(PermissionDenied):
            saved_questions.save(session, other, "问题", EVERYTHING, answer)
        with pytest.raises(PermissionDenied):
            saved_questions.list_own(session, other)
        with pytest.raises(PermissionDenied):
            saved_questions.delete(session, other, 1)
