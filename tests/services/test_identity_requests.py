"""Asking for another name or ID number: with proof, or at once while nobody has confirmed who one is."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db import reading, transaction
from db.accounts import Account, Role
from db.claims import Category, ClaimStatus
from db.events import pending
from db.identity_changes import IdentityChange, IdentityChangeAction, IdentityChangeStatus
from db.organisations import Organisation
from db.people import BindingStatus, Person
from services import (
    certificates,
    clock,
    evidence_files,
    identity,
    identity_changes,
    identity_requests,
    identity_review,
    statistics,
    storage,
)
from services.clock import now, today
from services.errors import DomainError, InvalidField, NotFound, WrongStatus
from services.evidence import SameFileTwice, TooManyFiles, TooMuchTogether
from services.evidence_files import CheckedFile
from services.identity_requests import AlreadyAsked, Correction, NoProof, NothingToCorrect, NumberUnavailable
from services.people import NoEmployer
from services.permissions import SYSTEM, Actor
from services.profile_changes import EmployerIsReading
from services.throttle import TooManyAttempts
from tests import factories, profiles
from tests.services.acting import refused
from tests.services.files import checked_file

RENAMED = Correction("欧阳若谷", "", "户籍登记已更正")
PROOF = checked_file()


@pytest.fixture
def owner(open_session: Session, employer: Organisation) -> Actor:
    """Somebody whom an employer has confirmed."""
    return factories.actor_for(open_session, factories.create_person(open_session, employer=employer))


@pytest.fixture
def newcomer(open_session: Session) -> Actor:
    """Somebody whom no employer has confirmed yet."""
    return factories.actor_for(open_session, factories.create_person(open_session))


def person_of(session: Session, actor: Actor) -> Person:
    return session.get_one(Person, actor.person_id)


def test_a_request_keeps_what_was_and_what_should_be_and_changes_nothing(open_session: Session, owner: Actor) -> None:
    number = factories.invented_id_number(810)
    person, name = person_of(open_session, owner), person_of(open_session, owner).name
    change = identity_requests.request(open_session, owner, Correction("欧阳若谷", number, "登记有误"), [PROOF])
    assert (change.status, change.old_name, change.new_name) == (IdentityChangeStatus.REQUESTED, name, "欧阳若谷")
    assert change.old_id_number_masked == person.id_number_masked
    assert change.new_id_number is not None
    assert identity.decrypt(change.new_id_number) == number
    assert [(file.file_name, file.sha256) for file in change.files] == [("证明.pdf", PROOF.sha256)]
    assert storage.exists(PROOF.sha256)
    assert person.name == name
    assert number not in str([(event.before, event.after) for event in pending(open_session)])


def test_only_what_is_really_another_one_is_asked_for(open_session: Session, owner: Actor) -> None:
    own = identity.decrypt(person_of(open_session, owner).id_number)
    change = identity_requests.request(open_session, owner, Correction("欧阳若谷", own, "更名"), [PROOF])
    assert (change.new_name, change.new_id_number, change.new_id_number_masked) == ("欧阳若谷", None, None)


@pytest.mark.parametrize("number", ["", "  ", "own"])
def test_nothing_new_is_nothing_to_correct(open_session: Session, owner: Actor, number: str) -> None:
    person = person_of(open_session, owner)
    same = identity.decrypt(person.id_number) if number == "own" else number
    with pytest.raises(NothingToCorrect):
        identity_requests.request(open_session, owner, Correction(person.name, same, "核对"), [PROOF])


@pytest.mark.parametrize(
    ("correction", "field"),
    [
        (Correction("", "", "更名"), "姓名"),
        (Correction("<b>", "", "更名"), "姓名"),
        (Correction("欧阳若谷", "440104", "更名"), "证件号码"),
        (Correction("欧阳若谷", "", " "), "更正说明"),
    ],
)
def test_a_wrong_field_is_named(open_session: Session, owner: Actor, correction: Correction, field: str) -> None:
    with pytest.raises(InvalidField, match=field):
        identity_requests.request(open_session, owner, correction, [PROOF])


def big(content: bytes) -> CheckedFile:
    return checked_file(content + bytes(evidence_files.MOST_BYTES), f"{content.decode()}.pdf")


@pytest.mark.parametrize(
    ("files", "refusal"),
    [
        ([], NoProof),
        ([PROOF, PROOF], SameFileTwice),
        ([checked_file(f"%PDF-{n}".encode()) for n in range(evidence_files.MOST_FILES + 1)], TooManyFiles),
        ([big(f"{n}".encode()) for n in range(4)], TooMuchTogether),
    ],
)
def test_the_proof_is_there_once_and_in_measure(
    open_session: Session, owner: Actor, files: list[CheckedFile], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        identity_requests.request(open_session, owner, RENAMED, files)


def test_one_request_at_a_time(open_session: Session, owner: Actor) -> None:
    change = identity_requests.request(open_session, owner, RENAMED, [PROOF])
    with pytest.raises(AlreadyAsked):
        identity_requests.request(open_session, owner, RENAMED, [PROOF])
    with pytest.raises(IntegrityError), open_session.begin_nested():
        profiles.create_identity_change(open_session, person_of(open_session, owner))
    identity_changes.act(
        open_session, owner, Role.PROFESSIONAL, change.id, IdentityChangeAction.WITHDRAW, seen=change.version
    )
    open_session.flush()
    identity_requests.request(open_session, owner, RENAMED, [PROOF])


def test_files_of_a_request_that_was_sent_back_prove_the_next_one_too(open_session: Session, owner: Actor) -> None:
    person = person_of(open_session, owner)
    before = profiles.create_identity_change(open_session, person, status=IdentityChangeStatus.RETURNED)
    stranger = profiles.create_identity_change(open_session, factories.create_person(open_session))
    kept = [before.files[0].id, stranger.files[0].id]
    change = identity_requests.request(open_session, owner, RENAMED, [PROOF], kept=kept)
    assert [file.sha256 for file in change.files] == [before.files[0].sha256, PROOF.sha256]
    assert len(before.files) == 1


def test_somebody_who_has_left_his_employer_finds_another_one_first(open_session: Session) -> None:
    person = factories.create_person(open_session, employer=factories.create_employer(open_session))
    owner = factories.actor_for(open_session, person)
    profiles.end_bindings(open_session, person)
    with pytest.raises(NoEmployer):
        identity_requests.request(open_session, owner, RENAMED, [PROOF])
    with pytest.raises(WrongStatus):
        identity_requests.correct(open_session, owner, RENAMED)


def test_what_nobody_has_confirmed_yet_its_owner_corrects_at_once(open_session: Session, newcomer: Actor) -> None:
    number = factories.invented_id_number(811)
    identity_requests.correct(open_session, newcomer, Correction("欧阳若谷", number))
    person = person_of(open_session, newcomer)
    assert (person.name, identity.decrypt(person.id_number)) == ("欧阳若谷", number)
    assert person.birth_date == identity.birth_date(number)
    assert open_session.get_one(Account, person.account_id).display_name == "欧阳若谷"
    assert [event.action for event in pending(open_session)] == ["identity_correct"]
    assert number not in str(pending(open_session)[0].after)


def test_while_the_first_employer_looks_at_it_the_name_stays(
    open_session: Session, newcomer: Actor, employer: Organisation
) -> None:
    factories.create_binding(open_session, person_of(open_session, newcomer), employer, status=BindingStatus.REQUESTED)
    with pytest.raises(EmployerIsReading):
        identity_requests.correct(open_session, newcomer, RENAMED)


def test_a_refused_request_of_an_employer_confirms_nothing(
    open_session: Session, newcomer: Actor, employer: Organisation
) -> None:
    factories.create_binding(open_session, person_of(open_session, newcomer), employer, status=BindingStatus.REFUSED)
    identity_requests.correct(open_session, newcomer, RENAMED)
    assert person_of(open_session, newcomer).name == "欧阳若谷"


def test_who_tries_one_number_after_the_other_learns_little(database: object) -> None:
    with transaction() as session:
        actor = factories.actor_for(session, factories.create_person(session))
        taken = [identity.decrypt(factories.create_person(session).id_number) for _ in range(6)]
    answers = [refused(identity_requests.correct, actor, Correction("欧阳若谷", number)) for number in taken]
    assert answers == [NumberUnavailable] * 5 + [TooManyAttempts]
    with clock.at(now() + timedelta(hours=1, minutes=1)):
        assert refused(identity_requests.correct, actor, Correction("欧阳若谷", factories.invented_id_number())) is None


def test_proof_is_read_by_its_owner_and_by_who_decides_now_alone(
    open_session: Session, owner: Actor, employer: Organisation
) -> None:
    change = identity_requests.request(open_session, owner, RENAMED, [PROOF])
    reviewer = factories.actor_of(open_session, factories.create_reviewer(open_session, employer))
    supervisor = factories.actor_of(open_session, factories.create_supervisor(open_session))
    colleague = factories.actor_for(open_session, factories.create_person(open_session, employer=employer))

    def may_read(actor: Actor) -> bool:
        try:
            return identity_changes.read_file(open_session, actor, change.files[0].id)[1] == PROOF.clean
        except NotFound:
            return False

    actors = (owner, reviewer, supervisor, colleague)
    assert [may_read(actor) for actor in actors] == [True, True, False, False]
    step(open_session, reviewer, Role.EMPLOYER, change, IdentityChangeAction.ENDORSE)
    assert [may_read(actor) for actor in actors] == [True, False, True, False]
    step(open_session, supervisor, Role.SUPERVISOR, change, IdentityChangeAction.APPROVE)
    assert [may_read(actor) for actor in actors] == [True, False, False, False]
    for actor, role in ((reviewer, Role.EMPLOYER), (supervisor, Role.SUPERVISOR)):
        with pytest.raises(NotFound):
            identity_review.files_to_judge(open_session, actor, role, change.id)
    looks = [event.actor_id for event in pending(open_session) if event.action == "identity_file_read"]
    assert looks == [reviewer.account_id, supervisor.account_id]


def step(session: Session, actor: Actor, role: Role, change: IdentityChange, action: IdentityChangeAction) -> None:
    identity_changes.act(session, actor, role, change.id, action, seen=change.version)
    session.flush()


def test_a_certificate_goes_on_saying_what_it_said_when_it_was_issued(database: object) -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
        person = factories.create_person(session, name="林知夏", employer=employer)
        for category in Category:
            factories.create_claim(session, person, status=ClaimStatus.APPROVED, category=category, hours=Decimal(90))
        owner = factories.actor_for(session, person)
        reviewer = factories.actor_of(session, factories.create_reviewer(session, employer))
        supervisor = factories.actor_of(session, factories.create_supervisor(session))
    statistics.recompute(transaction, SYSTEM)
    with transaction() as session:
        issued = certificates.obtain(session, owner, today().year)
    with transaction() as session:
        change = identity_requests.request(session, owner, RENAMED, [PROOF])
    with transaction() as session:
        step(session, reviewer, Role.EMPLOYER, change, IdentityChangeAction.ENDORSE)
        again = identity_changes.get(session, owner, Role.PROFESSIONAL, change.id)
        step(session, supervisor, Role.SUPERVISOR, again, IdentityChangeAction.APPROVE)
    with reading() as session:
        assert session.get_one(Person, person.id).name == "欧阳若谷"
        (kept,) = certificates.list_mine(session, owner)
    assert kept.statement["name"] == "林知夏"
    assert (kept.pdf_sha256, kept.number) == (issued.pdf_sha256, issued.number)
