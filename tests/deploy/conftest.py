"""The installation of deploy/ from Debian's packages; skipped where they are missing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page

from db import session, transaction
from db.accounts import Account
from tests import database, factories, object_storage
from tests.browser import runs
from tests.chromium import CHROMIUM, PATIENCE
from tests.deploy.installation import FAKETIME, NGINX, POSTGRESQL, Installation, installed
from tests.signing_in import create_account

NEEDED = {"chromium": CHROMIUM, "nginx": NGINX, "postgresql": POSTGRESQL, "libfaketime": FAKETIME}
PATIENT_SECONDS = 300
PAGES = pytest.StashKey[list[Page]]()
Open = Callable[[], Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ours = [item for item in items if Path(__file__).parent in item.path.parents]
    missing = ", ".join(name for name, found in NEEDED.items() if found is None)
    for item in ours:
        item.add_marker(pytest.mark.timeout(PATIENT_SECONDS))
        if missing:
            item.add_marker(pytest.mark.skip(reason=f"Debian's packages {missing} are not installed"))


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(tmp_path_factory.mktemp("installation")) as running:
        yield running


@pytest.fixture(autouse=True)
def _database(installation: Installation) -> Iterator[None]:
    """Tests prepare and look up rows in the database of the installation."""
    with database.bound(session.make_engine(installation.database.url)):
        yield
    object_storage.trouble.delay, object_storage.trouble.full = 0, False


@pytest.fixture
def page(installation: Installation, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=installation.url, locale="zh-CN", viewport={"width": 1280, "height": 900}, ignore_https_errors=True
    )
    context.on("page", runs.watch)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    yield opened
    context.close()


@pytest.fixture
def owner() -> Account:
    account = create_account(username=f"owner-{uuid4().hex[:8]}")
    with transaction() as opened:
        factories.create_person(
            opened, employer=factories.create_employer(opened), account=opened.get_one(Account, account.id)
        )
    return account
