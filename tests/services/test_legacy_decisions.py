"""Decisions about rows of old systems: kept with their reason, taken back, applied again, refused."""

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Role
from db.events import Event
from db.legacy import LegacyMatch, LegacyOutcome, LegacyRow
from db.legacy_decisions import Confidence, LegacyDecision, LegacyVerdict
from db.people import Person
from services import (
    legacy_candidates,
    legacy_decisions,
    legacy_settling,
    legacy_undo,
    reconciliation,
)
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.legacy_decisions import HasDuplicates, Judgement, NotTheSame, OtherIsDuplicate, OwnRow
from services.permissions import SYSTEM, Actor
from services.reconciliation import MOVES, ReconciliationAction, Wanted
from tests import factories
from tests import legacy_files as files
from tests.services.legacy import imported
from tests.services.reconciling import (
    BORN,
    NAME,
    certificate,
    certificates,
    create_analyst,
    create_employer,
    create_person,
    decide,
    match,
    matching,
    number_of,
    row,
    undo,
)

NOBODY = Judgement(LegacyVerdict.NOBODY, reason="已退休，从未注册")


@pytest.fixture
def analyst() -> Actor:
    return create_analyst()


def test_a_decision_tells_who_when_and_why_and_is_taken_back(analyst: Actor) -> None:
    person = create_person()
    certificates(certificate(1, born=BORN))
    decided = match(analyst, 1, person)
    assert (row(1).person_id, matching(1), row(1).decision_id) == (person.id, LegacyMatch.MATCHED, decided.id)
    assert (decided.decided_by_id, decided.reason, decided.confidence) == (analyst.account_id, "同事证明", "medium")
    undo(analyst, 1)
    assert (row(1).person_id, matching(1), row(1).decision_id) == (None, LegacyMatch.AMBIGUOUS, None)
    with reading() as session:
        (kept,) = reconciliation.history(session, analyst, row(1))
        actions = session.scalars(select(Event.action).where(Event.object_type == "legacy_decision")).all()
    assert (kept.undone_by_id, kept.undo_reason) == (analyst.account_id, "看错了")
    assert actions == ["legacy_decide", "legacy_decision_undo"]


def test_one_decision_is_about_all_rows_that_say_the_same_of_the_person(analyst: Actor) -> None:
    person = create_person()
    same = [certificate(number, born=BORN, year=2010 + number) for number in range(1, 4)]
    certificates(*same, certificate(4, born=BORN, employer=files.EMPLOYERS[2]))
    with reading() as session:
        assert reconciliation.alike(session, analyst, row(1)) == 2
    match(analyst, 1, person, alike=True)
    assert [row(number).person_id for number in range(1, 5)] == [person.id] * 3 + [None]
    certificates(certificate(5, born=BORN, year=2018))
    assert row(5).person_id == person.id
    undo(analyst, 3)
    assert {matching(number) for number in range(1, 6)} == {LegacyMatch.AMBIGUOUS}


def test_a_decision_about_one_row_goes_before_one_about_all(analyst: Actor) -> None:
    one, other = create_person(), create_person()
    certificates(certificate(1, born=BORN), certificate(2, born=BORN))
    match(analyst, 1, other)
    match(analyst, 2, one, alike=True)
    assert (row(1).person_id, row(2).person_id) == (other.id, one.id)
    undo(analyst, 1)
    assert row(1).person_id == one.id


@pytest.mark.parametrize("alike", [False, True])
def test_decisions_are_applied_again_when_the_corrected_file_is_imported(analyst: Actor, alike: bool) -> None:
    person = create_person()
    first = certificates(certificate(1, born=BORN), certificate(2), certificate(3, year=16))
    match(analyst, 1, person, alike=alike)
    decide(analyst, 2, NOBODY)
    legacy_undo.undo(transaction, SYSTEM, first.id)
    certificates(certificate(3), certificate(1, born=BORN, hours=(18, 40, 12)), certificate(2, hours=(18, 40, 12)))
    assert (row(1).person_id, matching(1)) == (person.id, LegacyMatch.MATCHED)
    assert (matching(2), row(2).decision_id is None) == (LegacyMatch.ORPHAN, False)
    assert row(3).decision_id is None


