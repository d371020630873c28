"""The session's cookie, downloads, verification for machines, and readiness."""

import re
from datetime import datetime
from http import HTTPStatus

import pytest
from sqlalchemy import Engine, text

from db import transaction
from db.accounts import Account, Role
from db.certificates import Certificate, InvalidityReason
from db.claims import ClaimStatus, Evidence
from db.migrate import HEAD
from db.statistics import StatisticsRun
from services import certificate_revocation, sessions, storage
from services.clock import now, today
from tests import factories, signing_in
from tests.exemption_cases import create_exemption, create_file
from tests.web.client import new_client, token_for
from web.cookies import session_cookie

STATEMENT = {
    "name": "林知夏",
    "employer": "晴川桥隧设计有限公司",
    "general": {"required": "30", "earned": "32.5"},
    "professional": {"required": "42", "earned": "42"},
    "elective": {"required": "18", "earned": "20"},
}
CONTENT = b"%PDF-1.7 made up"
EVIL_NAME = '结业\u202e证明";x="/..\r\n.pdf'


def enter_by_ticket(ticket: str, **query: str) -> tuple[HTTPStatus, str, str]:
    """Status, where it leads, and the cookie that is set."""
    client = new_client()
    response = client.get("/session/start", params={"ticket": ticket, **query})
    return HTTPStatus(response.status_code), response.headers["location"], response.headers.get("set-cookie", "")


def test_a_ticket_becomes_a_cookie_that_no_script_can_read() -> None:
    signing_in.create_account(Role.ANALYST)
    status, location, cookie = enter_by_ticket(signing_in.get_ticket())
    assert (status, location) == (HTTPStatus.SEE_OTHER, "/")
    assert cookie.startswith(f"{session_cookie()}=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age" not in cookie


def test_the_cookie_outlives_the_browser_only_when_the_database_remembers_it() -> None:
    signing_in.create_account(Role.PROFESSIONAL)
    _, _, cookie = enter_by_ticket(signing_in.get_ticket(remember=True))
    assert "Max-Age=1209600" in cookie


def test_a_ticket_works_once() -> None:
    signing_in.create_account(Role.ANALYST)
    ticket = signing_in.get_ticket()
    enter_by_ticket(ticket)
    assert enter_by_ticket(ticket) == (HTTPStatus.SEE_OTHER, "/?notice=refused", "")


def test_a_ticket_works_only_in_the_browser_that_gave_the_password() -> None:
    signing_in.create_account(Role.ANALYST)
    client = new_client()
    client.cookies.clear()
    response = client.get("/session/start", params={"ticket": signing_in.get_ticket()})
    assert response.headers["location"] == "/?notice=refused"


def test_another_site_cannot_sign_somebody_in() -> None:
    signing_in.create_account(Role.ANALYST)
    ticket, client = signing_in.get_ticket(), new_client()
    response = client.get("/session/start", params={"ticket": ticket}, headers={"sec-fetch-site": "cross-site"})
    assert response.headers["location"] == "/?notice=refused"


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("account-security", "/account-security"),
        ("account-security?tab=2", "/account-security?tab=2"),
        ("//elsewhere.example", "/"),
        ("https://elsewhere.example", "/"),
        ("account-security?x=1\r\nSet-Cookie: a=b", "/account-security?x=1%0D%0ASet-Cookie%3A+a%3Db"),
    ],
)
def test_a_sign_in_leads_on_to_pages_of_ours_alone(wanted: str, leads_to: str) -> None:
    signing_in.create_account(Role.ANALYST)
    assert enter_by_ticket(signing_in.get_ticket(), next=wanted)[1] == leads_to


def test_a_mere_link_signs_nobody_out() -> None:
    signing_in.create_account(Role.ANALYST)
    token = signing_in.enter()
    response = new_client(token=token).get("/session/end")
    assert (response.headers["location"], "set-cookie" in response.headers) == ("/", False)
    assert signing_in.whose(token) is not None


def test_the_cookie_of_a_dead_session_is_taken_away() -> None:
    signing_in.create_account(Role.ANALYST)
    token = signing_in.enter()
    with transaction() as session:
        sessions.sign_out(session, signing_in.actor_of(token))
    response = new_client(token=token).get("/session/end")
    assert response.headers["location"] == "/?notice=ended"
    cookie = response.headers["set-cookie"]
    assert cookie.startswith(f'{session_cookie()}=""')
    assert "Max-Age=0" in cookie


