"""Pages of evidence as pictures: for the readers of the file and nobody else."""

import io
from http import HTTPStatus

import pytest
from PIL import Image
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account, Role
from db.claims import ClaimStatus, Evidence
from db.events import Event
from services import storage
from tests import factories, hostile_files
from tests.web.client import new_client, token_for

OK, HIDDEN = HTTPStatus.OK, HTTPStatus.NOT_FOUND


@pytest.fixture
def evidence() -> Evidence:
    with transaction() as session:
        employer, elsewhere = factories.create_employer(session), factories.create_employer(session)
        accounts = {
            name: factories.create_account(session, username=name) for name in ("owner", "reviewer", "stranger")
        }
        person = factories.create_person(session, account=accounts["owner"], employer=employer)
        factories.grant(session, accounts["reviewer"], Role.EMPLOYER, organisation=employer)
        factories.grant(session, accounts["stranger"], Role.EMPLOYER, organisation=elsewhere)
        claim = factories.create_claim(session, person, status=ClaimStatus.SUBMITTED)
        evidence = factories.create_evidence(session, claim)
        evidence.sha256 = storage.put(hostile_files.pdf(pages=2))
    return evidence


def token(username: str) -> str:
    with reading() as session:
        return token_for(session.scalars(select(Account).where(Account.username == username)).one())


@pytest.mark.parametrize(("username", "status"), [("owner", OK), ("reviewer", OK), ("stranger", HIDDEN)])
def test_a_page_is_for_the_readers_of_the_file(evidence: Evidence, username: str, status: HTTPStatus) -> None:
    assert new_client(token=token(username)).get(f"/files/{evidence.id}/pages/2").status_code == status


def test_a_stranger_is_told_nothing(evidence: Evidence) -> None:
    assert new_client().get(f"/files/{evidence.id}/pages/1").status_code == HIDDEN


@pytest.mark.parametrize("page", ["0", "3", "999999999"])
def test_a_page_that_is_not_there_is_not_found(evidence: Evidence, page: str) -> None:
    assert new_client(token=token("reviewer")).get(f"/files/{evidence.id}/pages/{page}").status_code == HIDDEN


def test_a_page_is_a_picture_that_is_kept_nowhere(evidence: Evidence) -> None:
    response = new_client(token=token("reviewer")).get(f"/files/{evidence.id}/pages/1")
    assert Image.open(io.BytesIO(response.content)).format == "PNG"
    assert response.headers["content-type"] == "image/png"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"


def test_a_reviewers_look_is_recorded(evidence: Evidence) -> None:
    new_client(token=token("reviewer")).get(f"/files/{evidence.id}/pages/1")
    with reading() as session:
        assert session.scalars(select(Event.action)).all() == ["evidence_read"]
