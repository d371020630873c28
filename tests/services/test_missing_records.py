"""Missing records: who reports, who answers, what is refused, and who sees what."""

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.accounts import Role
from db.events import pending
from db.legacy import LegacyKind, LegacyMatch
from db.missing_records import MissingRecord
from db.missing_records import MissingRecordAction as Action
from db.missing_records import MissingRecordStatus as Status
from db.organisations import Organisation
from db.people import Person
from services import missing_record_form, missing_records
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.missing_records import Answer, NotHisRow, OwnReport
from services.permissions import Actor
from tests import factories
from tests.legacy_rows import create_row
from tests.missing_cases import create_file, create_missing
from tests.services.files import checked_file
from tests.services.missing_steps import act, form

OWNER, ANALYST = "the person", "an analyst"
TABLE = {
    (OWNER, Status.REPORTED, Action.WITHDRAW): Status.WITHDRAWN,
    (ANALYST, Status.REPORTED, Action.FIND): Status.FOUND,
    (ANALYST, Status.REPORTED, Action.GIVE_UP): Status.NOT_FOUND,
}


@pytest.fixture
def owner(open_session: Session, person: Person) -> Actor:
    return factories.actor_for(open_session, person)


@pytest.fixture
def analyst(open_session: Session) -> Actor:
    return factories.actor_of(open_session, factories.create_account(open_session, Role.ANALYST))


def cast(session: Session, person: Person, employer: Organisation) -> dict[str, Actor]:
    """Everybody who might try."""
    owner = factories.actor_for(session, person)
    analyst = factories.actor_of(session, factories.create_account(session, Role.ANALYST))
    return {
        OWNER: owner,
        ANALYST: analyst,
        "the person with an initial password": replace(owner, must_change_password=True),
        "an analyst with an initial password": replace(analyst, must_change_password=True),
        "a colleague": factories.actor_for(session, factories.create_person(session, employer=employer)),
        "a reviewer of the employer": factories.actor_of(session, factories.create_reviewer(session, employer)),
        "a supervisor": factories.actor_of(session, factories.create_supervisor(session)),
        "an administrator": factories.actor_of(session, factories.create_account(session, Role.ADMINISTRATOR)),
    }


def both(session: Session, employer: Organisation) -> tuple[Actor, Person]:
    """Somebody who is an analyst and a professional."""
    account = factories.create_account(session, Role.ANALYST, Role.PROFESSIONAL)
    person = factories.create_person(session, employer=employer, account=account)
    return factories.actor_of(session, account), person


def test_every_role_in_every_status_may_take_exactly_the_steps_of_the_table(
    open_session: Session, person: Person, employer: Organisation
) -> None:
    taken, offered = {}, set()
    for who, actor in cast(open_session, person, employer).items():
        for status in Status:
            for action in Action:
                nested = open_session.begin_nested()
                made = create_missing(open_session, person, status=status)
                with suppress(NotFound):
                    found = missing_records.get(open_session, actor, made.id)
                    offered |= {(who, status, each) for each in missing_records.possible_actions(actor, found)}
                with suppress(PermissionDenied, NotFound, WrongStatus, OwnReport):
                    taken[who, status, action] = act(open_session, actor, made, action).status
                nested.rollback()
    assert taken == TABLE
    assert offered == TABLE.keys()


def test_nobody_answers_his_own_even_as_an_analyst(open_session: Session, employer: Organisation) -> None:
    actor, person = both(open_session, employer)
    made = create_missing(open_session, person)
    for action in (Action.FIND, Action.GIVE_UP):
        with pytest.raises(OwnReport):
            act(open_session, actor, made, action)
    assert not missing_records.queue(open_session, actor, status=Status.REPORTED)
    assert missing_records.counts(open_session, actor) == {}
    assert open_session.scalar(missing_records.waiting(actor)) == 0
    assert missing_records.possible_actions(actor, made) == [Action.WITHDRAW]


def test_nobody_withdraws_anothers_even_as_an_analyst(
    open_session: Session, person: Person, employer: Organisation
) -> None:
    actor, _ = both(open_session, employer)
    with pytest.raises(NotFound):
        act(open_session, actor, create_missing(open_session, person), Action.WITHDRAW)


BROKEN: dict[str, dict[str, object]] = {
    "not found without an answer": {"answer": ""},
    "answered by nobody": {"decided_by_id": None},
    "answered and waiting": {"status": Status.REPORTED},
    "found nowhere": {"status": Status.FOUND, "answer": ""},
    "not found in a row": {"row_key": "k" * 32},
    "an activity without a name": {"kind": LegacyKind.RECORD, "title": ""},
    "hours of nothing": {"general": Decimal(0)},
    "news of nothing": {"status": Status.WITHDRAWN, "decided_at": None, "decided_by_id": None},
}


