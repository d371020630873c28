"""Files of dishonesty cases over HTTP: for the supervisors, and for the person concerned once he is told."""

from http import HTTPStatus

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.misconduct import LookedAt, MisconductFile, MisconductLook, MisconductStatus
from db.organisations import Organisation
from services import storage
from tests import factories, hostile_files
from tests.misconduct_cases import UNTOLD, create_case, create_file
from tests.web.client import new_client, token_for

OK, HIDDEN = HTTPStatus.OK, HTTPStatus.NOT_FOUND
OWNER, SUPERVISOR = "the person concerned", "a supervisor"


@pytest.fixture
def employer() -> Organisation:
    with transaction() as session:
        return factories.create_employer(session)


@pytest.fixture
def accounts(employer: Organisation) -> dict[str, Account]:
    with transaction() as session:
        person = factories.create_person(session, employer=employer)
        return {
            OWNER: session.get_one(Account, person.account_id),
            SUPERVISOR: factories.create_supervisor(session),
            "a reviewer of the employer": factories.create_reviewer(session, employer),
            "a supervisor elsewhere": factories.create_supervisor(session, "440600"),
        }


def stored(accounts: dict[str, Account], employer: Organisation, status: MisconductStatus) -> MisconductFile:
    with transaction() as session:
        case = create_case(session, factories.person_of(session, accounts[OWNER]), employer, status=status)
        file = create_file(session, case)
        file.sha256 = storage.put(hostile_files.pdf())
        return file


@pytest.mark.parametrize("status", [MisconductStatus.REPORTED, MisconductStatus.NOTIFIED, MisconductStatus.EXPIRED])
@pytest.mark.parametrize("how", ["", "/inline"])
def test_a_file_is_for_those_who_may_see_the_case(
    accounts: dict[str, Account], employer: Organisation, status: MisconductStatus, how: str
) -> None:
    address = f"/files/misconduct/{stored(accounts, employer, status).id}{how}"
    readers = {SUPERVISOR} if status in UNTOLD else {OWNER, SUPERVISOR}
    answers = {name: new_client(token=token_for(who)).get(address).status_code for name, who in accounts.items()}
    assert answers == {name: OK if name in readers else HIDDEN for name in accounts}
    assert new_client().get(address).status_code == HIDDEN
    with reading() as session:
        looks = session.execute(select(MisconductLook.actor_id, MisconductLook.looked_at)).all()
    assert looks == [(accounts[SUPERVISOR].id, LookedAt.FILE)]
