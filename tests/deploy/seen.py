"""What users do and see on an installation, whichever process it is that serves them."""

import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Page
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.claims import Claim, Evidence
from services import clock, events
from services.demo.sample_files import certificate_scan
from tests import factories
from tests.browser.steps import choose_file, press, sees, settled
from tests.deploy.installation import Installation, Process
from web.cookies import session_cookie

PROCESS = "hourbook_process"


def cookie(page: Page, name: str) -> str:
    return next((each["value"] for each in page.context.cookies() if each["name"] == name), "")


def token(page: Page) -> str:
    return cookie(page, f"__Host-{session_cookie()}")


def ask(process: Process, path: str, page: Page) -> tuple[int, bytes]:
    """One process itself, as this browser."""
    request = urllib.request.Request(process.url + path, headers={"Cookie": f"__Host-hourbook={token(page)}"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310  # our own server
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, b""


def serving(installation: Installation, page: Page) -> Process:
    """The process that has the page, as the proxy's own configuration names it."""
    lines = (installation.folder / "hourbook.conf").read_text().splitlines()
    names = [line.split()[-1].rstrip(";") for line in lines if line.strip().startswith('"~(^|[ ,])')]
    return dict(zip(names, installation.processes, strict=True))[cookie(page, PROCESS)]


def others(installation: Installation, page: Page) -> list[Process]:
    return [process for process in installation.processes if process is not serving(installation, page)]


def draft(owner: Account, title: str) -> Claim:
    with transaction() as session:
        return factories.create_claim(session, factories.person_of(session, owner), title=title)


def open_claim(page: Page, claim: Claim) -> None:
    page.goto(f"/personal-claims?id={claim.id}")
    sees(page, "附件材料上传")
    settled(page)


def scan(folder: Path, title: str) -> Path:
    path = folder / f"{title}.pdf"
    path.write_bytes(certificate_scan(title, "林知夏", "晴川继续教育中心", clock.today(), seed=7))
    return path


def upload(page: Page, file: Path) -> None:
    choose_file(page, file, taken_in_by="附件材料上传")
    press(page, "附件材料上传", then="新窗口打开")


def evidence_of(claim: Claim) -> list[Evidence]:
    with reading() as session:
        return list(session.scalars(select(Evidence).where(Evidence.claim_id == claim.id)))


def chain_is_whole() -> bool:
    with reading() as session:
        return events.check_chain(session).intact
