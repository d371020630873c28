"""What people type is shown as they typed it, wherever it appears: nothing of it is fetched, followed or run."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Dialog, Page, Request
from sqlalchemy.orm import Session

from db import transaction
from db.accounts import Account, Role
from db.claims import Claim, ClaimStatus
from db.identity_changes import IdentityChangeStatus
from db.notices import Notice, NoticeAudience, NoticeStatus
from db.organisation_changes import OrganisationChange, OrganisationChangeStatus
from db.organisations import Organisation, OrganisationStatus
from db.people import BindingStatus, Person
from db.profile_changes import ProfileChangeStatus
from db.resemblances import Resemblance
from services import storage
from services.clock import now, today
from tests import factories, hostile_files, profiles
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
    "returned person": ["personal-profile"],
    "reviewer": [
        "",
        *(f"employer-people?status={status}" for status in ("requested", "active", "ended")),
        "employer-people?view=changes",
        "employer-people?view=changes&status=returned",
        "employer-people?view=identities",
        "employer-people?view=identities&status=returned",
        "employer-claims",
        "employer-organisation",
    ],
    "supervisor": [
        *(f"authority-organisations?status={status}" for status in OrganisationStatus),
        "authority-organisations?view=changes",
        "authority-organisations?view=duplicates",
        "authority-organisations?view=identities",
    ],
    "returned": [""],
    "suspended": ["", "employer-organisation"],
    "merged": [""],
    "administrator": ["?account_search={applicant}", "system-notices?id={notice}"],
}


Stage = tuple[dict[str, Account], dict[str, str]]


def evil_organisation(status: OrganisationStatus) -> Organisation:
    with transaction() as session:
        organisation = factories.create_organisation(session, name=EVIL[:100], status=status)
        session.add(organisation)
        organisation.contact_name, organisation.opinion, organisation.decided_at = EVIL[:50], EVIL, now()
    return organisation


def evil_merger(kept: Organisation) -> Organisation:
    gone = evil_organisation(OrganisationStatus.APPROVED)
    with transaction() as session:
        row = session.get_one(Organisation, gone.id)
        row.status, row.merged_into_id = OrganisationStatus.MERGED, kept.id
    return gone


def evil_change(employer: Organisation, *, resembles: Organisation) -> None:
    """A change that waits, one that was returned, and the names side by side."""
    with transaction() as session:
        for status in (OrganisationChangeStatus.RETURNED, OrganisationChangeStatus.REQUESTED):
            session.add(
                OrganisationChange(
                    organisation_id=employer.id,
                    status=status,
                    old_name=EVIL[:100],
                    new_name=EVIL[1:101],
                    old_uscc=employer.uscc,
                    new_uscc=employer.uscc,
                    old_division=employer.division,
                    new_division=employer.division,
                    explanation=EVIL,
                    opinion=EVIL,
                    requested_at=now(),
                )
            )
        session.add(Resemblance(first_id=employer.id, second_id=resembles.id, found_at=now()))


def evil_claim(person_id: int, employer: Organisation, status: ClaimStatus) -> Claim:
    with transaction() as session:
        person = session.get_one(Person, person_id)
        claim = factories.create_claim(session, person, employer=employer, status=status, title=EVIL[:100])
        claim.organiser, claim.place, claim.opinion = EVIL[:100], EVIL[:100], EVIL
        factories.create_evidence(session, claim, file_name="![](http_elsewhere.example) <b>.pdf")
    return claim


def evil_profile(session: Session, person: Person, employer: Organisation, *, returned: bool) -> None:
    """What is registered, what should become of it, and who somebody says he is."""
    endorser = factories.create_reviewer(session, employer)
    profiles.create_title(session, person, name=EVIL[:100])
    change = profiles.create_profile_change(
        session,
        person,
        status=ProfileChangeStatus.RETURNED if returned else ProfileChangeStatus.REQUESTED,
        employer=employer,
        after={"position": EVIL[:100], "honours": EVIL},
    )
    status = IdentityChangeStatus.RETURNED if returned else IdentityChangeStatus.REQUESTED
    correction = profiles.create_identity_change(session, person, status=status, employer=employer, name=EVIL[:50])
    colleague = factories.create_person(session, name=EVIL[:50], employer=employer)
    endorsed = profiles.create_identity_change(
        session,
        colleague,
        status=IdentityChangeStatus.ENDORSED,
        employer=employer,
        endorsed_by=endorser,
        name=EVIL[:50],
    )
    for each in (correction, endorsed):
        each.explanation, each.files[0].file_name = EVIL, "![](http_elsewhere.example) <b>.pdf"
        each.files[0].sha256 = storage.put(hostile_files.pdf())
    change.reason = correction.reason = EVIL


@pytest.fixture
def notice_id() -> Iterator[int]:
    """On everybody's home page, until the test is over."""
    with transaction() as session:
        notice = Notice(title=EVIL[:100], text=EVIL, show_from=today(), show_until=today(), created_at=now())
        notice.status, notice.published_at = NoticeStatus.PUBLISHED, now()
        notice.audience = [NoticeAudience(role=role) for role in Role]
        session.add(notice)
        session.flush()
    yield notice.id
    with transaction() as session:
        session.get_one(Notice, notice.id).status = NoticeStatus.ENDED


@pytest.fixture
def stage(notice_id: int) -> Stage:
    """Everything that takes free text holds the evil one; accounts by their part, and what addresses need."""
    employer = evil_organisation(OrganisationStatus.APPROVED)
    applied = evil_organisation(OrganisationStatus.APPLIED)
    others = {
        status: evil_organisation(status) for status in (OrganisationStatus.RETURNED, OrganisationStatus.SUSPENDED)
    }
    others[OrganisationStatus.MERGED] = evil_merger(employer)
    evil_change(employer, resembles=applied)
    with transaction() as session:
        parts = ("owner", "applicant", "leaver", "returned person")
        accounts = {name: factories.create_account(session, name=EVIL[:50]) for name in parts}
        owner = factories.create_person(session, account=accounts["owner"], employer=employer)
        applicant = factories.create_person(session, account=accounts["applicant"])
        for person in (owner, applicant):
            person.department = person.title_name = EVIL[:100]
        back = factories.create_person(session, account=accounts["returned person"], employer=employer)
        evil_profile(session, owner, employer, returned=False)
        evil_profile(session, back, employer, returned=True)
        for status in (BindingStatus.REFUSED, BindingStatus.REQUESTED):
            factories.create_binding(session, applicant, employer, status=status).reason = EVIL
        leaver = factories.create_person(session, account=accounts["leaver"])
        factories.create_binding(session, leaver, employer, status=BindingStatus.ENDED)
        accounts["reviewer"] = factories.create_reviewer(session, employer)
        for state, organisation in others.items():
            accounts[state] = factories.create_reviewer(session, organisation)
        accounts["supervisor"] = factories.create_supervisor(session)
        accounts["administrator"] = factories.create_account(session, Role.ADMINISTRATOR)
    statuses = (ClaimStatus.DRAFT, ClaimStatus.RETURNED, ClaimStatus.SUBMITTED)
    claims = {str(status): str(evil_claim(owner.id, employer, status).id) for status in statuses}
    return accounts, {"applicant": accounts["applicant"].username, "notice": str(notice_id), **claims}


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
