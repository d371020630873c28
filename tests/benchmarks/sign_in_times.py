"""How long the three failures of a sign-in take, in turn, at the real cost: `python -m tests.benchmarks.sign_in_times`.

They must differ by less than a fifth (security.md, row A4).
"""

import os
import statistics
import tempfile
import time
from collections import defaultdict

os.environ["HOURBOOK_DATA_DIR"] = tempfile.mkdtemp(prefix="hourbook-")

from sqlalchemy import delete

from db import Base, transaction
from db.accounts import Account, AccountStatus, Attempt
from db.events import FIRST_HASH, EventHead
from db.session import engine
from services import passwords, sign_in
from services.clock import now
from services.sign_in import WrongCredentials

PASSWORD = "Pilot-2026"
ROUNDS = 20
CASES = {"unknown": "nobody", "wrong": "mingyue", "suspended": "xingchen"}


def prepare() -> None:
    Base.metadata.create_all(engine)
    statuses = {"mingyue": AccountStatus.ACTIVE, "xingchen": AccountStatus.SUSPENDED}
    with transaction() as session:
        session.add(EventHead(id=1, last_event_id=0, hash=FIRST_HASH))
        for username, status in statuses.items():
            session.add(account(username, status))


def account(username: str, status: AccountStatus) -> Account:
    return Account(
        username=username,
        display_name=username,
        password_hash=passwords.hash_password(PASSWORD),
        must_change_password=False,
        status=status,
        created_at=now(),
    )


def fail(username: str, password: str, address: str) -> float:
    start = time.perf_counter()
    with transaction() as session:
        candidate = sign_in.begin(session, username, address=address)
    verified = sign_in.verify(candidate, password)
    try:
        with transaction() as session:
            sign_in.finish(session, candidate, verified, browser="browser")
    except WrongCredentials:
        return time.perf_counter() - start
    raise RuntimeError("a failure was expected")


def forget_failures() -> None:
    """So that no case meets the lock."""
    with transaction() as session:
        session.execute(delete(Attempt))


def main() -> None:
    prepare()
    times: defaultdict[str, list[float]] = defaultdict(list)
    for number in range(ROUNDS):
        for case, username in CASES.items():
            password = PASSWORD if case == "suspended" else "wrong"
            times[case].append(fail(username, password, f"192.0.2.{number}"))
        forget_failures()
    for case, spent in times.items():
        print(f"{case:10} {statistics.median(spent) * 1000:6.0f} ms")


if __name__ == "__main__":
    main()
