"""Imports an old system's file in a process of its own, which stops right before a commit and waits to be killed there.

`python -m tests.services.dying_import FILE COMMIT`, the database as in the settings.
"""

import itertools
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from db import transaction
from services import legacy_files, legacy_imports, legacy_parts, legacy_reception
from services.legacy_reception import Delivery
from services.permissions import SYSTEM
from tests.services.dying_process import WAITS
from tests.services.legacy import OLD

PART_ROWS = 4
_commits = itertools.count(1)


@contextmanager
def stopping() -> Iterator[Session]:
    """A transaction that has done everything but the last of it."""
    with transaction() as session:
        yield session
        session.flush()
        if next(_commits) == int(sys.argv[2]):
            sys.stdout.write(f"{WAITS}\n")
            sys.stdout.flush()
            time.sleep(600)


if __name__ == "__main__":
    legacy_parts.PART_ROWS = PART_ROWS
    with Path(sys.argv[1]).open("rb") as content:
        file = legacy_files.check("旧数据.csv", content)
        received = legacy_reception.receive(stopping, SYSTEM, Delivery(OLD, file))
    legacy_imports.run(stopping, SYSTEM, received.id)
