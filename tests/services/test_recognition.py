"""The supervisor's queue: what is in it, in which order, what he finds in it, and what of it he may do."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db import transaction
from db.accounts import Account, Role
from db.claims import Category, Claim, ClaimAction, ClaimSource, ClaimStatus
from db.organisations import Organisation
from db.people import Person
from services import certificates, claims, clock, corrections, evidence, recognition, standing, storage
from services.claim_moves import OwnClaim, OwnEndorsement
from services.errors import NotFound, PermissionDenied
from services.permissions import Actor
from services.recognition import SHOWN, Wanted
from tests import factories
from tests.services.acting import last_event, refused
from tests.services.claim_steps import act
from tests.services.test_corrections import complete_year

TODAY = datetime(2026, 6, 15, 2, tzinfo=UTC)
CITY = "440100"


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def employer(open_session: Session) -> Organisation:
    return factories.create_employer(open_session, name="晴川中学")


@pytest.fixture
def person(open_session: Session, employer: Organisation) -> Person:
    return factories.create_person(open_session, name="林知夏", employer=employer)


@pytest.fixture
def supervisor(open_session: Session) -> Actor:
    return factories.actor_of(open_session, factories.create_supervisor(open_session, CITY))


def endorse(session: Session, person: Person, *, days: int = 0, title: str | None = None) -> Claim:
    with clock.at(TODAY - timedelta(days=days)):
        return factories.create_claim(session, person, status=ClaimStatus.ENDORSED, title=title)


def found(session: Session, actor: Actor, wanted: Wanted | None = None, after_id: int = 0) -> list[int]:
    return [claim.id for claim in recognition.queue(session, actor, wanted or Wanted(), after_id=after_id)]


@pytest.mark.parametrize("few", [0, 3])
def test_the_longest_waiting_claim_comes_first_page_by_page(
    open_session: Session, supervisor: Actor, person: Person, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    late, early, middle = (endorse(open_session, person, days=days) for days in (1, 9, 5))
    monkeypatch.setattr(recognition, "PAGE_SIZE", 2)
    monkeypatch.setattr(recognition, "FEW", few)
    assert found(open_session, supervisor) == [early.id, middle.id]
    assert found(open_session, supervisor, after_id=middle.id) == [late.id]
    assert open_session.scalar(recognition.waiting(supervisor)) == 3


@pytest.mark.parametrize("status", ClaimStatus)
@pytest.mark.parametrize("endorsed", [True, False])
def test_what_never_left_the_employer_is_not_shown(
    open_session: Session, supervisor: Actor, person: Person, status: ClaimStatus, endorsed: bool
) -> None:
    claim = factories.create_claim(open_session, person, status=status, endorsed=endorsed)
    counts = {ClaimStatus.ENDORSED, ClaimStatus.APPROVED, ClaimStatus.REVOKED}
    decided = {ClaimStatus.RETURNED, ClaimStatus.REJECTED}
    shown = [each for each in SHOWN if claim.id in found(open_session, supervisor, Wanted(status=each))]
    assert shown == ([status] if status in counts or (endorsed and status in decided) else [])


def test_another_division_has_a_queue_of_its_own(open_session: Session, supervisor: Actor, person: Person) -> None:
    endorse(open_session, person)
    neighbour = factories.actor_of(open_session, factories.create_supervisor(open_session, "440300"))
    everywhere = factories.actor_of(open_session, factories.create_supervisor(open_session, "440000"))
    actors = (supervisor, neighbour, everywhere)
    assert [len(found(open_session, actor)) for actor in actors] == [1, 0, 1]
    assert [open_session.scalar(recognition.waiting(actor)) for actor in actors] == [1, 0, 1]


def test_every_filter_finds_and_leaves_out(open_session: Session, supervisor: Actor, person: Person) -> None:
    claim = endorse(open_session, person, title="数字化转型100%")
    claim.category, claim.source = Category.ELECTIVE, ClaimSource.EMPLOYER
    other = endorse(
        open_session,
        factories.create_person(
            open_session, name="苏望舒", employer=factories.create_employer(open_session, division="440106")
        ),
    )
    for wanted in (
        Wanted(division="440104"),
        Wanted(employer="晴川中"),
        Wanted(category=Category.ELECTIVE),
        Wanted(source=ClaimSource.EMPLOYER),
        Wanted(text="知夏"),
        Wanted(text="100%"),
        Wanted(division=CITY, employer=" 中学 ", category=Category.ELECTIVE, text="转型"),
    ):
        assert found(open_session, supervisor, wanted) == [claim.id], wanted
    for nothing in (Wanted(text="%"), Wanted(text="\0_"), Wanted(employer="%%"), Wanted(division="440103")):
        assert other.id not in found(open_session, supervisor, nothing), nothing


def test_who_does_not_supervise_has_no_queue(open_session: Session, employer: Organisation) -> None:
    reviewer = factories.actor_of(open_session, factories.create_reviewer(open_session, employer))
    with pytest.raises(PermissionDenied):
        recognition.queue(open_session, reviewer, Wanted())


def opened(session: Session, actor: Actor, named: int | None) -> int | None:
    page = recognition.queue(session, actor, Wanted())
    claim = recognition.open_claim(session, actor, page, status=ClaimStatus.ENDORSED, named=named)
    return claim.id if claim else None


def test_after_a_decision_the_next_claim_comes_up(open_session: Session, supervisor: Actor, person: Person) -> None:
    first, second, third = (endorse(open_session, person, days=days) for days in (9, 5, 1))
    assert opened(open_session, supervisor, None) == first.id
    act(open_session, supervisor, second, ClaimAction.APPROVE)
    assert opened(open_session, supervisor, second.id) == third.id
    act(open_session, supervisor, third, ClaimAction.APPROVE)
    assert opened(open_session, supervisor, third.id) == first.id
    act(open_session, supervisor, first, ClaimAction.APPROVE)
    assert opened(open_session, supervisor, first.id) is None


def test_what_a_colleague_decided_stays_open(open_session: Session, supervisor: Actor, person: Person) -> None:
    first, _second = endorse(open_session, person, days=9), endorse(open_session, person)
    colleague = factories.actor_of(open_session, factories.create_supervisor(open_session, CITY))
    act(open_session, colleague, first, ClaimAction.APPROVE)
    assert opened(open_session, supervisor, first.id) == first.id


def test_a_supervisors_own_draft_is_not_opened_by_its_number(open_session: Session, person: Person) -> None:
    draft = factories.create_claim(open_session, person)
    account = open_session.get_one(Account, person.account_id)
    factories.grant(open_session, account, Role.SUPERVISOR, division=CITY)
    assert opened(open_session, factories.actor_of(open_session, account), draft.id) is None


def test_the_reviewer_of_the_employer_has_only_the_supervisors_actions_here(
    open_session: Session, person: Person, employer: Organisation, supervisor: Actor
) -> None:
    claim = claims.get(open_session, supervisor, endorse(open_session, person).id)
    decisions = [ClaimAction.APPROVE, ClaimAction.RETURN, ClaimAction.REJECT]
    account = factories.create_reviewer(open_session, employer)
    factories.grant(open_session, account, Role.SUPERVISOR, division=CITY)
    both = factories.actor_of(open_session, account)
    assert recognition.possible_actions(supervisor, claim) == decisions
    assert recognition.possible_actions(both, claim) == decisions
    factories.create_step(open_session, claim, ClaimStatus.ENDORSED, action=ClaimAction.ENDORSE, by=account)
    open_session.expire(claim)
    claim = claims.get(open_session, both, claim.id)
    assert recognition.possible_actions(both, claim) == []
    assert isinstance(recognition.refusal(both, claim), OwnEndorsement)
    assert recognition.refusal(supervisor, claim) is None


def test_the_claimant_reads_why_he_cannot_recognise(open_session: Session, person: Person) -> None:
    account = open_session.get_one(Account, person.account_id)
    factories.grant(open_session, account, Role.SUPERVISOR, division=CITY)
    own = factories.actor_of(open_session, account)
    claim = claims.get(open_session, own, endorse(open_session, person).id)
    assert recognition.possible_actions(own, claim) == []
    assert isinstance(recognition.refusal(own, claim), OwnClaim)


def test_the_supervisor_reads_the_evidence_and_every_look_is_recorded(
    database: Engine,
) -> None:
    with transaction() as session:
        person = factories.create_person(session, employer=factories.create_employer(session))
        file = factories.create_evidence(session, endorse(session, person))
        file.sha256 = storage.put(b"%PDF-")
        there, elsewhere = (
            factories.actor_of(session, factories.create_supervisor(session, division)) for division in (CITY, "440300")
        )
    assert refused(evidence.read, elsewhere, file.id) is NotFound
    with transaction() as session:
        assert evidence.read(session, there, file.id)[1] == b"%PDF-"
    event = last_event()
    assert (event.action, event.actor_id, event.object_id) == ("evidence_read", there.account_id, file.id)


@pytest.mark.parametrize("count", [0, 3])
def test_what_revoking_would_do_is_what_it_does(
    open_session: Session, supervisor: Actor, person: Person, count: int
) -> None:
    claim = factories.create_claim(
        open_session, person, status=ClaimStatus.APPROVED, category=Category.ELECTIVE, year=2026
    )
    assert corrections.foresee(open_session, claim) is None
    if count:
        complete_year(open_session, person)
    printed = certificates.obtain(open_session, factories.actor_for(open_session, person), 2026) if count else None
    foreseen = corrections.foresee(open_session, claim)
    if printed is None or foreseen is None:
        assert foreseen is None
        return
    assert (foreseen.certificate, foreseen.before.earned - foreseen.after.earned) == (printed, claim.hours_awarded)
    act(open_session, supervisor, claim, ClaimAction.REVOKE, opinion="重复")
    assert printed.status is foreseen.becomes
    assert foreseen.after in standing.of_year(open_session, person.id, 2026).official


def test_divisions_are_offered_from_above(supervisor: Actor) -> None:
    offered = recognition.offered_divisions(supervisor)
    assert (offered[0], "440104" in offered, "440300" in offered) == (CITY, True, False)
