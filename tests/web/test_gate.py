"""What passes the gate, what it adds, and what it takes away."""

import re
from collections.abc import Callable
from http import HTTPStatus

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from db import transaction
from db.accounts import Account, Role
from db.settings import load
from services import sessions
from tests import signing_in
from tests.web.client import HOST, STREAM, handshake, new_client
from web import cookies, origin, security_headers
from web.cookies import browser_cookie, session_cookie
from web.middleware import MIDDLEWARE
from web.session import ADDRESS_HEADER, SESSION_HEADER

PAGES = ("/", "/health/live", "/static/x.js", "/_stcore/health", "/no-such-page", "/media/x", "/files/1")
HIDDEN = ("/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/script-health-check", "/component/x/index.html")
SetEnvironment = Callable[..., None]


@pytest.fixture
def set_environment(monkeypatch: pytest.MonkeyPatch) -> SetEnvironment:
    """Settings as the environment would make them, for the modules that a request passes through."""

    def set_it(**environment: str) -> None:
        changed = load({"HOURBOOK_SECRET_KEY": "x" * 32, **{f"HOURBOOK_{k}": v for k, v in environment.items()}})
        for module in (cookies, origin, security_headers):
            monkeypatch.setattr(module, "settings", lambda: changed)

    return set_it


def new_token(*roles: Role) -> str:
    signing_in.create_account(*(roles or (Role.ANALYST,)))
    return signing_in.enter()


@pytest.mark.no_database
@pytest.mark.parametrize("path", PAGES)
def test_every_response_carries_the_security_headers(path: str) -> None:
    headers = new_client().get(path).headers
    assert "default-src" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in headers


