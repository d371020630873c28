"""Two clicks about the exemptions of one person at the same moment."""

from functools import partial

from sqlalchemy import select

from db import reading, transaction
from db.certificates import Certificate, CertificateStatus
from db.claims import Category
from db.exemptions import Exemption, ExemptionAction, ExemptionStatus
from services import certificates, exemption_form, exemptions, statistics
from services.permissions import SYSTEM
from tests import factories
from tests.exemption_cases import create_exemption
from tests.services.exemption_steps import HALF, form
from tests.services.files import checked_file
from tests.services.racing import at_once, count
from tests.services.requirement_forms import FULL, YEAR, hire


def test_of_two_who_decide_at_once_one_decides() -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
        person = factories.create_person(session, employer=employer)
        made = create_exemption(session, person, employer)
        one, other = (factories.actor_of(session, factories.create_supervisor(session)) for _ in range(2))
    decide = partial(exemptions.act, exemption_id=made.id, seen=made.version, opinion="已核对。")
    assert at_once(
        lambda session: decide(session, one, action=ExemptionAction.GRANT),
        lambda session: decide(session, other, action=ExemptionAction.DECLINE),
    ) == [False, True]
    with reading() as session:
        stored = session.get_one(Exemption, made.id)
        decided_by = one if stored.status is ExemptionStatus.GRANTED else other
        assert stored.decided_by_id == decided_by.account_id


def test_who_asks_twice_at_once_has_asked_once() -> None:
    with transaction() as session:
        person = factories.create_person(session, employer=factories.create_employer(session))
        owner = factories.actor_for(session, person)
        supervisor = factories.actor_of(session, factories.create_supervisor(session))
    refusals = at_once(
        lambda session: exemption_form.request(session, owner, form(), [checked_file()]),
        lambda session: exemption_form.request(session, owner, form(), [checked_file()]),
        lambda session: exemption_form.propose(session, supervisor, person.id, form(), [checked_file()]),
    )
    assert refusals == [False, True, True]
    assert count(Exemption) == 1


def test_no_certificate_outlives_the_exemption_it_rests_on() -> None:
    for _ in range(3):
        person = hire({**FULL, Category.PROFESSIONAL: FULL[Category.PROFESSIONAL] / 2})
        statistics.recompute(transaction, SYSTEM)
        with transaction() as session:
            employer = factories.create_employer(session)
            made = create_exemption(session, person, employer, status=ExemptionStatus.GRANTED, hours=HALF, year=YEAR)
            supervisor = factories.actor_of(session, factories.create_supervisor(session))
            owner = factories.actor_for(session, person)
        act = partial(exemptions.act, seen=made.version, opinion="证明不实。")
        refusals = at_once(
            partial(certificates.obtain, actor=owner, year=YEAR),
            partial(act, actor=supervisor, exemption_id=made.id, action=ExemptionAction.REVOKE),
        )
        assert refusals in ([False, False], [False, True])
        with reading() as session:
            own = select(Certificate.status).where(Certificate.person_id == person.id)
            assert set(session.scalars(own)) <= {CertificateStatus.REVOKED}
