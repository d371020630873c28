"""Rare names are taken, kept, found by each of their characters and exported as what they are."""

import io
import json
import unicodedata
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from db import reading, transaction
from db.accounts import Account, Role
from db.claims import ClaimStatus
from db.misconduct import MisconductStatus
from db.people import BindingStatus
from services import (
    accounts,
    attendance,
    misconduct,
    misconduct_report,
    personal_archive,
    progress,
    recognition,
    registration,
    review_queue,
    staff,
)
from services.clock import today
from services.misconduct import Stage
from services.permissions import Actor
from services.review_queue import QueueView
from tests import factories, signing_in
from tests.misconduct_cases import create_case
from tests.rare_names import EXTENSION_A, NAMES, OF_ONE_NAME, han
from tests.services import taught
from tests.services.taught import Taught


@dataclass
class Searchers:
    """Everybody who looks for people, and where."""

    employer: Actor
    supervisor: Actor
    administrator: Actor
    over: Taught

    def searches(self, session: Session) -> dict[str, Callable[[str], Iterable[str]]]:
        """The names that each list shows for a text."""
        year, number = today().year, self.over.course_class.id
        named = recognition.Wanted
        return {
            "the staff": lambda text: [
                each.person.name
                for each in staff.roster(session, self.employer, status=BindingStatus.ACTIVE, text=text)
            ],
            "the progress": lambda text: [
                each.name for each in progress.roster(session, self.employer, progress.Wanted(year, text=text))
            ],
            "the employer's queue": lambda text: [
                each.person.name for each in review_queue.queue(session, self.employer, QueueView(text=text))
            ],
            "the supervisor's queue": lambda text: [
                each.person.name for each in recognition.queue(session, self.supervisor, named(text=text))
            ],
            "the cases": lambda text: [
                each.person.name for each in misconduct.queue(session, self.supervisor, stage=Stage.OPEN, text=text)
            ],
            "whom a case is about": lambda text: [
                each.person.name for each in misconduct_report.find_people(session, self.supervisor, text)
            ],
            "the accounts": lambda text: [
                each.display_name for each in accounts.search(session, self.administrator, text)
            ],
            "a class": lambda text: [
                each.person.name for each in attendance.roster(session, self.over.trainer, number, text=text)
            ],
        }


@pytest.fixture
def searchers(open_session: Session) -> Searchers:
    """With somebody of each name in everything that can be searched."""
    over = taught.create(open_session)
    for name in NAMES:
        person = factories.create_person(open_session, name=name, employer=over.employer)
        factories.create_claim(open_session, person, status=ClaimStatus.SUBMITTED, title="§")
        factories.create_claim(open_session, person, status=ClaimStatus.ENDORSED, title="§")
        create_case(open_session, person, over.employer, status=MisconductStatus.REPORTED)
        taught.accept(open_session, over, person=person)
    return Searchers(
        factories.actor_of(open_session, factories.create_reviewer(open_session, over.employer)),
        factories.actor_of(open_session, factories.create_supervisor(open_session)),
        factories.actor_of(open_session, factories.create_account(open_session, Role.ADMINISTRATOR)),
        over,
    )


def test_they_are_found_by_any_of_their_characters(open_session: Session, searchers: Searchers) -> None:
    for place, search in searchers.searches(open_session).items():
        for name in NAMES:
            for part in {name, *"".join(name.split())[:OF_ONE_NAME:7]}:
                found = set(search(part))
                assert found == {other for other in NAMES if part.lower() in other.lower()}, (place, part)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("拉・买", "阿卜杜拉·买买提"),
        ("·伊斯拉木江", "阿卜杜拉·买买提江·吐尔逊·伊斯拉木江"),
        ("maria font", "Maria Fontana"),
        ("FONTANA", "Maria Fontana"),
        (unicodedata.normalize("NFD", "Ångström"), "Zoë Ångström-O'Neill"),
        (" 王㛃 ", "王㛃"),
    ],
)
def test_they_are_found_however_they_are_typed(
    open_session: Session, searchers: Searchers, typed: str, name: str
) -> None:
    for place, search in searchers.searches(open_session).items():
        assert name in set(search(typed)), place


@pytest.mark.no_database
@pytest.mark.parametrize("characters", [han("gb2312"), han("gbk"), EXTENSION_A], ids=["GB 2312", "GBK", "A"])
def test_every_character_of_the_sets_may_be_in_a_name(characters: str) -> None:
    assert len(characters) > 6000
    for start in range(0, len(characters), OF_ONE_NAME):
        name = characters[start : start + OF_ONE_NAME]
        assert registration.person_name(name) == name


@pytest.mark.parametrize("name", NAMES)
def test_they_are_handed_out_to_their_owners_as_they_were_given(name: str) -> None:
    account = signing_in.create_account(Role.PROFESSIONAL)
    with transaction() as session:
        stored = session.get_one(Account, account.id)
        stored.display_name = name
        factories.create_person(session, account=stored)
    with reading() as session:
        contents = personal_archive.collect(session, factories.actor_of(session, stored))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(personal_archive.stream(contents, "说明"))))
    content = archive.read(personal_archive.DATA)
    assert [person["name"] for person in json.loads(content)["person"]] == [name]
    assert name.encode() in content
