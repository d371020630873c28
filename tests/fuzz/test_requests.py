"""What anybody may send over plain HTTP: it is answered, never with an incident, and believed as far as it is ours."""

import ipaddress
import time
from http import HTTPStatus
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from db import reading, transaction
from db.accounts import AuthSession
from db.certificates import Certificate
from services import proofs, verification
from services.errors import DomainError
from services.proofs import BrokenProof, Proof
from tests import signing_in, whole_life
from tests.certificates import printed
from tests.fuzz.strength import examples
from tests.web.client import handshake, new_client
from web.exports import EXPORTS
from web.navigation import SCREENS
from web.session import ADDRESS_HEADER

BOUND = 20  # seconds; what takes longer hangs
EXTREME = [
    "",
    "0",
    "-1",
    "1e9",
    "9" * 30,
    "١٢",
    "\0",
    "\ud800",
    "%00",
    "%ED%A0%80",
    "a\r\nSet-Cookie: x=1",
    "[]",
    "{}",
    "//evil.example",
]
VALUES = st.one_of(st.sampled_from(EXTREME), st.text(max_size=60), st.integers().map(str), st.dates().map(str))
NAMES = st.sampled_from(
    ["code", "next", "ticket", "id", "class", "year", "view", "status", "text", "from", "until", "closed", "lang"]
)
QUERIES = st.lists(st.tuples(NAMES, VALUES), max_size=5)
PATHS = st.one_of(
    st.sampled_from([screen.url_path for screen in SCREENS]),
    st.sampled_from(
        ["verify.json", "session/start", "session/end", "health/live", "health/ready", "my-data", "_stcore/metrics"]
    ),
    st.builds("files/{}".format, VALUES),
    st.builds("certificates/{}".format, VALUES),
    st.builds("exports/{}".format, st.one_of(st.sampled_from(sorted(EXPORTS)), VALUES)),
    VALUES,
)
# What HTTP lets pass in a header.
HEADER_VALUES = st.one_of(
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=80),
    st.lists(st.ip_addresses().map(str) | st.sampled_from(["unknown", "127.0.0.1", "x" * 300, ""]), max_size=6).map(
        ", ".join
    ),
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["x-forwarded-for", "forwarded", "user-agent", "referer", "sec-fetch-site", "accept-language", "range"]
    ),
    HEADER_VALUES,
    max_size=4,
)
METHODS = st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])


def address(path: str, query: list[tuple[str, str]]) -> str:
    pairs = "&".join(f"{quote(name)}={quote(value, errors='replace')}" for name, value in query)
    return f"/{quote(path, safe='/%', errors='replace')}?{pairs}"


@pytest.fixture
def clients() -> list[TestClient]:
    """Nobody, and somebody with something of everything."""
    whole_life.begin()
    return [new_client(), new_client(token=signing_in.enter())]


@examples(80)
@given(METHODS, PATHS, QUERIES, HEADERS)
def test_every_request_is_answered(
    clients: list[TestClient], method: str, path: str, query: list[tuple[str, str]], headers: dict[str, str]
) -> None:
    for client in clients:
        began = time.monotonic()
        response = client.request(method, address(path, query), headers=headers)
        assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR or path == "health/ready"
        assert time.monotonic() - began < BOUND
        assert "evil.example" not in response.headers.get("location", "").partition("?")[0]
        assert not [line for line in response.headers.get_list("set-cookie") if line.startswith("x=1")]


@pytest.mark.no_database
@examples(100)
@given(HEADER_VALUES)
def test_nobody_chooses_the_address_he_is_known_by(forwarded: str) -> None:
    known_by = handshake(new_client(), **{"x-forwarded-for": forwarded})[ADDRESS_HEADER]
    assert known_by == "192.0.2.7"
    assert ipaddress.ip_address(known_by)


@examples(60)
@given(VALUES, VALUES)
def test_no_invented_ticket_becomes_a_session(ticket: str, next_address: str) -> None:
    headers = {"sec-fetch-site": "same-origin"}
    response = new_client().get(address("session/start", [("ticket", ticket), ("next", next_address)]), headers=headers)
    assert (response.status_code, response.headers["location"]) == (HTTPStatus.SEE_OTHER, "/?notice=refused")
    with reading() as session:
        assert session.query(AuthSession).count() == 0


CODES = st.one_of(
    st.text(max_size=200),
    st.text(proofs.ALPHABET, min_size=100, max_size=400),
    st.text("0123456789", min_size=15, max_size=19),
    VALUES,
)


@examples(100)
@given(CODES)
def test_whatever_is_to_be_verified_is_found_or_not(code: str) -> None:
    try:
        said = verification.offline(code)
    except BrokenProof:
        said = None
    assert said is None or isinstance(said, Proof)
    with pytest.raises(DomainError), transaction() as session:
        verification.verify(session, code, address="")


@pytest.fixture
def certificate() -> Certificate:
    return printed(name="林知夏")


@examples(60)
@given(st.data())
def test_a_code_with_other_characters_in_it_proves_nothing_else(certificate: Certificate, data: st.DataObject) -> None:
    text: str = certificate.statement["verify_url"].rpartition("code=")[2]
    at = data.draw(st.integers(0, len(text)))
    other = text[:at] + data.draw(st.text(max_size=4)) + text[at + data.draw(st.integers(0, 4)) :]
    try:
        with transaction() as session:
            found = verification.verify(session, other, address="")
    except DomainError:
        return
    assert found.number == certificate.number
