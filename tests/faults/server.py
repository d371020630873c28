"""A running server with reviewers at work in it, killed at a random moment: what their screens said is stored."""

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
from random import Random

from sqlalchemy import select
from websockets.exceptions import ConnectionClosed

from db import reading, session
from db.accounts import Account, Role
from db.claims import ClaimStep
from db.settings import PROJECT
from tests.benchmarks.visitor import Visitor
from tests.faults import invariants
from tests.faults.killing import Summary
from tests.faults.workload import accounts
from tests.web.client import token_for

APPROVE, SAID = "通过", "已审核"
START_SECONDS = 60
SHORTEST, LONGEST = 2, 8  # seconds of work
REST = 0.3  # seconds between two looks at buttons that rest


def kill_server(seed: int, summary: Summary) -> None:
    """Starts one, lets every reviewer approve one claim after the other, and kills it with signal 9."""
    with reading() as opened:
        reviewers = accounts(opened, Role.EMPLOYER)
    before, port = _steps(), _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.port", str(port)],
        cwd=PROJECT,
        env=_environment(port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        said = asyncio.run(_work(f"http://127.0.0.1:{port}", reviewers, process, Random(seed)))
    finally:
        process.kill()
        process.wait()
    stored = _steps() - before
    summary.kills += 1
    summary.acknowledged += sum(said.values())
    summary.unsaid += sum(stored.values()) - sum(said.values())
    lost = [f"{count} decisions were acknowledged and lost" for count in (said - stored).values()]
    twice = [f"{count} more than one was stored unsaid" for count in (stored - said).values() if count > 1]
    summary.faults += [f"kill {seed}: {fault}" for fault in (*lost, *twice, *invariants.broken())]


def _steps() -> Counter[int]:
    """Decisions by who made them."""
    with reading() as opened:
        return Counter(number for number in opened.scalars(select(ClaimStep.actor_id)) if number is not None)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(port: int) -> dict[str, str]:
    url = session.engine.url.render_as_string(hide_password=False)
    return {**os.environ, "HOURBOOK_DATABASE_URL": url, "HOURBOOK_PUBLIC_URL": f"http://127.0.0.1:{port}"}


def _wait(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2)
            return
        time.sleep(0.2)
    raise TimeoutError("the server did not start")


async def _work(url: str, reviewers: list[Account], process: "subprocess.Popen[bytes]", random: Random) -> Counter[int]:
    said = Counter[int]()
    work = [asyncio.create_task(_review(url, account, said)) for account in reviewers]
    await asyncio.sleep(random.uniform(SHORTEST, LONGEST))
    process.kill()
    await asyncio.gather(*work)
    return said


async def _review(url: str, account: Account, said: Counter[int]) -> None:
    """Until the connection breaks."""
    visitor = Visitor(url)
    with suppress(ConnectionClosed, ConnectionError, OSError):
        home = await visitor.enter(token_for(account))
        seen = await visitor.run(page=home.menu["employer-claims"])
        while True:
            if not seen.buttons(APPROVE):  # they rest after a decision
                await asyncio.sleep(REST)
                seen = await visitor.run()
                continue
            seen = await visitor.run(pressed=seen.buttons(APPROVE)[0])
            said[account.id] += any(SAID in toast for toast in seen.toasts)
    await visitor.close()
