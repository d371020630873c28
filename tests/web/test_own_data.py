"""The archive of one's own data over plain HTTP."""

import io
import zipfile
from http import HTTPStatus
from urllib.parse import unquote

import pytest

from db import transaction
from db.accounts import Account, Role
from services import personal_archive, sessions
from services.personal_archive import DATA, EXPLANATION
from tests import signing_in
from tests.signing_in import PASSWORD
from tests.web.client import new_client
from web.own_archive import ADDRESS


@pytest.fixture
def token() -> str:
    """Of a browser in which the password was given once more."""
    signing_in.create_account(Role.ANALYST)
    token = signing_in.enter()
    personal_archive.permit(transaction, signing_in.actor_of(token), PASSWORD)
    return token


def test_it_is_an_attachment_that_is_kept_nowhere_and_run_by_nothing(token: str) -> None:
    response = new_client(token=token).get(ADDRESS)
    assert response.status_code == HTTPStatus.OK
    assert response.headers["content-type"] == "application/zip"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"
    disposition = unquote(response.headers["content-disposition"])
    assert disposition.startswith("attachment; filename*=UTF-8''学时簿个人数据-")
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    assert archive.namelist() == [EXPLANATION, DATA]
    assert "请妥善保管" in archive.read(EXPLANATION).decode()


def test_its_explanation_speaks_the_readers_language(token: str) -> None:
    with transaction() as session:
        session.get_one(Account, signing_in.actor_of(token).account_id).language = "en"
    response = new_client(token=token).get(ADDRESS)
    assert "everything" in zipfile.ZipFile(io.BytesIO(response.content)).read(EXPLANATION).decode()


def test_whoever_has_not_given_the_password_again_is_led_to_where_he_can(token: str) -> None:
    response = new_client(token=signing_in.enter()).get(ADDRESS)
    assert (response.status_code, response.headers["location"]) == (HTTPStatus.SEE_OTHER, "/account-security")


def test_it_does_not_exist_for_a_stranger_after_the_sign_out_and_for_another_site(token: str) -> None:
    client = new_client(token=token)
    assert new_client().get(ADDRESS).status_code == HTTPStatus.NOT_FOUND
    assert client.get(ADDRESS, headers={"sec-fetch-site": "cross-site"}).status_code == HTTPStatus.NOT_FOUND
    with transaction() as session:
        sessions.sign_out(session, signing_in.actor_of(token))
    assert client.get(ADDRESS).status_code == HTTPStatus.NOT_FOUND


def test_who_asks_again_and_again_is_told_to_wait(token: str) -> None:
    client = new_client(token=token)
    answers = [client.get(ADDRESS) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [HTTPStatus.OK] * 5 + [HTTPStatus.TOO_MANY_REQUESTS]
    assert "请稍后再试" in answers[-1].text


def test_who_must_change_the_password_first_finds_nothing(token: str) -> None:
    with transaction() as session:
        session.get_one(Account, signing_in.actor_of(token).account_id).must_change_password = True
    assert new_client(token=token).get(ADDRESS).status_code == HTTPStatus.NOT_FOUND