@pytest.mark.parametrize("fault", list(BROKEN))
def test_the_database_refuses(open_session: Session, person: Person, fault: str) -> None:
    made = create_missing(open_session, person, status=Status.NOT_FOUND)
    for column, value in BROKEN[fault].items():
        setattr(made, column, value)
    with pytest.raises(IntegrityError):
        open_session.flush()


def test_the_database_holds_one_that_waits_for_each_thing(open_session: Session, person: Person) -> None:
    create_missing(open_session, person)
    create_missing(open_session, person, status=Status.NOT_FOUND)
    for different in ({"year": 2015}, {"kind": LegacyKind.RECORD}, {"title": "旧405"}):
        create_missing(open_session, person, **different)
    with pytest.raises(IntegrityError):
        create_missing(open_session, person)


class TestAnswers:
    def test_it_is_found_in_a_row_that_is_his(self, open_session: Session, person: Person, analyst: Actor) -> None:
        made = create_missing(open_session, person)
        row = create_row(open_session, person, kind=LegacyKind.CERTIFICATE)
        given = Answer(Action.FIND, row_id=row.id)
        answered = missing_records.answer(open_session, analyst, made.id, given, seen=made.version)
        assert (answered.status, answered.row_key, answered.answer) == (Status.FOUND, row.key, "")
        assert (answered.decided_by_id, answered.decided_by_name) == (analyst.account_id, analyst.name)
        (event,) = pending(open_session)
        assert (event.action, event.after) == ("missing_record_find", {"status": "found", "row_id": row.id})

    def test_no_row_of_somebody_else_another_kind_or_no_match_is_it(
        self, open_session: Session, person: Person, analyst: Actor
    ) -> None:
        made = create_missing(open_session, person)
        stranger = factories.create_person(open_session)
        rows = [
            create_row(open_session, stranger, kind=LegacyKind.CERTIFICATE),
            create_row(open_session, person, kind=LegacyKind.RECORD),
            create_row(open_session, matching=LegacyMatch.AMBIGUOUS, kind=LegacyKind.CERTIFICATE, name=person.name),
        ]
        for row in rows:
            given = Answer(Action.FIND, "就是它。", row.id)
            with pytest.raises(NotHisRow):
                missing_records.answer(open_session, analyst, made.id, given, seen=made.version)
        with pytest.raises(NotFound):
            missing_records.answer(open_session, analyst, made.id, Answer(Action.FIND, row_id=9**9), seen=made.version)

    def test_what_was_not_found_names_no_row(self, open_session: Session, person: Person, analyst: Actor) -> None:
        made = create_missing(open_session, person)
        row = create_row(open_session, person, kind=LegacyKind.CERTIFICATE)
        given = Answer(Action.GIVE_UP, "档案中没有。", row.id)
        assert missing_records.answer(open_session, analyst, made.id, given, seen=made.version).row_key is None

    @pytest.mark.parametrize("action", [Action.FIND, Action.GIVE_UP])
    def test_without_a_row_the_answer_says_something(
        self, open_session: Session, person: Person, analyst: Actor, action: Action
    ) -> None:
        with pytest.raises(InvalidField):
            act(open_session, analyst, create_missing(open_session, person), action, text=" ")

    def test_whoever_saw_another_version_is_refused(
        self, open_session: Session, person: Person, analyst: Actor
    ) -> None:
        made = create_missing(open_session, person)
        with pytest.raises(WrongStatus):
            missing_records.answer(open_session, analyst, made.id, Answer(Action.FIND, "x"), seen=made.version + 1)

    def test_after_an_answer_it_can_be_reported_again(
        self, open_session: Session, person: Person, owner: Actor, analyst: Actor
    ) -> None:
        made = missing_record_form.report(open_session, owner, form(), [checked_file()])
        act(open_session, analyst, made, Action.GIVE_UP)
        again = missing_record_form.report(open_session, owner, form(), [checked_file()])
        assert again.status is Status.REPORTED


def test_the_person_is_told_until_he_has_taken_note(
    open_session: Session, person: Person, owner: Actor, analyst: Actor
) -> None:
    made = create_missing(open_session, person)
    certificates, records = (missing_records.waiting_news(kind)(owner) for kind in LegacyKind)
    assert open_session.scalar(certificates) == 0
    act(open_session, analyst, made, Action.GIVE_UP)
    assert (open_session.scalar(certificates), open_session.scalar(records)) == (1, 0)
    with pytest.raises(PermissionDenied):
        missing_records.note_seen(open_session, analyst, made.id)
    missing_records.note_seen(open_session, owner, made.id)
    assert open_session.scalar(certificates) == 0


