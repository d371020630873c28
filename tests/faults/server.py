"""A running server with reviewers and professionals at work, killed at a random moment: what screens said is stored."""

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import select
from websockets.exceptions import ConnectionClosed

from db import reading, session
from db.accounts import Account, Role
from db.claims import ClaimStep
from db.enrolments import EnrolmentStep
from db.settings import PROJECT
from tests.benchmarks.visitor import Visitor
from tests.faults.children import PATIENCE
from tests.faults.killing import Summary
from tests.faults.workload import accounts
from tests.web.client import token_for

LONGEST = 8.0  # seconds of work when the first has been told that something is stored
REST = 0.3  # seconds between two looks at buttons that rest


@dataclass(frozen=True)
class Task:
    """Who does it, on which page, which button he presses, and what the page then says."""

    role: Role
    page: str
    button: str
    said: str


TASKS = (
    Task(Role.EMPLOYER, "employer-claims", "通过", "已审核"),
    Task(Role.PROFESSIONAL, "personal-classes", "报名", "报名已提交"),
)


@dataclass
class Work:
    """What everybody was told, by account, and when the first was told anything."""

    url: str
    said: Counter[int] = field(default_factory=Counter)
    begun: asyncio.Event = field(default_factory=asyncio.Event)


def kill_server(seed: int, summary: Summary) -> None:
    """Starts one, lets everybody press one button after the other, and kills it with signal 9."""
    with reading() as opened:
        doers = [(task, account) for task in TASKS for account in accounts(opened, task.role)]
    before, port = _done(), _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.port", str(port)],
        cwd=PROJECT,
        env=_environment(port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        said = asyncio.run(_work(f"http://127.0.0.1:{port}", doers, process, Random(seed)))
    finally:
        process.kill()
        process.wait()
    stored = {table: done - before[table] for table, done in _done().items()}
    summary.kills += 1
    summary.acknowledged += Counter(
        {table.__tablename__: sum(min(said[each], done[each]) for each in done) for table, done in stored.items()}
    )
    everything = sum(stored.values(), Counter[int]())
    summary.unsaid += sum((everything - said).values())
    lost = [f"{count} decisions were acknowledged and lost" for count in (said - everything).values()]
    twice = [f"{count} more than one was stored unsaid" for count in (everything - said).values() if count > 1]
    summary.look(f"kill {seed}", (*lost, *twice))


def _done() -> dict[type[ClaimStep] | type[EnrolmentStep], Counter[int]]:
    """How many steps each account has taken."""
    with reading() as opened:
        return {
            table: Counter(number for number in opened.scalars(select(table.actor_id)) if number is not None)
            for table in (ClaimStep, EnrolmentStep)
        }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(port: int) -> dict[str, str]:
    url = session.engine.url.render_as_string(hide_password=False)
    return {**os.environ, "HOURBOOK_DATABASE_URL": url, "HOURBOOK_PUBLIC_URL": f"http://127.0.0.1:{port}"}


def _wait(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2)
            return
        time.sleep(0.2)
    raise TimeoutError("the server did not start")


async def _work(
    url: str, doers: list[tuple[Task, Account]], process: "subprocess.Popen[bytes]", random: Random
) -> Counter[int]:
    work = Work(url)
    done = [asyncio.create_task(_do(work, task, account)) for task, account in doers]
    async with asyncio.timeout(PATIENCE):
        await work.begun.wait()
    await asyncio.sleep(random.uniform(0, LONGEST))
    process.kill()
    await asyncio.gather(*done)
    return work.said


async def _do(work: Work, task: Task, account: Account) -> None:
    """Until the connection breaks."""
    visitor = Visitor(work.url)
    with suppress(ConnectionClosed, ConnectionError, OSError):
        home = await visitor.enter(token_for(account))
        seen = await visitor.run(page=home.menu[task.page])
        while True:
            if not seen.buttons(task.button):  # they rest after a decision
                await asyncio.sleep(REST)
                seen = await visitor.run()
                continue
            seen = await visitor.run(pressed=seen.buttons(task.button)[0])
            if any(task.said in toast for toast in seen.toasts):
                work.said[account.id] += 1
                work.begun.set()
    await visitor.close()