def test_a_duplicate_is_one_only_as_long_as_the_other_row_is_there(analyst: Actor) -> None:
    province = certificates(certificate(1))
    certificates(certificate(2), system="市旧系统")
    decide(analyst, 2, Judgement(LegacyVerdict.DUPLICATE, other_id=row(1).id))
    assert matching(2) is LegacyMatch.DUPLICATE
    legacy_undo.undo(transaction, SYSTEM, province.id)
    assert (matching(2), row(2).decision_id) == (LegacyMatch.ORPHAN, None)
    certificates(certificate(1), certificate(9))
    assert matching(2) is LegacyMatch.DUPLICATE


def test_what_is_a_duplicate_of_a_row_that_is_gone_can_be_decided_anew(analyst: Actor) -> None:
    person, province = create_person(), certificates(certificate(1))
    certificates(certificate(2, born=BORN), system="市旧系统")
    decide(analyst, 2, Judgement(LegacyVerdict.DUPLICATE, other_id=row(1).id))
    legacy_undo.undo(transaction, SYSTEM, province.id)
    match(analyst, 2, person)
    certificates(certificate(1), certificate(9))
    assert row(2).person_id == person.id


def test_no_row_is_a_duplicate_of_a_duplicate(analyst: Actor) -> None:
    certificates(*(certificate(number) for number in (1, 2, 3)))
    decide(analyst, 2, Judgement(LegacyVerdict.DUPLICATE, other_id=row(1).id))
    with pytest.raises(OtherIsDuplicate):
        decide(analyst, 3, Judgement(LegacyVerdict.DUPLICATE, other_id=row(2).id))
    with pytest.raises(HasDuplicates):
        decide(analyst, 1, Judgement(LegacyVerdict.DUPLICATE, other_id=row(3).id))
    with pytest.raises(NotTheSame):
        decide(analyst, 3, Judgement(LegacyVerdict.DUPLICATE, other_id=row(3).id))
    with pytest.raises(NotFound):
        decide(analyst, 3, Judgement(LegacyVerdict.DUPLICATE, other_id=None))


def test_a_certificate_is_no_duplicate_of_a_record(analyst: Actor) -> None:
    certificates(certificate(1))
    record = imported([files.RECORD_HEADER, files.record(1)])
    with reading() as session:
        other = session.scalars(select(LegacyRow.id).where(LegacyRow.import_id == record.id)).one()
    with pytest.raises(NotTheSame):
        decide(analyst, 1, Judgement(LegacyVerdict.DUPLICATE, other_id=other))


def test_a_reason_is_needed_where_the_row_gives_none(analyst: Actor) -> None:
    employer = create_employer()
    sure, stranger = create_person(employer), create_person(name="别人")
    certificates(certificate(1, born=BORN))
    for judgement in (
        Judgement(LegacyVerdict.NOBODY),
        Judgement(LegacyVerdict.PERSON, person_id=stranger.id),
    ):
        with pytest.raises(InvalidField):
            decide(analyst, 1, judgement)
    assert match(analyst, 1, sure, reason="").confidence is Confidence.HIGH


def test_nobody_decides_about_his_own_rows() -> None:
    with transaction() as session:
        account = factories.create_account(session, Role.ANALYST, name=NAME)
        person = factories.create_person(session, account=account)
        actor = factories.actor_of(session, account)
    certificates(certificate(1, born=BORN), certificate(2, number=number_of(person.id)))
    with pytest.raises(OwnRow):
        match(actor, 1, person)
    with pytest.raises(OwnRow):
        decide(actor, 2, NOBODY)
    match(create_analyst(), 1, person)
    with pytest.raises(OwnRow):
        undo(actor, 1)


