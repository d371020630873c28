"""Proofs of corrected names and ID numbers over HTTP: for their owner, and for whoever decides while he decides."""

from http import HTTPStatus

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.events import Event
from db.identity_changes import IdentityChange, IdentityChangeStatus, IdentityFile
from db.organisations import Organisation
from services import storage
from tests import factories, hostile_files, profiles
from tests.web.client import new_client, token_for

OK, HIDDEN = HTTPStatus.OK, HTTPStatus.NOT_FOUND
OWNER, REVIEWER, SUPERVISOR = "owner", "reviewer", "supervisor"
READERS = {
    IdentityChangeStatus.REQUESTED: {OWNER, REVIEWER},
    IdentityChangeStatus.ENDORSED: {OWNER, SUPERVISOR},
    IdentityChangeStatus.APPROVED: {OWNER},
    IdentityChangeStatus.RETURNED: {OWNER},
    IdentityChangeStatus.WITHDRAWN: {OWNER},
}


@pytest.fixture
def employer() -> Organisation:
    with transaction() as session:
        return factories.create_employer(session)


@pytest.fixture
def accounts(employer: Organisation) -> dict[str, Account]:
    """Everybody who might ask."""
    with transaction() as session:
        person = factories.create_person(session, employer=employer)
        colleague = factories.create_person(session, employer=employer)
        return {
            OWNER: session.get_one(Account, person.account_id),
            REVIEWER: factories.create_reviewer(session, employer),
            SUPERVISOR: factories.create_supervisor(session),
            "colleague": session.get_one(Account, colleague.account_id),
            "stranger": factories.create_reviewer(session, factories.create_employer(session)),
            "supervisor elsewhere": factories.create_supervisor(session, "440600"),
        }


def proof(accounts: dict[str, Account], employer: Organisation, status: IdentityChangeStatus) -> IdentityFile:
    with transaction() as session:
        endorser = factories.create_reviewer(session, employer)
        person = factories.person_of(session, accounts[OWNER])
        change: IdentityChange = profiles.create_identity_change(
            session, person, status=status, employer=employer, endorsed_by=endorser
        )
        change.files[0].sha256 = storage.put(hostile_files.pdf(pages=2))
        return change.files[0]


@pytest.mark.parametrize("status", IdentityChangeStatus)
@pytest.mark.parametrize("how", ["", "/inline", "/pages/2"])
def test_a_proof_is_for_its_owner_and_for_who_decides_now(
    accounts: dict[str, Account], employer: Organisation, status: IdentityChangeStatus, how: str
) -> None:
    address = f"/files/identity/{proof(accounts, employer, status).id}{how}"
    answers = {
        name: HTTPStatus(new_client(token=token_for(account)).get(address).status_code)
        for name, account in accounts.items()
    }
    assert answers == {name: OK if name in READERS[status] else HIDDEN for name in accounts}
    assert new_client().get(address).status_code == HIDDEN


def test_a_proof_is_kept_nowhere_and_each_look_of_a_reviewer_is_recorded(
    accounts: dict[str, Account], employer: Organisation
) -> None:
    file = proof(accounts, employer, IdentityChangeStatus.REQUESTED)
    for name in (OWNER, REVIEWER):
        response = new_client(token=token_for(accounts[name])).get(f"/files/identity/{file.id}")
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["content-disposition"].startswith("attachment")
    with reading() as session:
        looks = session.scalars(select(Event.actor_id).where(Event.action == "identity_file_read")).all()
    assert looks == [accounts[REVIEWER].id]


@pytest.mark.parametrize("number", ["0", "999999999", "1/pages/0", "1/pages/9", "x", "-1"])
def test_what_is_not_there_is_not_found(accounts: dict[str, Account], number: str) -> None:
    assert new_client(token=token_for(accounts[OWNER])).get(f"/files/identity/{number}").status_code == HIDDEN


def test_the_number_of_a_claims_evidence_opens_no_proof(accounts: dict[str, Account], employer: Organisation) -> None:
    """Both are counted from one, and each address asks for its own."""
    file = proof(accounts, employer, IdentityChangeStatus.REQUESTED)
    assert new_client(token=token_for(accounts[REVIEWER])).get(f"/files/{file.id}").status_code == HIDDEN