def test_whoever_has_closed_his_account_is_told_so_on_the_way_out() -> None:
    response = new_client(token="a dead one").get("/session/end", params={"closed": "1"})
    assert response.headers["location"] == "/?notice=closed"


def stored_evidence(file_name: str = "结业证明.pdf") -> tuple[Evidence, dict[str, str]]:
    """A submitted claim's file, and tokens of everybody who might ask for it."""
    names = ("owner", "reviewer", "colleague", "stranger", "administrator")
    with transaction() as session:
        employer, elsewhere = factories.create_employer(session), factories.create_employer(session)
        accounts = {name: factories.create_account(session, username=name) for name in names}
        person = factories.create_person(session, account=accounts["owner"], employer=employer)
        factories.create_person(session, account=accounts["colleague"], employer=employer)
        factories.grant(session, accounts["reviewer"], Role.EMPLOYER, organisation=employer)
        factories.grant(session, accounts["stranger"], Role.EMPLOYER, organisation=elsewhere)
        factories.grant(session, accounts["administrator"], Role.ADMINISTRATOR)
        claim = factories.create_claim(session, person, status=ClaimStatus.SUBMITTED)
        evidence = factories.create_evidence(session, claim, file_name=file_name)
        evidence.sha256 = storage.put(CONTENT)
    return evidence, {name: token_for(account) for name, account in accounts.items()}


def test_evidence_is_for_its_owner_and_the_deciding_reviewer() -> None:
    evidence, tokens = stored_evidence()
    answers = {name: new_client(token=token).get(f"/files/{evidence.id}").status_code for name, token in tokens.items()}
    allowed, hidden = HTTPStatus.OK, HTTPStatus.NOT_FOUND
    assert answers == {
        "owner": allowed,
        "reviewer": allowed,
        "colleague": hidden,
        "stranger": hidden,
        "administrator": hidden,
    }
    assert new_client().get(f"/files/{evidence.id}").status_code == hidden
    assert new_client(token=tokens["owner"]).get("/files/999999999").status_code == hidden


@pytest.mark.parametrize("number", ["9" * 19, "9" * 30, "9" * 5000, "-1", "x"])
def test_a_number_that_no_database_holds_is_not_found(number: str) -> None:
    signing_in.create_account(Role.ANALYST)
    client = new_client(token=signing_in.enter())
    for address in (
        f"/files/{number}",
        f"/files/{number}/inline",
        f"/files/1/pages/{number}",
        f"/certificates/{number}",
    ):
        assert client.get(address).status_code == HTTPStatus.NOT_FOUND


def test_what_proves_an_exemption_is_for_the_person_and_the_supervisors_and_not_for_the_employer() -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
        person = factories.create_person(session, employer=employer)
        file = create_file(session, create_exemption(session, person, employer), sha256=storage.put(CONTENT))
        readers = [session.get_one(Account, person.account_id), factories.create_supervisor(session)]
        strangers = [
            factories.create_reviewer(session, employer),
            factories.create_supervisor(session, "440300"),
            factories.create_account(session, Role.ADMINISTRATOR),
        ]
    clients = [*(new_client(token=token_for(each)) for each in (*readers, *strangers)), new_client()]
    for how in ("", "/inline"):
        found = [client.get(f"/files/exemptions/{file.id}{how}") for client in clients]
        assert [response.status_code for response in found] == [HTTPStatus.OK] * 2 + [HTTPStatus.NOT_FOUND] * 4
        assert {response.content for response in found[:2]} == {CONTENT}


def test_evidence_is_closed_after_the_sign_out() -> None:
    evidence, tokens = stored_evidence()
    with transaction() as session:
        sessions.sign_out(session, signing_in.actor_of(tokens["owner"]))
    assert new_client(token=tokens["owner"]).get(f"/files/{evidence.id}").status_code == HTTPStatus.NOT_FOUND


def test_a_download_is_kept_nowhere_guessed_by_nobody_and_run_by_nothing() -> None:
    evidence, tokens = stored_evidence()
    response = new_client(token=tokens["owner"]).get(f"/files/{evidence.id}")
    assert response.content == CONTENT
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"
    name = "%E7%BB%93%E4%B8%9A%E8%AF%81%E6%98%8E.pdf"
    assert response.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"