@pytest.mark.no_database
def test_no_script_runs_but_those_of_the_index_page() -> None:
    policy = new_client().get("/").headers["content-security-policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert re.fullmatch(r"'self' 'wasm-unsafe-eval'( 'sha256-[A-Za-z0-9+/=]{44}')+", directives["script-src"])
    assert directives["frame-ancestors"] == directives["object-src"] == directives["base-uri"] == "'none'"
    assert directives["connect-src"] == directives["form-action"] == "'self'"


@pytest.mark.no_database
def test_under_tls_cookies_are_bound_to_the_host_and_browsers_stay_with_tls(set_environment: SetEnvironment) -> None:
    set_environment(PUBLIC_URL="https://xueshi.example")
    client = new_client()
    client.cookies.clear()
    headers = client.get("/").headers
    assert headers["set-cookie"].startswith("__Host-hourbook-browser=")
    assert "max-age=31536000" in headers["strict-transport-security"]


@pytest.mark.no_database
@pytest.mark.parametrize("path", PAGES)
def test_under_tls_every_response_says_so(set_environment: SetEnvironment, path: str) -> None:
    set_environment(PUBLIC_URL="https://xueshi.example")
    headers = new_client().get(path).headers
    assert "max-age=31536000" in headers["strict-transport-security"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


@pytest.mark.no_database
@pytest.mark.parametrize("path", HIDDEN)
def test_what_streamlit_offers_besides_the_application_does_not_exist(path: str) -> None:
    assert new_client().get(path).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.no_database
def test_a_new_browser_gets_a_mark_that_no_script_can_read() -> None:
    client = new_client()
    client.cookies.clear()
    first = client.get("/")
    assert re.match(r"hourbook-browser=[\w-]{43}; HttpOnly; .*SameSite=lax", first.headers["set-cookie"])
    assert "set-cookie" not in client.get("/").headers


@pytest.mark.no_database
@pytest.mark.parametrize("sender", ["http://elsewhere.example", "http://localhost:9999", "null", None])
def test_a_connection_from_another_site_or_from_none_is_refused(sender: str | None) -> None:
    headers = {} if sender is None else {"origin": sender}
    address = f"ws://{HOST}{STREAM}"
    with pytest.raises(WebSocketDisconnect), new_client().websocket_connect(address, headers=headers):
        pass


@pytest.mark.no_database
def test_a_write_from_another_site_is_refused() -> None:
    response = new_client().post("/_stcore/anything", headers={"origin": "http://elsewhere.example"})
    assert response.status_code == HTTPStatus.FORBIDDEN


def test_the_session_that_reaches_streamlit_is_the_cookies_and_not_the_clients_word() -> None:
    token = new_token()
    received = handshake(new_client(token=token), **{SESSION_HEADER: "session 1", ADDRESS_HEADER: "1.2.3.4"})
    assert received[SESSION_HEADER] == f"session {signing_in.actor_of(token).session_id}"
    assert received[ADDRESS_HEADER] == "192.0.2.7"


def test_strangers_are_told_apart_by_their_browsers() -> None:
    mine, other = new_client(), new_client()
    other.cookies.set(browser_cookie(), "another mark")
    assert handshake(mine)[SESSION_HEADER] == handshake(mine)[SESSION_HEADER]
    assert handshake(mine)[SESSION_HEADER] != handshake(other)[SESSION_HEADER]


def test_a_dead_cookie_is_a_strangers() -> None:
    token = new_token()
    with transaction() as session:
        sessions.sign_out(session, signing_in.actor_of(token))
    assert handshake(new_client(token=token))[SESSION_HEADER].startswith("browser ")


@pytest.mark.no_database
def test_a_media_file_is_only_for_known_browsers_and_never_kept() -> None:
    client = new_client()
    response = client.get("/media/picture.png")
    assert (response.status_code, response.headers["cache-control"]) == (HTTPStatus.OK, "no-store")
    client.cookies.clear()
    assert client.get("/media/picture.png").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.no_database
def test_a_captcha_with_a_known_answer_is_for_visitors_on_this_machine(set_environment: SetEnvironment) -> None:
    """Whatever the server was started with: of an ASGI server's own options the start knows nothing."""
    set_environment(ENV="test", TEST_CAPTCHA="ABCDE")
    assert new_client(host="127.0.0.1").get("/").status_code == HTTPStatus.OK
    outside = new_client(host="192.0.2.8")
    assert outside.get("/").status_code == HTTPStatus.FORBIDDEN
    with pytest.raises(WebSocketDisconnect):
        handshake(outside)


@pytest.mark.no_database
def test_under_tls_a_page_that_came_without_it_is_another_site(set_environment: SetEnvironment) -> None:
    set_environment(PUBLIC_URL=f"https://{HOST}")
    assert handshake(new_client(), origin=f"https://{HOST}")
    with pytest.raises(WebSocketDisconnect):
        handshake(new_client(), origin=f"http://{HOST}")


@pytest.mark.no_database
def test_under_tls_streamlits_own_cookie_is_secure_too(set_environment: SetEnvironment) -> None:
    set_environment(PUBLIC_URL=f"https://{HOST}")
    cookies = sent_cookies()
    assert cookies == ["_streamlit_xsrf=2|a; Path=/; SameSite=Lax; Secure", "other=1; Secure"]


def sent_cookies() -> list[str]:
    """What arrives of the cookies that Streamlit sets."""

    async def set_two(_request: Request) -> Response:
        response = PlainTextResponse("ok")
        response.headers.append("set-cookie", "_streamlit_xsrf=2|a; Path=/; SameSite=Lax")
        response.headers.append("set-cookie", "other=1; Secure")
        return response

    app = Starlette(routes=[Route("/_stcore/health", set_two)], middleware=MIDDLEWARE)
    return TestClient(app, base_url=f"http://{HOST}").get("/_stcore/health").headers.get_list("set-cookie")


@pytest.mark.no_database
def test_what_a_client_says_about_its_address_is_not_believed() -> None:
    assert handshake(new_client(), **{"x-forwarded-for": "198.51.100.1"})[ADDRESS_HEADER] == "192.0.2.7"


@pytest.mark.no_database
def test_nor_on_this_machine_where_the_server_itself_believes_it() -> None:
    client = new_client(peer="198.51.100.1", host="127.0.0.1")
    assert handshake(client, **{"x-forwarded-for": "198.51.100.1"})[ADDRESS_HEADER] == "127.0.0.1"


@pytest.mark.no_database
def test_a_trusted_proxy_names_the_client_and_earlier_words_are_the_clients_own(
    set_environment: SetEnvironment,
) -> None:
    set_environment(TRUSTED_PROXIES="192.0.2.7, 192.0.2.8")
    forwarded = {"x-forwarded-for": "10.0.0.1, 198.51.100.1, 192.0.2.8"}
    assert handshake(new_client(), **forwarded)[ADDRESS_HEADER] == "198.51.100.1"


def test_an_address_outside_the_menu_is_not_found_and_looks_like_any_other() -> None:
    client = new_client(token=new_token(Role.ANALYST))
    answers = {client.get(path).text for path in ("/system-accounts", "/no-such-page", "/a/b")}
    assert client.get("/system-accounts").status_code == HTTPStatus.NOT_FOUND
    assert len(answers) == 1


def test_a_stranger_with_a_deep_link_is_led_to_the_login_and_back() -> None:
    response = new_client().get("/account-security?tab=2")
    assert response.status_code == HTTPStatus.SEE_OTHER
    assert response.headers["location"] == "/?next=account-security%3Ftab%3D2"


def test_the_home_page_has_one_address() -> None:
    client = new_client(token=new_token(Role.ADMINISTRATOR))
    assert client.get("/system-accounts?account_search=x").headers["location"] == "/?account_search=x"
    assert client.get("/").status_code == HTTPStatus.OK


def test_who_must_change_the_password_is_led_there_from_everywhere() -> None:
    account = signing_in.create_account(Role.PROFESSIONAL)
    with transaction() as session:
        session.get_one(Account, account.id).must_change_password = True
    client = new_client(token=signing_in.enter())
    for path in ("/account-security", "/verify", "/system-accounts", "/no-such-page"):
        assert client.get(path).headers["location"] == "/"
    assert client.get("/files/1").status_code == client.get("/certificates/1").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.no_database
def test_the_page_is_not_kept_for_the_back_button() -> None:
    assert new_client().get("/").headers["cache-control"] == "no-store"


def test_a_cookie_of_another_name_is_nobodys() -> None:
    token, client = new_token(), new_client()
    client.cookies.set(f"x{session_cookie()}", token)
    assert handshake(client)[SESSION_HEADER].startswith("browser ")


def failing_client(error: Exception) -> TestClient:
    """Behind the gate everything breaks."""

    async def fail(_request: Request) -> Response:
        raise error

    return TestClient(Starlette(routes=[Route("/{path:path}", fail)], middleware=MIDDLEWARE), base_url=f"http://{HOST}")


@pytest.mark.no_database
def test_an_error_shows_a_number_alone_and_the_log_no_personal_data(caplog: pytest.LogCaptureFixture) -> None:
    response = failing_client(ValueError("440104198503170019")).get("/files/1")
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    (number,) = re.findall(r"\b[A-Z]{8}\b", response.text)
    assert f"incident {number}" in caplog.text
    assert "ValueError" not in response.text
    assert "440104198503170019" not in response.text + caplog.text
    assert "default-src" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.no_database
def test_an_error_of_the_gate_itself_is_answered_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("no database"))

    monkeypatch.setattr(sessions, "resolve", fail)
    response = new_client(token="whatever").get("/")
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("language", "tag"), [("zh_CN", "zh-CN"), ("en", "en")])
def test_a_page_says_in_which_language_it_speaks(language: str, tag: str) -> None:
    token = new_token()
    with transaction() as session:
        session.scalars(select(Account)).one().language = language
    assert f'<html lang="{tag}">' in new_client(token=token).get("/").text
