"""Evidence: who attaches, removes and reads it, and how much of it there can be."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from db.claims import Claim, ClaimStatus
from db.events import pending
from db.people import Person
from services import claim_moves, evidence, evidence_files, storage
from services.errors import NotFound, PermissionDenied, WrongStatus
from services.evidence import SameFileTwice, TooManyFiles, TooMuchTogether
from services.permissions import Actor
from tests import factories
from tests.services.files import checked_file as file


@pytest.fixture
def owner(open_session: Session) -> Actor:
    employer = factories.create_employer(open_session)
    return factories.actor_for(open_session, factories.create_person(open_session, employer=employer))


def claim_of(session: Session, actor: Actor, status: ClaimStatus = ClaimStatus.DRAFT) -> Claim:
    return factories.create_claim(session, session.get_one(Person, actor.person_id), status=status)


def test_what_was_attached_is_read_back_by_its_owner(open_session: Session, owner: Actor) -> None:
    claim = claim_of(open_session, owner)
    attached = evidence.attach(open_session, owner, claim.id, file(b"%PDF-clean"))
    found, content = evidence.read(open_session, owner, attached.id)
    assert (found.id, content, found.size) == (attached.id, b"%PDF-clean", 10)
    assert storage.exists(found.original_sha256)
    assert [event.action for event in pending(open_session)] == ["evidence_attach"]


def test_the_reviewer_reads_what_was_sent_and_the_look_is_recorded(open_session: Session, owner: Actor) -> None:
    claim = claim_of(open_session, owner)
    attached = evidence.attach(open_session, owner, claim.id, file())
    employer = factories.create_employer(open_session)
    reviewer = factories.actor_of(open_session, factories.create_reviewer(open_session, employer))
    with pytest.raises(NotFound):
        evidence.read(open_session, reviewer, attached.id)
    claim.status, claim.employer_id = ClaimStatus.SUBMITTED, employer.id
    open_session.flush()
    assert evidence.read(open_session, reviewer, attached.id)[1] == b"%PDF-1"
    looks = [event for event in pending(open_session) if event.action == "evidence_read"]
    assert [look.actor_id for look in looks] == [reviewer.account_id]


def test_strangers_find_nothing(open_session: Session, owner: Actor) -> None:
    claim = claim_of(open_session, owner)
    attached = evidence.attach(open_session, owner, claim.id, file())
    stranger = factories.actor_for(open_session, factories.create_person(open_session))
    for attempt in (evidence.read, evidence.remove):
        with pytest.raises(NotFound):
            attempt(open_session, stranger, attached.id)
    with pytest.raises(NotFound):
        evidence.attach(open_session, stranger, claim.id, file(b"%PDF-2"))
    reviewer = factories.create_reviewer(open_session, factories.create_employer(open_session))
    with pytest.raises(PermissionDenied):
        evidence.attach(open_session, factories.actor_of(open_session, reviewer), claim.id, file())


def test_who_has_something_to_do_first_reads_nothing(open_session: Session, owner: Actor) -> None:
    claim = claim_of(open_session, owner)
    attached = evidence.attach(open_session, owner, claim.id, file())
    employer = factories.create_employer(open_session)
    reviewer = factories.actor_of(open_session, factories.create_reviewer(open_session, employer))
    claim.status, claim.employer_id = ClaimStatus.SUBMITTED, employer.id
    open_session.flush()
    for actor in (owner, reviewer):
        for held_up in (replace(actor, must_change_password=True), replace(actor, must_enrol_totp=True)):
            with pytest.raises(NotFound):
                evidence.read(open_session, held_up, attached.id)


@pytest.mark.parametrize("status", sorted(set(ClaimStatus) - claim_moves.EDITABLE))
def test_evidence_of_a_claim_that_was_sent_does_not_change(
    open_session: Session, owner: Actor, status: ClaimStatus
) -> None:
    claim = claim_of(open_session, owner, status)
    attached = factories.create_evidence(open_session, claim)
    with pytest.raises(WrongStatus):
        evidence.attach(open_session, owner, claim.id, file())
    with pytest.raises(WrongStatus):
        evidence.remove(open_session, owner, attached.id)


def test_the_same_file_twice_ten_files_and_twenty_megabytes_are_the_limits(open_session: Session, owner: Actor) -> None:
    claim = claim_of(open_session, owner)
    evidence.attach(open_session, owner, claim.id, file())
    with pytest.raises(SameFileTwice, match=r"证明\.pdf"):
        evidence.attach(open_session, owner, claim.id, file(name="副本.pdf"))
    for number in range(2, evidence_files.MOST_FILES + 1):
        evidence.attach(open_session, owner, claim.id, file(f"%PDF-{number}".encode()))
    with pytest.raises(TooManyFiles):
        evidence.attach(open_session, owner, claim.id, file(b"%PDF-11"))
    heavy = claim_of(open_session, owner)
    for _ in range(4):
        factories.create_evidence(open_session, heavy).size = evidence_files.MOST_BYTES
    open_session.flush()
    with pytest.raises(TooMuchTogether):
        evidence.attach(open_session, owner, heavy.id, file())


def test_a_removed_file_is_gone_from_the_claim(open_session: Session, owner: Actor) -> None:
    claim = claim_of(open_session, owner)
    attached = evidence.attach(open_session, owner, claim.id, file())
    evidence.remove(open_session, owner, attached.id)
    open_session.flush()
    with pytest.raises(NotFound):
        evidence.read(open_session, owner, attached.id)


def test_a_file_is_replaced_by_another_one_or_stays(open_session: Session, owner: Actor) -> None:
    claim = claim_of(open_session, owner)
    first = evidence.attach(open_session, owner, claim.id, file(b"%PDF-1"))
    evidence.attach(open_session, owner, claim.id, file(b"%PDF-2"))
    with pytest.raises(SameFileTwice), open_session.begin_nested():
        evidence.replace(open_session, owner, first.id, file(b"%PDF-2"))
    assert evidence.read(open_session, owner, first.id)[1] == b"%PDF-1"
    replaced = evidence.replace(open_session, owner, first.id, file(b"%PDF-3", "新证明.pdf"))
    assert (replaced.file_name, evidence.read(open_session, owner, replaced.id)[1]) == ("新证明.pdf", b"%PDF-3")
    with pytest.raises(NotFound):
        evidence.read(open_session, owner, first.id)


def test_a_full_claim_has_room_for_a_replacement(open_session: Session, owner: Actor) -> None:
    claim = claim_of(open_session, owner)
    files = [
        evidence.attach(open_session, owner, claim.id, file(b"%%PDF-%d" % n)) for n in range(evidence_files.MOST_FILES)
    ]
    assert evidence.replace(open_session, owner, files[0].id, file(b"%PDF-new")).claim_id == claim.id


def test_only_its_owner_replaces_a_file_and_only_of_a_draft(open_session: Session, owner: Actor) -> None:
    claim = claim_of(open_session, owner)
    first = evidence.attach(open_session, owner, claim.id, file(b"%PDF-1"))
    other = factories.actor_for(open_session, factories.create_person(open_session))
    with pytest.raises(NotFound):
        evidence.replace(open_session, other, first.id, file(b"%PDF-2"))
    sent = claim_of(open_session, owner, ClaimStatus.SUBMITTED)
    kept = factories.create_evidence(open_session, sent)
    with pytest.raises(WrongStatus):
        evidence.replace(open_session, owner, kept.id, file(b"%PDF-2"))
