"""Whom rows of old systems are about: found by number, proposed by traits, decided, taken back, decided again."""

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.legacy import LegacyMatch, LegacyRow
from db.legacy_decisions import Confidence, LegacyVerdict
from services import (
    legacy_candidates,
    legacy_settling,
    reconciliation,
)
from services.errors import NotFound
from services.legacy_candidates import Trait, confidence
from services.legacy_decisions import Judgement
from services.permissions import Actor
from services.reconciliation import Decided, Wanted
from tests import factories
from tests import legacy_files as files
from tests.counting import CountQueries
from tests.services.reconciling import (
    BORN,
    NAME,
    certificate,
    certificates,
    counts,
    create_analyst,
    create_employer,
    create_person,
    decide,
    matching,
    number_of,
    row,
)


@pytest.fixture
def analyst() -> Actor:
    return create_analyst()


def test_the_same_number_and_name_are_the_person() -> None:
    person = create_person()
    certificates(certificate(1, number=number_of(person.id)))
    assert (row(1).matching, row(1).person_id, row(1).decision_id) == (LegacyMatch.MATCHED, person.id, None)


def test_the_same_number_under_another_name_is_for_a_human_to_tell() -> None:
    person = create_person()
    certificates(certificate(1, number=number_of(person.id), name="欧阳晓川"))
    assert (row(1).matching, row(1).person_id) == (LegacyMatch.AMBIGUOUS, None)


@pytest.mark.parametrize(
    ("born", "employed", "found"),
    [(BORN, True, True), (BORN, False, True), ("", True, True), (BORN - 1, True, True), (BORN - 1, False, False)],
)
def test_without_a_number_a_name_needs_a_birth_year_or_an_employer_beside_it(
    born: object, employed: bool, found: bool
) -> None:
    employer = create_employer()
    create_person(employer if employed else None)
    certificates(certificate(1, born=born))
    assert matching(1) is (LegacyMatch.AMBIGUOUS if found else LegacyMatch.ORPHAN)


@pytest.mark.parametrize(("employed", "found"), [(True, True), (False, False)])
def test_another_number_needs_everything_else_to_agree(employed: bool, found: bool) -> None:
    employer = create_employer()
    create_person(employer if employed else None)
    certificates(certificate(1, number=factories.invented_id_number(77_777)))
    assert matching(1) is (LegacyMatch.AMBIGUOUS if found else LegacyMatch.ORPHAN)


TRAITS: dict[Confidence, list[tuple[bool | None, ...]]] = {
    Confidence.HIGH: [(True, False, None, None), (None, True, True, True)],
    Confidence.MEDIUM: [(None, True, True, None), (None, True, None, True)],
    Confidence.LOW: [
        (False, True, True, True),
        (None, True, True, False),
        (None, True, False, True),
        (None, True, None, None),
        (None, False, True, True),
    ],
}


@pytest.mark.parametrize(("stated", "agrees"), [(stated, each) for stated, all_ in TRAITS.items() for each in all_])
def test_confidence_is_stated_by_what_agrees(stated: Confidence, agrees: tuple[bool | None, ...]) -> None:
    assert confidence(dict(zip(Trait, agrees, strict=True))) is stated


def test_candidates_are_listed_the_likeliest_first_with_what_agrees(analyst: Actor) -> None:
    employer = create_employer()
    stranger, colleague = create_person(), create_person(employer)
    certificates(certificate(1, born=BORN))
    with reading() as session:
        first, second = legacy_candidates.of_row(session, analyst, row(1))
    assert (first.person.id, first.confidence) == (colleague.id, Confidence.HIGH)
    assert list(first.agrees.values()) == [None, True, True, True]
    assert list(first.employers) == [employer.name]
    assert (second.person.id, second.confidence) == (stranger.id, Confidence.LOW)
    assert list(second.agrees.values()) == [None, True, True, False]


TOLD = [
    (born, name, employer)
    for born in ("", BORN, BORN - 1)
    for name in (NAME, "欧阳大川")
    for employer in files.EMPLOYERS[:3]
    for _numbered in (True, False)
]
ROWS = [
    certificate(
        serial,
        number=factories.invented_id_number(50_000 + serial % 3) if serial % 2 else "",
        born=born,
        name=name,
        employer=employer,
    )
    for serial, (born, name, employer) in enumerate(TOLD)
]


