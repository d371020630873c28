"""Work in a process of its own, which stops right before a commit and is killed there.

`python -m tests.services.dying_process WORK COMMIT ARGUMENT…`, the database as in the settings.
"""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from db import session, transaction
from db.accounts import Account
from db.settings import PROJECT
from services import completion, legacy_files, legacy_imports, legacy_parts, legacy_reception
from services.legacy_reception import Delivery
from services.permissions import SYSTEM
from tests import factories
from tests.legacy_rows import OLD

WAITS = "waits to be killed"
LIMIT = 60
PART_ROWS = 4


def die(work: str, commit: int, *arguments: object) -> None:
    """Killed with signal 9 when everything of that transaction is done but its commit."""
    url = session.engine.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.services.dying_process", work, str(commit), *map(str, arguments)],
        cwd=PROJECT,
        env={**os.environ, "HOURBOOK_DATABASE_URL": url},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        told = process.stdout.readline().strip()
        process.kill()
        process.wait(LIMIT)
    assert (told, process.returncode) == (WAITS, -9)


_commits = itertools.count(1)


@contextmanager
def stopping() -> Iterator[Session]:
    """A transaction that has done everything but the last of it."""
    with transaction() as opened:
        yield opened
        opened.flush()
        if next(_commits) == int(sys.argv[2]):
            sys.stdout.write(f"{WAITS}\n")
            sys.stdout.flush()
            time.sleep(600)


def post(account: str, course_class: str) -> None:
    with transaction() as opened:
        trainer = factories.actor_of(opened, opened.get_one(Account, int(account)))
    completion.post(stopping, trainer, int(course_class))


def import_(path: str) -> None:
    legacy_parts.PART_ROWS = PART_ROWS
    with Path(path).open("rb") as content:
        file = legacy_files.check("旧数据.csv", content)
        received = legacy_reception.receive(stopping, SYSTEM, Delivery(OLD, file))
    legacy_imports.run(stopping, SYSTEM, received.id)


WORK: dict[str, Callable[..., None]] = {"post": post, "import": import_}

if __name__ == "__main__":
    WORK[sys.argv[1]](*sys.argv[3:])
