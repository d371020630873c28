"""Kills work, a server and commands with signal 9 at random moments, and says what came of it.

`python -m tests.faults [--kills 100] [--postgresql]`: work so many times, a server and each command a tenth of that;
with `--only` those that are named. A hundred take an hour on two cores.
"""

import argparse
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import groupby
from pathlib import Path

os.environ["HOURBOOK_DATA_DIR"] = os.environ["TEST_RUN_FOLDER"] = tempfile.mkdtemp(prefix="hourbook-")
os.environ["HOURBOOK_SECRET_KEY"] = "a key that only the tests ever use"
os.environ["HOURBOOK_SIGNING_DIR"] = f"{os.environ['HOURBOOK_DATA_DIR']}/signing"

from db import session
from services import signing
from tests import database, postgresql
from tests.faults.commands import kill_commands
from tests.faults.killing import Summary, build_world, kill_once
from tests.faults.scenarios import SCENARIOS
from tests.faults.server import kill_server

FOLDER = Path(os.environ["HOURBOOK_DATA_DIR"])
WORK, SERVER = "work", "server"
VICTIMS = [WORK, SERVER, *(scenario.name for scenario in SCENARIOS)]
SHARE = 10
WORLD_LASTS = 10  # kills, before there is too little left to decide


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=100)
    asked.add_argument("--postgresql", action="store_true")
    asked.add_argument("--only", nargs="+", choices=VICTIMS, default=VICTIMS)
    arguments = asked.parse_args()
    kind, kills = "postgresql" if arguments.postgresql else "sqlite", arguments.kills
    few = range(max(kills // SHARE, 1))
    killers: dict[str, Callable[[Summary], None]] = {
        WORK: partial(kill_work, kind, range(kills)),
        SERVER: partial(kill_servers, kind, few),
        **{scenario.name: partial(kill_commands, kind, FOLDER, scenario, few) for scenario in SCENARIOS},
    }
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it is told how far it came
    try:
        signing.create()
        found = [report(f"{kind}, {victim}", killers[victim]) for victim in arguments.only]
    finally:
        postgresql.stop(FOLDER)
        shutil.rmtree(FOLDER)
    raise SystemExit(any(found))


def kill_work(kind: str, seeds: Iterable[int], summary: Summary) -> None:
    world = new_world(kind)
    for _, some in groupby(seeds, lambda seed: seed // WORLD_LASTS):
        with database.bound(session.make_engine(database.copy_of(world))):
            for seed in some:
                kill_once(seed, summary)


def kill_servers(kind: str, seeds: Iterable[int], summary: Summary) -> None:
    world = new_world(kind)
    for seed in seeds:
        with database.bound(session.make_engine(database.copy_of(world))):
            kill_server(seed, summary)


def new_world(kind: str) -> str:
    url = database.new_migrated(kind)
    with database.bound(session.make_engine(url)):
        build_world()
    return url


def report(name: str, kill: Callable[[Summary], None]) -> bool:
    """Whether there were faults."""
    summary = Summary()
    try:
        kill(summary)
    finally:
        print(f"{name}: {summary.kills} kills; acknowledged before: {_said(summary.acknowledged)}; ", end="")
        print(f"{summary.unsaid} stored that nobody was told of; looked at: {_said(summary.examined)}; ", end="")
        print(f"{len(summary.faults)} faults", *(f"\n  {fault}" for fault in summary.faults), flush=True)
    return bool(summary.faults)


def _said(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counted.items() if count) or "nothing"


if __name__ == "__main__":
    main()
