"""Kills work, a server and commands with signal 9 at random moments, and says what came of it.

`python -m tests.faults [--kills 100] [--postgresql]`: work so many times, a server and each command a tenth of that.
"""

import argparse
import os
import shutil
import tempfile
from pathlib import Path

os.environ["HOURBOOK_DATA_DIR"] = os.environ["TEST_RUN_FOLDER"] = tempfile.mkdtemp(prefix="hourbook-")
os.environ["HOURBOOK_SECRET_KEY"] = "a key that only the tests ever use"
os.environ["HOURBOOK_SIGNING_DIR"] = f"{os.environ['HOURBOOK_DATA_DIR']}/signing"

from db import session
from services import signing
from tests import database, postgresql
from tests.faults.commands import SCENARIOS, kill_commands
from tests.faults.killing import Summary, build_world, kill_once
from tests.faults.server import kill_server

FOLDER = Path(os.environ["HOURBOOK_DATA_DIR"])
SHARE = 10


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=100)
    asked.add_argument("--postgresql", action="store_true")
    arguments = asked.parse_args()
    kind, kills = "postgresql" if arguments.postgresql else "sqlite", arguments.kills
    try:
        signing.create()
        found = [report(f"{kind}, work", killed_work(kind, kills))]
        found.append(report(f"{kind}, server", killed_servers(kind, max(kills // SHARE, 1))))
        for scenario in SCENARIOS:
            summary = Summary()
            kill_commands(kind, FOLDER, scenario, range(max(kills // SHARE, 1)), summary)
            found.append(report(f"{kind}, {scenario.name}", summary))
    finally:
        postgresql.stop(FOLDER)
        shutil.rmtree(FOLDER)
    raise SystemExit(any(found))


def killed_work(kind: str, kills: int) -> Summary:
    summary = Summary()
    with database.bound(session.make_engine(database.new_migrated(kind))):
        build_world()
        for seed in range(kills):
            kill_once(seed, summary)
    return summary


def killed_servers(kind: str, kills: int) -> Summary:
    summary = Summary()
    with database.bound(session.make_engine(database.new_migrated(kind))):
        build_world()
        for seed in range(kills):
            kill_server(seed, summary)
    return summary


def report(name: str, summary: Summary) -> bool:
    """Whether there were faults."""
    print(f"{name}: {summary.kills} kills, {summary.acknowledged} changes acknowledged before, ", end="")
    print(f"{summary.unsaid} stored that nobody was told of, {len(summary.faults)} faults", flush=True)
    for fault in summary.faults:
        print(f"  {fault}")
    return bool(summary.faults)


if __name__ == "__main__":
    main()
