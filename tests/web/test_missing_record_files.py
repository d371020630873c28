"""Over HTTP, what proves a missing record is for whoever reported it and for the analysts."""

from http import HTTPStatus

import pytest

from db import transaction
from db.accounts import Account, Role
from services import storage
from tests import factories, hostile_files
from tests.missing_cases import create_file, create_missing
from tests.web.client import new_client, token_for


@pytest.mark.parametrize(
    ("how", "kind"), [("", "application/pdf"), ("/inline", "application/pdf"), ("/pages/1", "image/png")]
)
def test_what_proves_a_missing_record_is_for_the_person_and_the_analysts(how: str, kind: str) -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
        person = factories.create_person(session, employer=employer)
        content = storage.put(hostile_files.pdf())
        file = create_file(session, create_missing(session, person), sha256=content)
        readers = [session.get_one(Account, person.account_id), factories.create_account(session, Role.ANALYST)]
        strangers = [factories.create_reviewer(session, employer), factories.create_supervisor(session)]
    clients = [*(new_client(token=token_for(each)) for each in (*readers, *strangers)), new_client()]
    found = [client.get(f"/files/missing/{file.id}{how}") for client in clients]
    assert [response.status_code for response in found] == [HTTPStatus.OK] * 2 + [HTTPStatus.NOT_FOUND] * 3
    assert {response.headers["content-type"] for response in found[:2]} == {kind}