def test_a_row_is_ambiguous_exactly_when_there_are_candidates(analyst: Actor) -> None:
    employers = [create_employer(name) for name in files.EMPLOYERS[:2]]
    for number, employer in enumerate((employers[0], employers[1], None)):
        create_person(employer, number=factories.invented_id_number(50_000 + number))
    certificates(*ROWS)
    with reading() as session:
        rows = session.scalars(select(LegacyRow).where(LegacyRow.matching != LegacyMatch.MATCHED)).all()
        found = {each.id: bool(legacy_candidates.of_row(session, analyst, each)) for each in rows}
    assert {each.id: each.matching is LegacyMatch.AMBIGUOUS for each in rows} == found
    assert set(found.values()) == {True, False}


def test_whoever_registers_finds_his_rows() -> None:
    number = factories.invented_id_number(60_001)
    certificates(certificate(1, number=number), certificate(2, born=BORN))
    assert (matching(1), matching(2)) == (LegacyMatch.ORPHAN, LegacyMatch.ORPHAN)
    person = create_person(number=number)
    with transaction() as session:
        legacy_settling.find_rows_of(session, [person])
    assert (row(1).person_id, matching(2)) == (person.id, LegacyMatch.AMBIGUOUS)


def test_the_four_kinds_are_all_the_rows_that_were_let_in(analyst: Actor) -> None:
    person = create_person()
    first = certificates(
        certificate(1, number=number_of(person.id)), certificate(2, born=BORN), certificate(3), certificate(4, year=16)
    )
    second = certificates(certificate(1, number=number_of(person.id)), certificate(5))
    assert counts(analyst) == {
        LegacyMatch.MATCHED: 1,
        LegacyMatch.AMBIGUOUS: 1,
        LegacyMatch.ORPHAN: 2,
        LegacyMatch.DUPLICATE: 1,
    }
    assert sum(counts(analyst).values()) == sum(each.accepted + each.duplicates for each in (first, second))


def test_rejected_rows_are_none_of_it(analyst: Actor) -> None:
    importing = certificates(certificate(1, year=16), certificate(2))
    with reading() as session:
        rejected = select(LegacyRow.id).where(LegacyRow.import_id == importing.id, LegacyRow.matching.is_(None))
        with pytest.raises(NotFound):
            reconciliation.get(session, analyst, session.scalars(rejected).one())


def test_the_list_is_narrowed_by_the_beginning_of_a_name_a_number_and_who_decided(analyst: Actor) -> None:
    certificates(certificate(1), certificate(2, name="欧阳大川"), certificate(3, name="司马"))
    decide(analyst, 3, Judgement(LegacyVerdict.NOBODY, reason="已退休"))

    def found(**wanted: object) -> list[str]:
        with reading() as session:
            asked = Wanted(LegacyMatch.ORPHAN, **wanted)  # type: ignore[arg-type]  # by name
            return [each.number for each in reconciliation.queue(session, analyst, asked)]

    assert found() == ["旧1", "旧2", "旧3"]
    assert found(text="欧阳") == ["旧1", "旧2"]
    assert found(text="旧3") == ["旧3"]
    assert found(decided=Decided.YES) == ["旧3"]
    assert found(decided=Decided.NO) == ["旧1", "旧2"]


def test_after_a_decision_the_next_row_is_open(analyst: Actor) -> None:
    certificates(*(certificate(number) for number in (1, 2, 3)))
    ids = [row(number).id for number in (1, 2, 3)]
    with reading() as session:
        page = [reconciliation.get(session, analyst, ids[0]), reconciliation.get(session, analyst, ids[2])]
        opened = {
            named: reconciliation.open_row(session, analyst, page, matching=LegacyMatch.ORPHAN, named=named)
            for named in (None, ids[0], ids[1])
        }
        gone = reconciliation.open_row(session, analyst, page, matching=LegacyMatch.AMBIGUOUS, named=ids[1])
    assert [each.id for each in opened.values() if each] == [ids[0], ids[0], ids[1]]
    assert [each.id for each in (gone,) if each] == [ids[2]]


def test_matching_costs_the_same_for_one_row_and_for_many(count_queries: CountQueries) -> None:
    create_person()
    certificates(certificate(1000))
    with count_queries() as few:
        certificates(certificate(1))
    with count_queries() as many:
        certificates(*(certificate(number, born=BORN) for number in range(2, 300)))
    assert len(many) == len(few)


def test_matching_again_finds_who_has_come_since(analyst: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciliation, "BATCH", 2)
    number = factories.invented_id_number(61_000)
    certificates(*(certificate(serial) for serial in range(1, 6)), certificate(6, number=number))
    create_person(number=number)
    seen: list[tuple[int, int]] = []
    reconciliation.match_again(transaction, analyst, on_progress=lambda *done: seen.append(done))
    assert (matching(6), seen[-1][0]) == (LegacyMatch.MATCHED, seen[-1][1])
    assert len(seen) == 3