def test_beside_the_decision_a_file_is_shown_in_our_own_pages_alone() -> None:
    evidence, tokens = stored_evidence()
    headers = new_client(token=tokens["reviewer"]).get(f"/files/{evidence.id}/inline").headers
    assert headers["content-disposition"].startswith("inline;")
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "SAMEORIGIN"


def test_no_file_name_breaks_out_of_its_header() -> None:
    evidence, tokens = stored_evidence(EVIL_NAME)
    disposition = new_client(token=tokens["owner"]).get(f"/files/{evidence.id}").headers["content-disposition"]
    assert re.fullmatch(r"attachment; filename\*=UTF-8''[\w.%-]+", disposition)


def stored_certificate(token: str) -> Certificate:
    holder = signing_in.actor_of(token)
    with transaction() as session:
        run = StatisticsRun(started_by="test", started_at=now())
        session.add(run)
        session.flush()
        certificate = Certificate(
            number="44010420260000013",
            code="0123456789ABCDEF",
            person_id=holder.person_id,
            year=2026,
            statement=STATEMENT,
            pdf_sha256=storage.put(CONTENT),
            run_id=run.id,
            issued_on=today(),
            issued_at=now(),
        )
        session.add(certificate)
    return certificate


def test_a_certificate_is_for_its_holder() -> None:
    _, tokens = stored_evidence()
    address = f"/certificates/{stored_certificate(tokens['owner']).id}"
    response = new_client(token=tokens["owner"]).get(address)
    assert response.content == CONTENT
    assert response.headers["content-disposition"].endswith("44010420260000013.pdf")
    for name in ("reviewer", "colleague", "administrator"):
        assert new_client(token=tokens[name]).get(address).status_code == HTTPStatus.NOT_FOUND
    assert new_client().get(address).status_code == HTTPStatus.NOT_FOUND


def test_anybody_verifies_a_certificate_by_its_number_or_code_and_learns_no_more_than_the_page_says() -> None:
    _, tokens = stored_evidence()
    certificate = stored_certificate(tokens["owner"])
    for code in (certificate.number, certificate.code.lower()):
        answer = new_client().get("/verify.json", params={"code": code})
        said = answer.json()
        assert (said["found"], said["status"], said["name_masked"]) == (True, "issued", "林*夏")
        assert said["hours"]["general"] == {"required": "30", "earned": "32.5"}
        assert said["issued_on"] == today().isoformat()
        assert (said["reason"], said["ended_at"]) == (None, None)
        assert "林知夏" not in answer.text


def test_machines_are_told_that_a_certificate_was_revoked_when_and_why() -> None:
    _, tokens = stored_evidence()
    certificate = stored_certificate(tokens["owner"])
    with transaction() as session:
        supervisor = factories.actor_of(session, factories.create_supervisor(session))
        certificate_revocation.revoke(session, supervisor, certificate.id, InvalidityReason.DECEIT, "材料系伪造")
    answer = new_client().get("/verify.json", params={"code": certificate.number})
    said = answer.json()
    assert (said["found"], said["status"], said["reason"]) == (True, "revoked", "deceit")
    assert datetime.fromisoformat(said["ended_at"]).date() == now().date()
    assert "伪造" not in answer.text
    address = f"/certificates/{certificate.id}"
    assert new_client(token=tokens["owner"]).get(address).status_code == HTTPStatus.NOT_FOUND


def test_an_unknown_certificate_is_not_found_and_too_many_looks_are_slowed_down() -> None:
    client = new_client()
    statuses = [client.get("/verify.json", params={"code": str(n)}).status_code for n in range(200)]
    assert statuses[0] == HTTPStatus.NOT_FOUND
    assert statuses[-1] == HTTPStatus.TOO_MANY_REQUESTS


def test_ready_means_that_the_database_has_the_newest_tables(database: Engine) -> None:
    assert new_client().get("/health/ready").text == "ready"
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    assert new_client().get("/health/ready").status_code == HTTPStatus.SERVICE_UNAVAILABLE
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": HEAD})


@pytest.mark.no_database
def test_alive_needs_no_database() -> None:
    assert new_client().get("/health/live").text == "ok"
