"""Who may send files to Streamlit, and how many."""

from http import HTTPStatus
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from db import transaction
from db.accounts import Account, Role
from tests import factories, signing_in
from tests.web.client import new_client
from web import uploads
from web.cookies import session_cookie

OWN, OTHERS = "my-streamlit-session", "somebody-elses"


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> str:
    """Signed in, with a page open in Streamlit; beside it somebody else's page."""
    signing_in.create_account(Role.PROFESSIONAL)
    token = signing_in.enter()
    pages = {OWN: _opened_with(token), OTHERS: _opened_with("another token")}
    monkeypatch.setattr(uploads, "get_instance", lambda: SimpleNamespace(get_client=pages.get))
    monkeypatch.setattr(uploads, "_sent", {})
    return token


def _opened_with(token: str) -> SimpleNamespace:
    return SimpleNamespace(client_context=SimpleNamespace(cookies={session_cookie(): token}))


def put(token: str, streamlit_session: str, content: bytes = b"x") -> HTTPStatus:
    address = f"{uploads.UPLOAD_PREFIX}{streamlit_session}/1"
    return HTTPStatus(new_client(token=token).put(address, content=content).status_code)


def test_a_file_goes_into_the_page_of_the_same_browser(token: str) -> None:
    assert put(token, OWN) == HTTPStatus.OK


@pytest.mark.parametrize("streamlit_session", [OTHERS, "unknown", ""])
def test_a_file_goes_into_no_other_page(token: str, streamlit_session: str) -> None:
    assert put(token, streamlit_session) == HTTPStatus.FORBIDDEN


def test_nobody_uploads_without_signing_in(token: str) -> None:
    assert put("", OWN) == put("made up", OWN) == HTTPStatus.FORBIDDEN


def test_a_file_says_how_long_it_is(token: str) -> None:
    response = new_client(token=token).put(f"{uploads.UPLOAD_PREFIX}{OWN}/1", content=iter([b"chunk"]))
    assert response.status_code == HTTPStatus.LENGTH_REQUIRED


def test_a_file_says_how_long_it_is_in_one_way_alone(token: str) -> None:
    """The server goes by the chunks and not by the length that stands beside them."""
    headers = {"content-length": "1", "transfer-encoding": "chunked"}
    response = new_client(token=token).put(f"{uploads.UPLOAD_PREFIX}{OWN}/1", content=b"x", headers=headers)
    assert response.status_code == HTTPStatus.LENGTH_REQUIRED


def test_nobody_but_an_analyst_sends_a_whole_system(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "USUAL_MEGABYTES", 0)
    assert put(token, OWN) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    with transaction() as session:
        account = session.scalars(select(Account)).one()
        factories.grant(session, account, Role.ANALYST)
    assert put(token, OWN) == HTTPStatus.OK


def test_an_account_sends_so_much_an_hour_and_no_more(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "QUOTA_BYTES", 250)
    answers = [put(token, OWN, b"x" * 100) for _ in range(3)]
    assert answers == [HTTPStatus.OK, HTTPStatus.OK, HTTPStatus.TOO_MANY_REQUESTS]
    monkeypatch.setattr(uploads, "QUOTA_SECONDS", -1)
    assert put(token, OWN) == HTTPStatus.OK
