"""What a process that reads a hostile file can still do, which is nearly nothing."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from db.settings import PROJECT
from services import sandbox
from services.file_refusals import FileUnreadable
from tests import hostile_files as hostile

pytestmark = pytest.mark.no_database

CONFINED = "import services.rewriting_worker as worker, os, socket, sys; worker.confine(); "


def run_confined(attempt: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", CONFINED + attempt], cwd=PROJECT, capture_output=True, text=True)


def worker_id() -> int:
    """The one child of this process that runs the worker."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_bytes()
        except OSError:  # has just ended
            continue
        if parent == os.getpid() and b"services.rewriting_worker" in command:
            return int(folder.name)
    raise LookupError("no worker")


@pytest.mark.parametrize(
    ("attempt", "error"),
    [
        ("open('README.md')", "Too many open files"),
        ("open('/tmp/left-behind', 'w')", "Too many open files"),
        ("socket.create_connection(('127.0.0.1', 1))", "Too many open files"),
        ("bytearray(2_000_000_000)", "MemoryError"),
    ],
)
def test_a_confined_process_opens_nothing_and_takes_no_more_memory(attempt: str, error: str) -> None:
    finished = run_confined(attempt)
    assert finished.returncode != 0
    assert error in finished.stderr


def test_a_process_that_never_ends_is_ended() -> None:
    attempt = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 10)); exec('while True: pass')"
    assert run_confined(attempt).returncode == -signal.SIGXCPU


def test_the_worker_knows_no_settings() -> None:
    sandbox.rewritten("application/pdf", hostile.pdf())
    assert "HOURBOOK_SECRET_KEY" in os.environ
    assert b"HOURBOOK_" not in Path(f"/proc/{worker_id()}/environ").read_bytes()


def test_a_worker_that_was_killed_is_replaced() -> None:
    sandbox.rewritten("application/pdf", hostile.pdf())
    first = worker_id()
    os.kill(first, signal.SIGKILL)
    while list(Path(f"/proc/{first}/fd").iterdir()):
        pass
    assert sandbox.rewritten("application/pdf", hostile.pdf()).startswith(b"%PDF-")
    assert worker_id() != first


def test_many_files_at_once_each_get_their_own_answer() -> None:
    files = [hostile.pdf(text=f"file {number}") for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda file: sandbox.rewritten("application/pdf", file), files))
    assert together == [sandbox.rewritten("application/pdf", file) for file in files]
    assert len(set(together)) == len(files)


def test_a_task_that_fails_unforeseen_is_an_unreadable_file() -> None:
    with pytest.raises(FileUnreadable):
        sandbox.rewritten("text/html", hostile.HTML)


@pytest.mark.parametrize(
    "answer", [b"", b"\n", b"[]\n", b'["DomainError", {}]\n', b'["TooManyPages", {"pages": "x"}]\n', b"\xff\n", b"7\n"]
)
def test_an_answer_that_makes_no_sense_is_an_unreadable_file(answer: bytes) -> None:
    with pytest.raises(FileUnreadable):
        sandbox._understood(answer)


@pytest.mark.parametrize("name", sorted(sandbox.REFUSALS))
def test_every_refusal_of_the_worker_arrives_as_itself(name: str) -> None:
    with pytest.raises(sandbox.REFUSALS[name]):
        sandbox._understood(f'["{name}", {{}}]\n'.encode())
