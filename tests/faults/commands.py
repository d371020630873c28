"""Every command of the command line, killed at a random moment; then it is given again and must come to its end."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import func, inspect, select, update

from db import reading, session, transaction
from db.accounts import Account
from db.backups import BackupKind, BackupRun
from db.installation import Demo
from db.legacy import LegacyImport, LegacyImportStatus, LegacyRow
from db.people import Person
from db.settings import PROJECT
from db.statistics import AnnualSummary, Lease
from services import demo
from services.clock import now
from tests import database, legacy_files
from tests.database import bound
from tests.faults import invariants
from tests.faults.killing import PEOPLE, Summary, build_world
from tests.legacy_rows import OLD

ROWS = 400
LIMIT = 600
ADMINISTRATOR = "keeper"


@dataclass
class Place:
    """An installation of its own: `folder` for its files, and the database."""

    kind: str
    folder: Path
    url: str
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "HOURBOOK_DATABASE_URL": self.url, **self.more}

    def path(self, name: str) -> Path:
        return self.folder / name


Check = Callable[[Place], list[str]]


@dataclass(frozen=True)
class Scenario:
    """`arguments` of the command, whether it begins with an empty database, and what must be true at its end.

    `ends_with` are the exit codes of a second run; some commands refuse to do twice what is done.
    """

    name: str
    arguments: Callable[[Place], list[str]]
    check: Check
    empty: bool = False
    ends_with: tuple[int, ...] = (0,)


def kill_commands(kind: str, folder: Path, scenario: Scenario, seeds: Iterable[int], summary: Summary) -> None:
    """Once for every seed, each time in another place."""
    world = None if scenario.empty else _world(kind)
    whole = _place(kind, folder / f"{scenario.name}-whole", world)
    began = time.monotonic()
    _finish(scenario, whole, (0,))
    takes = time.monotonic() - began
    for seed in seeds:
        place = _place(kind, folder / f"{scenario.name}-{seed}", world)
        _kill(scenario, place, Random(seed).uniform(0, takes))
        summary.kills += 1
        _let_leases_end(place)
        faults = [*_look(place), *_finish(scenario, place, scenario.ends_with)]
        summary.faults += [f"{kind}: {scenario.name}, kill {seed}: {fault}" for fault in faults]


def _world(kind: str) -> str:
    url = database.new_migrated(kind)
    with bound(session.make_engine(url)):
        build_world()
    return url


def _place(kind: str, folder: Path, world: str | None) -> Place:
    folder.mkdir(parents=True)
    return Place(kind, folder, database.new(kind) if world is None else database.copy_of(world))


def _kill(scenario: Scenario, place: Place, after: float) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "services", *scenario.arguments(place)],
        cwd=PROJECT,
        env=place.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        time.sleep(after)
        process.kill()
        process.wait(LIMIT)


def _finish(scenario: Scenario, place: Place, codes: tuple[int, ...]) -> list[str]:
    """The same command to its end, and what is wrong then."""
    command = [sys.executable, "-m", "services", *scenario.arguments(place)]
    ended = subprocess.run(
        command, cwd=PROJECT, env=place.environment, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    if ended.returncode not in codes:
        return [f"ended with {ended.returncode}: {ended.stderr[-500:]}"]
    return [*_look(place), *_in(place, lambda: scenario.check(place))]


def _let_leases_end(place: Place) -> None:
    """What a dead process held comes free by itself, some minutes or hours later: then it is given again."""
    with bound(session.make_engine(place.url)):
        if _has_tables():
            with transaction() as opened:
                opened.execute(update(Lease).values(expires_at=now()))


def _look(place: Place) -> list[str]:
    return _in(place, lambda: invariants.broken() if _has_tables() else [])


def _in(place: Place, look: Callable[[], list[str]]) -> list[str]:
    with bound(session.make_engine(place.url)):
        return look()


def _has_tables() -> bool:
    """A process that died while it made the first tables has left none, or all."""
    return inspect(session.engine).has_table("event")


def _demo_is_whole(_place: Place) -> list[str]:
    with reading() as opened:
        names = set(opened.scalars(select(Account.username)))
        times = opened.scalar(select(func.count()).select_from(Demo))
    return [] if names >= set(demo.ACCOUNTS) and times == 1 else [f"the demo is there {times} times"]


def _has_administrator(_place: Place) -> list[str]:
    with reading() as opened:
        found = opened.scalars(select(Account.id).where(Account.username == ADMINISTRATOR)).all()
    return [] if len(found) == 1 else [f"{len(found)} administrators"]


def _has_summaries(_place: Place) -> list[str]:
    with reading() as opened:
        count = opened.scalar(select(func.count()).select_from(AnnualSummary))
    return [] if count else ["no figures"]


def _is_imported(_place: Place) -> list[str]:
    with reading() as opened:
        (importing,) = opened.scalars(select(LegacyImport))
        rows = opened.scalar(select(func.count()).select_from(LegacyRow))
    counted = importing.accepted + importing.rejected + importing.duplicates
    whole = importing.status is LegacyImportStatus.IMPORTED and counted == importing.row_count == rows == ROWS
    return [] if whole else [f"{importing.status}: {rows} rows, {counted} counted of {importing.row_count}"]


def _is_restored(_place: Place) -> list[str]:
    with reading() as opened:
        people = opened.scalar(select(func.count()).select_from(Person))
        times = opened.scalar(select(func.count()).select_from(BackupRun).where(BackupRun.kind == BackupKind.RESTORED))
    return [] if (people, times) == (PEOPLE, 1) else [f"{people} people, restored {times} times"]


def _nothing(_place: Place) -> list[str]:
    return []


def _has_whole_backup(place: Place) -> list[str]:
    """No half file under its name, and one that can be restored."""
    command = [sys.executable, "-m", "services", "check-backup", str(place.path("backup.tar"))]
    proven = subprocess.run(
        command, cwd=PROJECT, env=place.environment, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    return [] if proven.returncode == 0 else [proven.stderr[-500:]]


def _import_arguments(place: Place) -> list[str]:
    file = place.path("旧数据.csv")
    if not file.exists():
        file.write_bytes(legacy_files.text(legacy_files.certificates(ROWS)))
    return ["import-legacy", str(file), "--system", OLD]


def _backup_to_restore(place: Place) -> list[str]:
    """Into storage of its own, from a backup that is made once."""
    made = place.folder.parent / "to-restore.tar"
    if not made.exists():
        source = Place(place.kind, place.folder.parent, _world(place.kind))
        command = [sys.executable, "-m", "services", "backup", "--to", str(made)]
        subprocess.run(command, cwd=PROJECT, env=source.environment, capture_output=True, timeout=LIMIT, check=True)
    place.more["HOURBOOK_STORAGE_URL"] = place.path("evidence").as_uri()
    return ["restore", str(made)]


def _own_keys(place: Place) -> list[str]:
    place.more["HOURBOOK_SIGNING_DIR"] = str(place.path("signing"))
    return ["create-ca"]


def _has_keys(place: Place) -> list[str]:
    """All of them: a second run has refused to make them anew, or has made them."""
    made = sorted(path.name for path in place.path("signing").iterdir())
    return [] if made and not any(name.startswith((".", "tmp")) for name in made) else [f"{made}"]


SCENARIOS = (
    Scenario("demo", lambda _: ["demo"], _demo_is_whole, empty=True),
    Scenario(
        "create-admin", lambda _: ["create-admin", ADMINISTRATOR], _has_administrator, empty=True, ends_with=(0, 1)
    ),
    Scenario("recompute", lambda _: ["recompute"], _has_summaries),
    Scenario("import-legacy", _import_arguments, _is_imported),
    Scenario("check-events", lambda _: ["check-events"], _nothing),
    Scenario(
        "backup", lambda place: ["backup", "--to", str(place.path("backup.tar"))], _has_whole_backup, ends_with=(0, 1)
    ),
    Scenario("restore", _backup_to_restore, _is_restored, empty=True, ends_with=(0, 1)),
    Scenario("create-ca", _own_keys, _has_keys, ends_with=(0, 1)),
)
