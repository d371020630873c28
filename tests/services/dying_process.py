"""Posts the hours of a class in a process of its own, which stops right before a commit and waits to be killed there.

`python -m tests.services.dying_process ACCOUNT CLASS COMMIT`, the database as in the settings.
"""

import itertools
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from db import transaction
from db.accounts import Account
from services import completion
from tests import factories

WAITS = "waits to be killed"
_commits = itertools.count(1)


@contextmanager
def stopping() -> Iterator[Session]:
    """A transaction that has done everything but the last of it."""
    with transaction() as session:
        yield session
        session.flush()
        if next(_commits) == int(sys.argv[3]):
            sys.stdout.write(f"{WAITS}\n")
            sys.stdout.flush()
            time.sleep(600)


if __name__ == "__main__":
    with transaction() as opened:
        trainer = factories.actor_of(opened, opened.get_one(Account, int(sys.argv[1])))
    completion.post(stopping, trainer, int(sys.argv[2]))
