"""What people type is shown as they typed it, wherever it appears: nothing of it is fetched, followed or run."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Dialog, Page, Request

from db import transaction
from db.accounts import Account, Role
from db.claims import Claim, ClaimStatus
from db.organisations import Organisation, OrganisationStatus
from db.people import BindingStatus, Person
from services.clock import now
from tests import factories
from tests.browser.steps import settled
from tests.web.client import token_for

EVIL = (
    "![x](http://elsewhere.example/i) [y](http://elsewhere.example) "
    "<img src=http://elsewhere.example/h onerror=alert()> www.elsewhere.example"
)
PAGES = {
    "owner": [
        "",
        "personal-claims",
        "personal-claims?id={draft}",
        "personal-claims?id={returned}",
        "personal-profile?transfer=true",
    ],
    "applicant": ["personal-profile"],
    "reviewer": ["", *(f"employer-people?status={s}" for s in ("requested", "active", "ended")), "employer-claims"],
    "supervisor": ["?status=applied", "?status=approved", "?status=returned"],
    "returned": [""],
    "administrator": ["?account_search={applicant}"],
}


Stage = tuple[dict[str, Account], dict[str, str]]


def evil_organisation(status: OrganisationStatus) -> Organisation:
    with transaction() as session:
        organisation = factories.create_organisation(session, name=EVIL[:100], status=status)
        session.add(organisation)
        organisation.contact_name, organisation.opinion, organisation.decided_at = EVIL[:50], EVIL, now()
    return organisation


def evil_claim(person_id: int, employer: Organisation, status: ClaimStatus) -> Claim:
    with transaction() as session:
        person = session.get_one(Person, person_id)
        claim = factories.create_claim(session, person, employer=employer, status=status, title=EVIL[:100])
        claim.organiser, claim.place, claim.opinion = EVIL[:100], EVIL[:100], EVIL
        factories.create_evidence(session, claim, file_name="![](http_elsewhere.example) <b>.pdf")
    return claim


@pytest.fixture
def stage() -> Stage:
    """Everything that takes free text holds the evil one; accounts by their part, and what addresses need."""
    employer = evil_organisation(OrganisationStatus.APPROVED)
    evil_organisation(OrganisationStatus.APPLIED)
    returned = evil_organisation(OrganisationStatus.RETURNED)
    with transaction() as session:
        parts = ("owner", "applicant", "leaver")
        accounts = {name: factories.create_account(session, name=EVIL[:50]) for name in parts}
        owner = factories.create_person(session, account=accounts["owner"], employer=employer)
        applicant = factories.create_person(session, account=accounts["applicant"])
        for person in (owner, applicant):
            person.department = person.title_name = EVIL[:100]
        for status in (BindingStatus.REFUSED, BindingStatus.REQUESTED):
            factories.create_binding(session, applicant, employer, status=status).reason = EVIL
        leaver = factories.create_person(session, account=accounts["leaver"])
        factories.create_binding(session, leaver, employer, status=BindingStatus.ENDED)
        accounts["reviewer"] = factories.create_reviewer(session, employer)
        accounts["returned"] = factories.create_reviewer(session, returned)
        accounts["supervisor"] = factories.create_supervisor(session)
        accounts["administrator"] = factories.create_account(session, Role.ADMINISTRATOR)
    statuses = (ClaimStatus.DRAFT, ClaimStatus.RETURNED, ClaimStatus.SUBMITTED)
    claims = {str(status): str(evil_claim(owner.id, employer, status).id) for status in statuses}
    return accounts, {"applicant": accounts["applicant"].username, **claims}


@pytest.mark.parametrize("part", PAGES)
def test_a_hostile_text_is_only_a_text(page: Page, stage: Stage, part: str) -> None:
    accounts, places = stage
    asked, dialogs = list[str](), list[str]()

    def note(request: Request) -> None:
        asked.append(urlsplit(request.url).hostname or "")

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.context.on("request", note)
    page.on("dialog", dismiss)
    page.goto("/")
    page.context.add_cookies([{"name": "hourbook", "value": token_for(accounts[part]), "url": page.url}])
    for address in PAGES[part]:
        page.goto(f"/{address.format(**places)}")
        settled(page)
        shown = page.locator("body").inner_text()
        assert "页面出现问题" not in shown
        assert "![" in shown, address
        assert page.locator("a[href*='elsewhere'], img[src*='elsewhere'], [onerror]").count() == 0, address
    assert set(asked) - {"", "127.0.0.1"} == set()
    assert dialogs == []