def test_an_analyst_takes_note_of_nothing_that_is_anothers(
    open_session: Session, person: Person, employer: Organisation
) -> None:
    actor, _ = both(open_session, employer)
    made = create_missing(open_session, person, status=Status.NOT_FOUND)
    with pytest.raises(NotFound):
        missing_records.note_seen(open_session, actor, made.id)
    assert made.news_at is not None


def test_its_proof_is_for_the_person_and_the_analysts_and_each_look_is_recorded(
    open_session: Session, person: Person, employer: Organisation
) -> None:
    owner = factories.actor_for(open_session, person)
    made = missing_record_form.report(open_session, owner, form(), [checked_file()])
    number, seen = made.files[0].id, {}
    actors = cast(open_session, person, employer)
    for who, actor in actors.items():
        try:
            seen[who] = missing_records.read_file(open_session, actor, number)[1]
        except NotFound:
            continue
    assert seen == dict.fromkeys((OWNER, ANALYST), b"%PDF-1")
    looks = [event.actor_id for event in pending(open_session) if event.action == "missing_record_file_read"]
    assert looks == [actors[ANALYST].account_id]


def test_a_removed_row_says_nothing(open_session: Session, person: Person, owner: Actor) -> None:
    file = create_file(open_session, create_missing(open_session, person))
    with pytest.raises(NotFound):
        missing_records.read_file(open_session, owner, file.id + 1000)


def test_one_sees_ones_own_of_a_kind_newest_first(open_session: Session, person: Person, owner: Actor) -> None:
    made = [create_missing(open_session, person, year=year).id for year in (2014, 2015)]
    create_missing(open_session, person, kind=LegacyKind.RECORD)
    create_missing(open_session, factories.create_person(open_session))
    found = missing_records.list_own(open_session, owner, LegacyKind.CERTIFICATE)
    assert [each.id for each in found] == made[::-1]


@pytest.mark.parametrize("status", [Status.REPORTED, Status.NOT_FOUND])
def test_the_list_goes_on_behind_a_page(
    open_session: Session, analyst: Actor, monkeypatch: pytest.MonkeyPatch, status: Status
) -> None:
    monkeypatch.setattr(missing_records, "PAGE_SIZE", 2)
    made = [create_missing(open_session, factories.create_person(open_session), status=status).id for _ in range(3)]
    first = missing_records.queue(open_session, analyst, status=status)
    rest = missing_records.queue(open_session, analyst, status=status, after_id=first[-1].id)
    expected = made if status is Status.REPORTED else made[::-1]
    assert [each.id for each in (*first, *rest)] == expected


def test_it_is_found_by_a_part_of_the_name(open_session: Session, analyst: Actor) -> None:
    for name in ("欧阳清和", "林知夏"):
        create_missing(open_session, factories.create_person(open_session, name=name))
    for text, count in (("清和", 1), ("%", 0), ("", 2)):
        assert len(missing_records.queue(open_session, analyst, status=Status.REPORTED, text=text)) == count


def test_where_it_may_be_are_rows_of_its_kind_about_its_year_with_the_name_or_number(
    open_session: Session, person: Person, analyst: Actor
) -> None:
    def row(owner: Person | None = None, **values: object) -> int:
        values = {"kind": LegacyKind.CERTIFICATE, "matching": LegacyMatch.ORPHAN, **values}
        return create_row(open_session, owner, **values).id  # type: ignore[arg-type]  # by name

    near = row(name=person.name, year=2017)
    numbered = row(id_number_digest=person.id_number_digest, matching=LegacyMatch.AMBIGUOUS)
    his = row(person, matching=LegacyMatch.MATCHED)
    for other in ({}, {"name": person.name, "year": 2018}, {"name": person.name, "kind": LegacyKind.RECORD}):
        row(**other)
    made: MissingRecord = create_missing(open_session, person)
    found = missing_records.rows_about(open_session, analyst, missing_records.get(open_session, analyst, made.id))
    assert [each.id for each in found] == [numbered, his, near]


def test_only_analysts_read_the_list(open_session: Session, person: Person, employer: Organisation) -> None:
    for who, actor in cast(open_session, person, employer).items():
        if who == ANALYST:
            continue
        with pytest.raises(PermissionDenied):
            missing_records.queue(open_session, actor, status=Status.REPORTED)
        with pytest.raises(PermissionDenied):
            missing_records.counts(open_session, actor)
