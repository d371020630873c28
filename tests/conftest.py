"""What holds for every test: an environment of its own, set before anything reads the settings."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

for name in [name for name in os.environ if name.startswith("HOURBOOK_")]:
    del os.environ[name]
# The parent process makes the folder, its xdist workers use parts of it.
if "TEST_RUN_FOLDER" not in os.environ:
    os.environ["TEST_RUN_FOLDER"] = tempfile.mkdtemp(prefix="hourbook-")
RUN = Path(os.environ["TEST_RUN_FOLDER"])
os.environ["HOURBOOK_DATA_DIR"] = str(RUN / os.environ.get("PYTEST_XDIST_WORKER", "main"))
os.environ["HOURBOOK_SIGNING_DIR"] = str(RUN / "signing")
os.environ["HOURBOOK_SECRET_KEY"] = "a key that only the tests ever use"

# Imported after the lines above, by pytest.
pytest_plugins = ["tests.chromium", "tests.database", "tests.counting", "tests.unskipped"]


def pytest_configure() -> None:
    """The keys of certificates, which a process on PostgreSQL does not make for itself."""
    from services import signing

    with suppress(signing.KeysExist):
        signing.create()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests begin, so that all processes end together."""
    items.sort(key=lambda item: item.path.name != "test_style.py")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        from tests.postgresql import stop

        stop(RUN)
        shutil.rmtree(RUN, ignore_errors=True)
