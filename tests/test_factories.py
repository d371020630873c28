"""What tests are built from is itself valid by the product's rules."""

import pytest
from sqlalchemy import Engine
from stdnum.cn import uscc

from db import reading, transaction
from db.claims import ClaimStatus
from services import identity
from services.permissions import Permission, allowed
from tests import factories


def test_invented_numbers_pass_the_products_own_checks() -> None:
    assert {identity.parse(factories.invented_id_number(number)) for number in range(20)}
    assert uscc.is_valid(factories.invented_uscc(7))


@pytest.mark.parametrize("status", ClaimStatus)
def test_a_claim_of_every_status_can_be_stored(database: Engine, status: ClaimStatus) -> None:
    with transaction() as session:
        person = factories.create_person(session, employer=factories.create_employer(session))
        claim = factories.create_claim(session, person, status=status)
        factories.create_evidence(session, claim)
    assert claim.status is status


def test_actors_hold_what_their_grants_say(database: Engine) -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
        reviewer = factories.actor_of(session, factories.create_reviewer(session, employer))
        supervisor = factories.actor_of(session, factories.create_supervisor(session))
        claimant = factories.actor_for(session, factories.create_person(session))
    assert allowed(reviewer, Permission.CLAIM_REVIEW)
    assert supervisor.divisions == [factories.DIVISION]
    assert allowed(claimant, Permission.CLAIM_WRITE)
    assert claimant.person_id is not None


def test_the_first_database_holds_its_reference_rows_alone(database: Engine) -> None:
    with reading() as session:
        counts = {
            name: session.connection().exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
            for name in ("requirement", "claim_year", "event_head", "person", "event")
        }
    assert counts == {"requirement": 63, "claim_year": 21, "event_head": 1, "person": 0, "event": 0}
