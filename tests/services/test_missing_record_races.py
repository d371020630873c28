"""Two clicks about the same report at the same moment."""

from functools import partial

from sqlalchemy import select

from db import reading, transaction
from db.accounts import Role
from db.missing_records import MissingRecord, MissingRecordAction, MissingRecordFile, MissingRecordStatus
from db.people import Person
from services import missing_record_form, missing_records
from services.missing_records import Answer
from services.permissions import Actor
from tests import factories
from tests.missing_cases import create_missing
from tests.services.files import checked_file
from tests.services.missing_steps import form
from tests.services.racing import at_once, count


def people() -> tuple[Person, Actor, list[Actor]]:
    """Whoever misses something, he himself, and two analysts."""
    with transaction() as session:
        person = factories.create_person(session, employer=factories.create_employer(session))
        accounts = [factories.create_account(session, Role.ANALYST) for _ in range(2)]
        analysts = [factories.actor_of(session, account) for account in accounts]
        return person, factories.actor_for(session, person), analysts


def stored() -> MissingRecord:
    with reading() as session:
        return session.scalars(select(MissingRecord)).one()


def test_of_two_who_answer_at_once_one_answers() -> None:
    person, _, analysts = people()
    with transaction() as session:
        made = create_missing(session, person)
    actions = (MissingRecordAction.FIND, MissingRecordAction.GIVE_UP)
    calls = [
        partial(missing_records.answer, actor=actor, report_id=made.id, given=Answer(action, action), seen=made.version)
        for actor, action in zip(analysts, actions, strict=True)
    ]
    assert at_once(*calls) == [False, True]
    found = stored().status is MissingRecordStatus.FOUND
    expected = (analysts[0 if found else 1].account_id, actions[0 if found else 1])
    assert (stored().decided_by_id, stored().answer) == expected


def test_what_is_withdrawn_is_not_answered_and_what_is_answered_not_withdrawn() -> None:
    person, owner, analysts = people()
    with transaction() as session:
        made = create_missing(session, person)
    given = Answer(MissingRecordAction.GIVE_UP, "没有。")
    assert at_once(
        partial(missing_records.withdraw, actor=owner, report_id=made.id, seen=made.version),
        partial(missing_records.answer, actor=analysts[0], report_id=made.id, given=given, seen=made.version),
    ) == [False, True]
    is_answered = stored().decided_at is not None
    assert is_answered is (stored().status is MissingRecordStatus.NOT_FOUND)


def test_who_reports_twice_at_once_has_reported_once() -> None:
    _, owner, _ = people()
    report = partial(missing_record_form.report, actor=owner, form=form(), files=[checked_file()])
    assert at_once(report, report, report) == [False, True, True]
    assert (count(MissingRecord), count(MissingRecordFile)) == (1, 1)


def test_two_at_once_do_not_exceed_what_may_wait() -> None:
    person, owner, _ = people()
    with transaction() as session:
        for number in range(missing_record_form.MOST_OPEN - 1):
            create_missing(session, person, title=f"旧{number}")
    calls = [
        partial(missing_record_form.report, actor=owner, form=form(year=year), files=[checked_file()])
        for year in (2014, 2015)
    ]
    assert at_once(*calls) == [False, True]
