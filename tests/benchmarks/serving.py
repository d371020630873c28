"""Servers of the application for benchmarks, each a process of its own, on one database filled with invented people."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

os.environ["HOURBOOK_DATA_DIR"] = tempfile.mkdtemp(prefix="hourbook-")
os.environ["HOURBOOK_SECRET_KEY"] = "a key that only benchmarks ever use"
os.environ["HOURBOOK_ENV"] = "test"
os.environ["HOURBOOK_TEST_CAPTCHA"] = "7QXMD"

import psutil

from db import migrate, session, transaction
from db.claims import ClaimStatus
from db.settings import PROJECT
from services import passwords, statistics
from services.clock import today
from services.permissions import SYSTEM
from tests import factories

FOLDER = Path(os.environ["HOURBOOK_DATA_DIR"])
CAPTCHA = os.environ["HOURBOOK_TEST_CAPTCHA"]
PASSWORD = "Pilot-2026"
FIRST_PORT = 8700
START_SECONDS = 60
CLAIMS_EACH = 12
STATUSES = (ClaimStatus.APPROVED, ClaimStatus.APPROVED, ClaimStatus.SUBMITTED, ClaimStatus.RETURNED)


class Server:
    """One process, and what it has taken of the machine."""

    def __init__(self, number: int) -> None:
        self.port = FIRST_PORT + number
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.port", str(self.port)]
        self._log = (FOLDER / f"{self.port}.log").open("wb")
        environment = {**os.environ, "HOURBOOK_PUBLIC_URL": self.url}
        self._process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=self._log, stderr=self._log)
        self._seen = psutil.Process(self._process.pid)

    def wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                urllib.request.urlopen(f"{self.url}/health/ready", timeout=2)  # noqa: S310  # our own server
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
            else:
                time.sleep(3)  # what is loaded before the first user is loaded
                return
        raise RuntimeError(Path(self._log.name).read_text())

    @property
    def cpu(self) -> float:
        """Seconds so far."""
        times = self._seen.cpu_times()
        return float(times.user + times.system)

    @property
    def memory(self) -> int:
        """In bytes."""
        return int(self._seen.memory_info().rss)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)
        self._log.close()


@contextmanager
def running(servers: int, people: int) -> Iterator[list[Server]]:
    """Over SQLite with so many professionals, named as `username` names them."""
    try:
        session.bind(session.make_engine(f"sqlite:///{FOLDER / 'hourbook.db'}"))
        fill(people)
        started = [Server(number) for number in range(servers)]
        try:
            for server in started:
                server.wait()
            yield started
        finally:
            for server in started:
                server.stop()
    finally:
        shutil.rmtree(FOLDER)


def username(number: int) -> str:
    return f"reader{number}"


def fill(people: int) -> None:
    migrate.upgrade()
    password_hash = passwords.hash_password(PASSWORD)
    with transaction() as current:
        employer = factories.create_employer(current)
        for number in range(people):
            account = factories.create_account(current, username=username(number))
            account.password_hash = password_hash
            person = factories.create_person(current, account=account, employer=employer)
            for claim in range(CLAIMS_EACH):
                year = today().year - claim % 2
                status, day = STATUSES[claim % len(STATUSES)], date(year, 1, 2 + claim)
                factories.create_claim(current, person, status=status, title=f"研修班第 {claim + 1} 期", on=day)
    statistics.recompute(transaction, SYSTEM)
