"""A supervisor takes a certificate out of force: who may, what it says then, and what its holder can do."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.accounts import Account, Role
from db.certificates import Certificate, CertificateStatus, InvalidityReason
from db.claims import Claim, ClaimAction, ReviewReason
from db.organisations import Organisation
from db.people import Binding, Person
from services import certificate_revocation, certificates, claims, clock, verification
from services.certificate_revocation import BY_HAND, NotIssuedHere, OwnCertificate
from services.certificates import NoLongerStands
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor
from tests import factories
from tests.certificates import YEAR, create_certificate, printed
from tests.services.acting import last_event
from tests.services.claim_forms import TODAY
from tests.services.racing import at_once

WHY = "姓名与身份证不符。"


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def revoke(
    session: Session, actor: Actor, certificate: Certificate, why: InvalidityReason | None = BY_HAND[0], said: str = WHY
) -> Certificate:
    return certificate_revocation.revoke(session, actor, certificate.id, why, said)


def holder_of(certificate: Certificate) -> Actor:
    with reading() as session:
        return factories.actor_for(session, session.get_one(Person, certificate.person_id))


def stored(certificate: Certificate) -> Certificate:
    with reading() as session:
        return session.get_one(Certificate, certificate.id)


SUPERVISORS = {"the county": "440104", "the city": "440100", "the province": "440000"}
OTHERS = {"another county": "440103", "another city": "440300", "another province": "430000"}


def cast(session: Session, employer: Organisation, holder: Person) -> dict[str, Actor]:
    """Everybody who might try, each as the database knows him."""
    below = {
        name: factories.actor_of(session, factories.create_supervisor(session, code))
        for name, code in (SUPERVISORS | OTHERS).items()
    }
    initial = replace(below["the county"], must_change_password=True)
    return below | {
        "the county with an initial password": initial,
        "the holder": factories.actor_for(session, holder),
        "the employer": factories.actor_of(session, factories.create_reviewer(session, employer)),
        "an analyst": factories.actor_of(session, factories.create_account(session, Role.ANALYST)),
        "an administrator": factories.actor_of(session, factories.create_account(session, Role.ADMINISTRATOR)),
    }


def test_the_supervisors_above_it_revoke_what_stands_and_nobody_else_anything(
    open_session: Session, employer: Organisation, person: Person
) -> None:
    actors, revoked = cast(open_session, employer, person), set()
    for status in CertificateStatus:
        for who, actor in actors.items():
            certificate = create_certificate(open_session, person, status)
            try:
                revoke(open_session, actor, certificate)
            except (PermissionDenied, NotFound, WrongStatus):
                assert certificate.status is status
            else:
                assert certificate.status is CertificateStatus.REVOKED
                revoked.add((who, status))
            open_session.delete(certificate)
            open_session.flush()
    assert revoked == {(who, CertificateStatus.ISSUED) for who in SUPERVISORS}


def test_what_was_revoked_says_so_to_everybody_and_why_in_words_to_its_holder_alone(supervisor: Actor) -> None:
    certificate = printed()
    with transaction() as session:
        revoke(session, supervisor, certificate, InvalidityReason.DECEIT)
    event = last_event()
    assert (event.action, event.object_id, event.actor_id) == (
        "certificate_revoked",
        certificate.id,
        supervisor.account_id,
    )
    assert event.before == {"status": "issued"}
    assert event.after == {"status": "revoked", "ended_for": "deceit", "number": certificate.number}
    for text in (certificate.number, certificate.code, certificate.statement["verify_url"]):
        with transaction() as session:
            finding = verification.verify(session, text, address="10.0.0.1")
        assert (finding.status, finding.reason) == (CertificateStatus.REVOKED, InvalidityReason.DECEIT)
        assert finding.ended_at == TODAY
        assert WHY not in repr(finding)
    with transaction() as session:
        (mine,) = certificates.list_mine(session, holder_of(certificate))
    assert (mine.opinion, mine.news_at) == (WHY, TODAY)


def test_it_is_not_printed_again_and_the_next_print_has_another_number(supervisor: Actor) -> None:
    certificate = printed()
    holder = holder_of(certificate)
    with transaction() as session:
        revoke(session, supervisor, certificate)
    with transaction() as session, pytest.raises(NoLongerStands):
        certificates.read_pdf(session, holder, certificate.id)
    with transaction() as session:
        again = certificates.obtain(session, holder, YEAR)
    assert again.status is CertificateStatus.ISSUED
    assert again.number != certificate.number
    assert stored(certificate).status is CertificateStatus.REVOKED
    with transaction() as session:
        revoke(session, supervisor, again)
    assert stored(again).status is CertificateStatus.REVOKED


def test_its_holder_takes_note_and_nobody_else_in_his_place(supervisor: Actor, professional: Actor) -> None:
    certificate = printed()
    with transaction() as session:
        revoke(session, supervisor, certificate)
    for actor in (supervisor, professional):
        with transaction() as session, pytest.raises((NotFound, PermissionDenied)):
            certificates.note_seen(session, actor, certificate.id)
    assert stored(certificate).news_at
    with transaction() as session:
        certificates.note_seen(session, holder_of(certificate), certificate.id)
    assert stored(certificate).news_at is None


@pytest.mark.parametrize("reason", [None, *certificate_revocation.BY_ITSELF])
def test_one_of_the_reasons_must_be_chosen(
    open_session: Session, person: Person, supervisor: Actor, reason: InvalidityReason | None
) -> None:
    certificate = create_certificate(open_session, person)
    with pytest.raises(InvalidField, match="原因"):
        revoke(open_session, supervisor, certificate, reason)
    assert certificate.status is CertificateStatus.ISSUED


@pytest.mark.parametrize("said", ["", "  ", "字" * 501, "看不见\u202e的字"])
@pytest.mark.parametrize("reason", BY_HAND)
def test_the_holder_is_told_in_words_whatever_the_reason(
    open_session: Session, person: Person, supervisor: Actor, reason: InvalidityReason, said: str
) -> None:
    certificate = create_certificate(open_session, person)
    with pytest.raises(InvalidField, match="说明"):
        revoke(open_session, supervisor, certificate, reason, said)
    assert certificate.status is CertificateStatus.ISSUED


def test_nobody_revokes_his_own(open_session: Session, person: Person) -> None:
    account = open_session.get_one(Account, person.account_id)
    factories.grant(open_session, account, Role.SUPERVISOR, division=factories.DIVISION)
    certificate = create_certificate(open_session, person)
    with pytest.raises(OwnCertificate):
        revoke(open_session, factories.actor_for(open_session, person), certificate)


def test_it_is_found_by_what_is_printed_on_it_wherever_its_holder_works_by_now(supervisor: Actor) -> None:
    certificate = printed(name="林知夏")
    with transaction() as session:
        elsewhere = factories.create_employer(session, division="440300")
        session.scalars(select(Binding)).one().organisation_id = elsewhere.id
        other = factories.actor_of(session, factories.create_supervisor(session, "440300"))
    for text in (certificate.number, certificate.code.lower(), certificate.statement["verify_url"]):
        with reading() as session:
            found = certificate_revocation.find(session, supervisor, text)
            assert (found.certificate.number, found.certificate.person.name) == (certificate.number, "林知夏")
            assert found.printable_again
            with pytest.raises(NotIssuedHere):
                certificate_revocation.find(session, other, text)
    for text in ("", "0", "'; DROP TABLE certificate", "\0", "９" * 2000):
        with reading() as session, pytest.raises(NotIssuedHere):
            certificate_revocation.find(session, supervisor, text)


def test_looking_for_one_asks_for_the_right(open_session: Session, professional: Actor, reviewer: Actor) -> None:
    for actor in (professional, reviewer):
        with pytest.raises(PermissionDenied):
            certificate_revocation.find(open_session, actor, "1")


def test_of_two_who_revoke_at_once_one_is_told_that_it_was_done() -> None:
    certificate = printed()
    with transaction() as session:
        actors = [factories.actor_of(session, factories.create_supervisor(session)) for _ in range(2)]
    clicks = [partial(revoke, actor=actor, certificate=certificate) for actor in actors]
    assert at_once(*clicks) == [False, True]
    assert stored(certificate).revoked_by_id in {actor.account_id for actor in actors}


def test_printing_at_the_same_moment_leaves_one_that_stands_at_most(supervisor: Actor) -> None:
    certificate = printed()
    holder = holder_of(certificate)
    at_once(
        lambda session: revoke(session, supervisor, certificate),
        lambda session: certificates.obtain(session, holder, YEAR),
    )
    with reading() as session:
        rows = session.scalars(select(Certificate).order_by(Certificate.id)).all()
    assert rows[0].status is CertificateStatus.REVOKED
    assert [row.status for row in rows[1:]] in ([], [CertificateStatus.ISSUED])


def test_hours_taken_back_at_the_same_moment_end_it_once(supervisor: Actor) -> None:
    certificate = printed()
    with reading() as session:
        claim = session.scalars(select(Claim)).first()
    assert claim

    def take_back(session: Session) -> None:
        claims.act(session, supervisor, claim.id, ClaimAction.REVOKE, seen=claim.version, reason=ReviewReason.UNTRUE)

    refusals = at_once(lambda session: revoke(session, supervisor, certificate), take_back)
    ended = stored(certificate)
    assert ended.status is CertificateStatus.REVOKED
    assert (ended.ended_for is InvalidityReason.HOURS_TAKEN_BACK) is any(refusals)
