"""Figures over the rows of old systems: what a plain loop finds as well, and the rows that stand behind each."""

from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from db import transaction
from db.accounts import Role
from db.claims import Category
from db.legacy import LegacyKind, LegacyMatch
from db.snapshots import Snapshot
from services import explored_rows, pivots, question_sql, questions
from services.errors import PermissionDenied
from services.permissions import Actor
from services.pivots import REST, TOTAL
from services.questions import EVERYTHING, UNKNOWN, Dimension, Measure, Question
from tests import factories
from tests import legacy_files as files
from tests.services import exploring
from tests.services.exploring import everything, recomputed, told

ROWS = 70
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "division": st.sampled_from(["440000", "440100", "450000", UNKNOWN]),
        "year_from": st.sampled_from([2015, 2016, 2018]),
        "year_to": st.sampled_from([2014, 2016, 2017]),
        "category": st.sampled_from([*map(str, Category), UNKNOWN]),
        "kind": st.sampled_from(list(LegacyKind)),
        "matching": st.sampled_from(list(LegacyMatch)),
        "system": st.sampled_from(["省旧系统", "没有"]),
        "employer": st.sampled_from([files.EMPLOYERS[0], UNKNOWN]),
        "hours_from": st.sampled_from([Decimal("8.0"), Decimal("8.5"), Decimal(200)]),
        "hours_to": st.sampled_from([Decimal("8.0"), Decimal("16.0")]),
        "text": st.sampled_from(["医院", "明月", "晴川市", "%", "'"]),
    },
)
UNHURRIED = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
ADDRESSES = st.dictionaries(st.sampled_from([each.name for each in fields(Question)]), st.text() | st.integers())
QUESTIONS = st.builds(
    lambda narrowed, rows, columns, measure: Question(**narrowed, rows=rows, columns=columns, measure=measure),
    FILTERS,
    st.sampled_from(Dimension),
    st.none() | st.sampled_from(Dimension),
    st.sampled_from(Measure),
)


@pytest.fixture
def analyst(database: Engine) -> Actor:
    return exploring.analyst()


@pytest.fixture
def made(analyst: Actor) -> Snapshot:
    with transaction() as session:
        factories.create_employer(session, name=files.EMPLOYERS[0], division="440103")
    exploring.imported(exploring.records(ROWS))
    exploring.imported([files.CERTIFICATE_HEADER, *(files.certificate(each) for each in range(7))], name="证书.csv")
    return exploring.snapshot(analyst)


def holds(row: explored_rows.ExploredRow, question: Question) -> bool:
    """Whether a row is among those that are asked for, by the plainest reading of every filter."""
    unknown = {"division": row.division, "category": row.category, "employer": row.employer}
    return all(
        (
            question.division in ("", UNKNOWN) or row.division.startswith(question.division.rstrip("0")),
            all(getattr(question, name) != UNKNOWN or value == "" for name, value in unknown.items()),
            question.category in ("", UNKNOWN, row.category),
            question.employer in ("", UNKNOWN, row.employer),
            question.system in ("", row.system),
            question.kind in (None, row.kind),
            question.matching in (None, row.matching),
            question.year_from is None or row.year >= question.year_from,
            question.year_to is None or row.year <= question.year_to,
            question.hours_from is None or row.hours >= question.hours_from,
            question.hours_to is None or row.hours <= question.hours_to,
            question.text in row.name or question.text in row.employer,
        )
    )


def test_every_figure_is_what_a_plain_loop_finds_and_every_group_leads_to_its_rows(
    analyst: Actor, made: Snapshot
) -> None:
    all_rows = everything(analyst, made, EVERYTHING)
    assert len(all_rows) == made.row_count == ROWS + 7

    @UNHURRIED
    @given(QUESTIONS)
    def check(question: Question) -> None:
        wanted = [row for row in all_rows if holds(row, question)]
        assert everything(analyst, made, question) == wanted
        pivot = pivots.ask(analyst, made, question)
        assert told(pivot) == recomputed(wanted, question)
        for key in pivot.rows:
            behind = everything(analyst, made, question_sql.narrowed(question, question.rows, key))
            assert len(behind) == pivot.cells[key, TOTAL].rows

    check()


@pytest.mark.no_database
@UNHURRIED
@given(QUESTIONS)
def test_a_question_comes_back_from_the_address_as_it_went_there(question: Question) -> None:
    assert questions.understood(questions.words(question)) == question


@pytest.mark.no_database
@UNHURRIED
@given(ADDRESSES)
def test_whatever_stands_in_an_address_is_a_question(given: dict[str, str | int]) -> None:
    question = questions.understood(given)
    assert questions.understood(questions.words(question)) == question


def test_whatever_stands_in_an_address_can_be_asked(analyst: Actor, made: Snapshot) -> None:
    @UNHURRIED
    @given(ADDRESSES)
    def check(given: dict[str, str | int]) -> None:
        pivots.ask(analyst, made, questions.understood(given))

    check()


def test_of_too_many_groups_the_largest_are_told_apart_and_nothing_is_lost(
    analyst: Actor, made: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pivots, "MOST_ROWS", 2)
    question = replace(EVERYTHING, rows=Dimension.EMPLOYER, columns=Dimension.YEAR)
    pivot = pivots.ask(analyst, made, question)
    assert (len(pivot.rows), pivot.rows[-1]) == (3, REST)
    assert sum(pivot.cells[row, TOTAL].rows for row in pivot.rows) == ROWS + 7


def test_divisions_are_those_next_below_the_one_that_is_asked_for(analyst: Actor, made: Snapshot) -> None:
    def below(division: str) -> list[str]:
        question = replace(EVERYTHING, rows=Dimension.DIVISION, division=division)
        return list(pivots.ask(analyst, made, question).rows)

    assert [below(code) for code in ("", "440000", "440100", "440103")] == [
        ["", "440000"],
        ["440100"],
        ["440103"],
        ["440103"],
    ]


def test_one_who_is_there_twice_is_one_person(analyst: Actor, made: Snapshot) -> None:
    pivot = pivots.ask(analyst, made, replace(EVERYTHING, measure=Measure.PEOPLE))
    assert pivot.told(TOTAL, TOTAL) == len({row.id_number_masked for row in everything(analyst, made, EVERYTHING)})
    assert (pivot.told(TOTAL, TOTAL) or 0) < ROWS


def test_the_same_answer_has_the_same_digest_and_another_one_another(analyst: Actor, made: Snapshot) -> None:
    asked = [EVERYTHING, EVERYTHING, replace(EVERYTHING, year_from=2016), replace(EVERYTHING, text="没有人")]
    digests = [pivots.ask(analyst, made, question).digest for question in asked]
    assert digests[0] == digests[1] == pivots.ask(analyst, made, EVERYTHING, counting_people=True).digest
    assert len(set(digests)) == 3


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANALYST])
def test_nobody_but_an_analyst_is_told_anything(made: Snapshot, role: Role) -> None:
    for ask in (pivots.ask, explored_rows.page):
        with pytest.raises(PermissionDenied):
            ask(exploring.somebody(role), made, EVERYTHING)
