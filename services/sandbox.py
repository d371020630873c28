"""Runs the rewriting of uploaded files where a hostile one can do no harm.

One process loads the parsers and forks for every file; the fork reads a file, answers and ends (`rewriting_worker`).
It has no secrets in its environment, cannot open files or connections, and the kernel stops it when it needs too much.

Measured on two cores: a new Python with the parsers costs 200 ms a file, the fork 5 ms. A pool of multiprocessing
will not do: it runs `__main__` again, which under Streamlit is a page, and it keeps a process that a hostile file has
been in. The answer is JSON and bytes, never pickle, because a fork with a hostile file in it is not to be believed.
"""

import atexit
import json
import logging
import os
import socket
import subprocess
import sys
import threading

from db.settings import PROJECT
from services.errors import DomainError
from services.file_refusals import CONTENT_REFUSALS, CheckUnavailable, FileUnreadable
from services.spreadsheet_refusals import SPREADSHEET_REFUSALS

START_SECONDS = 30
READY = b"."
# Longer than the worker gives itself, so that its own end is what usually comes first.
ANSWER_SECONDS = 25
MORE_SECONDS = {"read_export": 160}
MAX_ANSWER = 64 * 1024 * 1024
# Each may take a gigabyte and a core; the next one waits for its turn.
JOBS_AT_ONCE = 2
WAIT_SECONDS = 30
# What a Python may need to start, and nothing of the installation.
KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "LANG")
REFUSALS = CONTENT_REFUSALS | SPREADSHEET_REFUSALS

logger = logging.getLogger("hourbook.sandbox")
_turns = threading.BoundedSemaphore(JOBS_AT_ONCE)


class _Worker:
    """The process that forks, started at the first need and again when it has gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None

    def hand_over(self, job: socket.socket) -> None:
        """Raises OSError."""
        with self._lock:
            try:
                self._send(job)
            except OSError:
                self._stop()
                self._send(job)

    def stop(self) -> None:
        with self._lock:
            self._stop()

    def _send(self, job: socket.socket) -> None:
        socket.send_fds(self._channel or self._start(), [b"."], [job.fileno()])

    def _start(self) -> socket.socket:
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "services.rewriting_worker"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                cwd=PROJECT,
                env={name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ},
                start_new_session=True,  # Ctrl-C is for the server, which then closes the channel
            )
        self._channel.settimeout(START_SECONDS)
        if self._channel.recv(1) != READY:
            raise ChildProcessError("the worker did not start")
        return self._channel

    def _stop(self) -> None:
        """Forks that are at work finish without it."""
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._channel = self._process = None


_worker = _Worker()
atexit.register(_worker.stop)


def rewritten(media_type: str, content: bytes) -> bytes:
    """The clean copy. Raises CheckUnavailable or one of CONTENT_REFUSALS."""
    return run("rewrite", content, media_type)


def run(task: str, content: bytes, *arguments: str | int) -> bytes:
    """One of the worker's TASKS. Raises CheckUnavailable or one of REFUSALS."""
    if not _turns.acquire(timeout=WAIT_SECONDS):
        raise CheckUnavailable
    try:
        return _understood(_ask(" ".join(map(str, (task, *arguments))), content))
    finally:
        _turns.release()


def _ask(task: str, content: bytes) -> bytes:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            _hand_over(theirs)
        ours.settimeout(MORE_SECONDS.get(task, ANSWER_SECONDS))
        return _answer(ours, task.encode() + b"\n" + content)


def _hand_over(job: socket.socket) -> None:
    try:
        _worker.hand_over(job)
    except OSError as error:
        logger.error("no process to check a file in: %s", error)
        raise CheckUnavailable from error


def _answer(ours: socket.socket, request: bytes) -> bytes:
    """Empty when the fork ended before it had one."""
    try:
        ours.sendall(request)
        ours.shutdown(socket.SHUT_WR)
        return _received(ours)
    except OSError as error:
        logger.warning("a file could not be rewritten: %s", error)
        return b""


def _received(ours: socket.socket) -> bytes:
    answer = bytearray()
    while len(answer) <= MAX_ANSWER:
        part = ours.recv(1 << 20)
        if not part:
            return bytes(answer)
        answer += part
    return b""


def _understood(answer: bytes) -> bytes:
    head, _, content = answer.partition(b"\n")
    if head == b"null":
        return content
    raise _refusal(head)


def _refusal(head: bytes) -> DomainError:
    try:
        name, params = json.loads(head)
        return REFUSALS[name](**{key: int(value) for key, value in params.items()})
    except (ValueError, KeyError, TypeError, AttributeError):
        return FileUnreadable()
