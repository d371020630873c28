"""A line in the log for each run of a page, each request and each turn of a job, whose number is in every line between.

Lines name an account by its number alone, and a page by its path in the Screen table.
"""

import logging
import secrets
import time
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import TracebackType

from streamlit.runtime.scriptrunner import RerunException, StopException

from services.permissions import Actor
from web import page_times

logger = logging.getLogger("hourbook.runs")


@dataclass(slots=True)
class Run:
    """What is known of it so far; without a name it is too small for a line of its own."""

    kind: str
    page: str = ""
    account: int | None = None
    status: int | None = None
    outcome: str = ""
    request: str = field(default_factory=lambda: secrets.token_hex(8))


_running: ContextVar[Run | None] = ContextVar("running", default=None)


def current() -> Run | None:
    """It stays known after its end, for what the server has to say of it; the next one takes its place."""
    return _running.get()


def note_actor(actor: Actor | None) -> None:
    """Who acts in this run."""
    if run := current():
        run.account = actor.account_id if actor else None


class running:  # noqa: N801  # a block: with running("page") as run
    """Measures what is inside, and says how it ended."""

    def __init__(self, kind: str, page: str = "") -> None:
        self._run = Run(kind, page)

    def __enter__(self) -> Run:
        _running.set(self._run)
        self._began = time.perf_counter()
        return self._run

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        run, milliseconds = self._run, (time.perf_counter() - self._began) * 1000
        run.outcome = run.outcome or _outcome(error, run.status)
        if not run.page and run.outcome != "failed":
            return
        # A newer click ends a run early, which says nothing about the page; a job's time is noted by itself.
        if run.page and run.kind != "job" and run.outcome != "rerun":
            page_times.note(run.page, milliseconds)
        logger.info("%s", run.kind, extra=fields(run) | {"ms": round(milliseconds, 1)})


def fields(run: Run) -> dict[str, object]:
    """What its line says."""
    said = {"page": run.page, "account": run.account, "status": run.status, "outcome": run.outcome}
    return {name: value for name, value in said.items() if value not in (None, "")}


def _outcome(error: BaseException | None, status: int | None) -> str:
    if isinstance(error, RerunException):
        return "rerun"
    if error is not None and not isinstance(error, StopException):
        return "failed"
    return "ok" if not status or status < 400 else "refused" if status < 500 else "failed"