@pytest.fixture
def standing(analyst: Actor) -> dict[tuple[LegacyMatch, bool], int]:
    """A row in every state, by whether somebody decided about it."""
    person = create_person()
    certificates(
        certificate(1, number=number_of(person.id)),
        certificate(2, born=BORN),
        certificate(3, name="无人知"),
        certificate(4, born=BORN),
        certificate(5, born=BORN),
        certificate(6, born=BORN),
    )
    match(analyst, 4, person)
    decide(analyst, 5, NOBODY)
    decide(analyst, 6, Judgement(LegacyVerdict.DUPLICATE, other_id=row(1).id))
    twice = certificates(certificate(2, born=BORN), certificate(7))
    with reading() as session:
        found = select(LegacyRow.id).where(
            LegacyRow.import_id == twice.id, LegacyRow.outcome == LegacyOutcome.DUPLICATE
        )
        exact = session.scalars(found).one()
    return {
        (LegacyMatch.MATCHED, False): row(1).id,
        (LegacyMatch.AMBIGUOUS, False): row(2).id,
        (LegacyMatch.ORPHAN, False): row(3).id,
        (LegacyMatch.MATCHED, True): row(4).id,
        (LegacyMatch.ORPHAN, True): row(5).id,
        (LegacyMatch.DUPLICATE, True): row(6).id,
        (LegacyMatch.DUPLICATE, False): exact,
    }


def test_every_action_works_from_its_states_and_from_no_other(
    analyst: Actor, standing: dict[tuple[LegacyMatch, bool], int]
) -> None:
    person = create_person()
    other = standing[LegacyMatch.MATCHED, False]
    for (state, decided), number in standing.items():
        for action in ReconciliationAction:
            allowed = any(action is move.action and state in move.sources and decided is move.decided for move in MOVES)
            worked = works(analyst, number, action, person.id, other)
            if not (action is ReconciliationAction.DUPLICATE and number == other):  # a row is no duplicate of itself
                assert worked is allowed, (state, decided, action)


def works(actor: Actor, number: int, action: ReconciliationAction, person_id: int, other: int) -> bool:
    """Tried out, and rolled back."""
    judgements = {
        ReconciliationAction.MATCH: Judgement(LegacyVerdict.PERSON, person_id=person_id, reason="x"),
        ReconciliationAction.NOBODY: NOBODY,
        ReconciliationAction.DUPLICATE: Judgement(LegacyVerdict.DUPLICATE, other_id=other),
    }
    try:
        with transaction() as session:
            if action is ReconciliationAction.UNDO:
                found = reconciliation.get(session, actor, number)
                legacy_decisions.undo(session, actor, number, seen=found.decision_id or 0)
            else:
                legacy_decisions.decide(session, actor, number, judgements[action])
            raise TriedOut
    except TriedOut:
        return True
    except (WrongStatus, NotTheSame):
        return False


class TriedOut(Exception):
    """So that nothing of it is stored."""


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ANALYST}))
def test_nobody_else_sees_or_decides(role: Role) -> None:
    certificates(certificate(1))
    with transaction() as session:
        division = factories.DIVISION if role is Role.SUPERVISOR else None
        account = factories.create_account(session)
        organisation = factories.create_employer(session) if role in {Role.EMPLOYER, Role.PROVIDER} else None
        factories.grant(session, account, role, organisation=organisation, division=division)
        session.flush()
        actor = factories.actor_of(session, account)
    with pytest.raises(PermissionDenied):
        decide(actor, 1, NOBODY)
    with pytest.raises(PermissionDenied):
        undo(actor, 1)
    with reading() as session, pytest.raises(PermissionDenied):
        reconciliation.counts(session, actor)
    with reading() as session, pytest.raises(PermissionDenied):
        reconciliation.queue(session, actor, Wanted(LegacyMatch.ORPHAN))
    with reading() as session, pytest.raises(PermissionDenied):
        legacy_candidates.search(session, actor, row(1), NAME)


def test_a_decision_holds_whatever_is_matched_again(analyst: Actor) -> None:
    person = create_person()
    certificates(certificate(1, number=number_of(person.id)))
    decide(analyst, 1, NOBODY)
    reconciliation.match_again(transaction, analyst)
    assert (matching(1), row(1).person_id) == (LegacyMatch.ORPHAN, None)


def test_rows_of_whoever_is_taken_back_are_nobodys(analyst: Actor) -> None:
    person = create_person()
    certificates(certificate(1, number=number_of(person.id)), certificate(2, born=BORN))
    match(analyst, 2, person)
    with transaction() as session:
        legacy_settling.let_go(session, analyst, Person.id == person.id)
    assert {(matching(number), row(number).person_id, row(number).decision_id) for number in (1, 2)} == {
        (LegacyMatch.ORPHAN, None, None)
    }
    with reading() as session:
        (decision,) = session.scalars(select(LegacyDecision))
    assert (decision.person_id, decision.undone_at is None) == (None, False)
