"""What leaves the system as a file is in the log, whosever it is."""

from http import HTTPStatus

from sqlalchemy import select

from db import reading, transaction
from db.events import Event
from services import storage
from tests import factories
from tests.certificates import create_certificate
from tests.web.client import new_client, token_for


def test_a_file_that_leaves_is_in_the_log_and_one_that_is_looked_at_has_not_left() -> None:
    with transaction() as session:
        account = factories.create_account(session)
        person = factories.create_person(session, account=account, employer=factories.create_employer(session))
        claim = factories.create_claim(session, person)
        evidence = factories.create_evidence(session, claim)
        evidence.sha256 = storage.put(b"%PDF-1.7 made up")
        certificate = create_certificate(session, person)
        certificate.pdf_sha256 = evidence.sha256
    owner = new_client(token=token_for(account))
    for address in (f"/files/{evidence.id}/inline", f"/files/{evidence.id}", f"/certificates/{certificate.id}"):
        assert owner.get(address).status_code == HTTPStatus.OK
    with reading() as session:
        said = select(Event.actor_id, Event.object_type, Event.object_id, Event.address)
        noted = session.execute(said.where(Event.action == "file_download").order_by(Event.id)).all()
    assert [tuple(row) for row in noted] == [
        (account.id, "evidence", evidence.id, "192.0.2.7"),
        (account.id, "certificate", certificate.id, "192.0.2.7"),
    ]
