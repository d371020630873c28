"""Every command that writes: what it is given, and what must be true when it has come to its end."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from db import reading
from db.accounts import Account
from db.backups import BackupKind, BackupRun
from db.installation import Demo
from db.legacy import LegacyImport, LegacyImportStatus, LegacyRow
from db.people import Person
from db.statistics import AnnualSummary
from services import certificate_authority, demo
from tests import legacy_files
from tests.faults.killing import PEOPLE
from tests.faults.places import Place, new_empty, new_world, nothing, run
from tests.legacy_rows import OLD

ROWS = 400
ADMINISTRATOR = "keeper"
KEY_LINES = 2
Check = Callable[[Place], list[str]]


@dataclass(frozen=True)
class Scenario:
    """`arguments` of the command, what is there when it begins, and what must be true at its end.

    `ends_with` are the exit codes of a second run; some commands refuse to do twice what is done.
    """

    name: str
    arguments: Callable[[Place], list[str]]
    check: Check
    begins: Callable[[str, Path], Place | None] = new_world
    ends_with: tuple[int, ...] = (0,)


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
    code, said = run(place, ["check-backup", str(place.path("backup.tar"))])
    return [] if code == 0 else [said]


def _is_proven(_place: Place) -> list[str]:
    with reading() as opened:
        times = opened.scalar(select(func.count()).select_from(BackupRun).where(BackupRun.kind == BackupKind.PROVEN))
    return [] if times else ["nobody is told that the backup was proven"]


def _import_arguments(place: Place) -> list[str]:
    file = place.path("旧数据.csv")
    if not file.exists():
        file.write_bytes(legacy_files.text(legacy_files.certificates(ROWS)))
    return ["import-legacy", str(file), "--system", OLD]


def _backup(place: Place) -> Path:
    """Of another world, made once."""
    made = place.folder.parent / f"{place.kind}.tar"
    if not made.exists():
        world = new_world(place.kind, place.folder.parent / "world-to-restore")
        code, said = run(world, ["backup", "--to", str(made)])
        assert code == 0, said
    return made


def _own_keys(place: Place) -> list[str]:
    place.more["HOURBOOK_SIGNING_DIR"] = str(place.path("signing"))
    return ["create-ca"]


def _has_keys(place: Place) -> list[str]:
    """All of them: a second run has refused to make them anew, or has made them."""
    made = {path.name for path in place.path("signing").iterdir()}
    return [] if made == set(certificate_authority.make()) else [f"{made}"]


def _has_backup_key(place: Place) -> list[str]:
    """A whole one: a second run has refused to write over it, or has made it."""
    lines = place.path("key").read_text().splitlines()
    is_whole = len(lines) == KEY_LINES and lines[-1].startswith("AGE-SECRET-KEY-")
    return [] if is_whole else [f"{len(lines)} lines of a key"]


SCENARIOS = (
    Scenario("demo", lambda _: ["demo"], _demo_is_whole, new_empty),
    Scenario("create-admin", lambda _: ["create-admin", ADMINISTRATOR], _has_administrator, nothing, ends_with=(0, 1)),
    Scenario("recompute", lambda _: ["recompute"], _has_summaries),
    Scenario("import-legacy", _import_arguments, _is_imported),
    Scenario("check-events", lambda _: ["check-events"], _nothing),
    Scenario("backup", lambda place: ["backup", "--to", str(place.path("backup.tar"))], _has_whole_backup),
    Scenario("restore", lambda place: ["restore", str(_backup(place))], _is_restored, new_empty, ends_with=(0, 1)),
    Scenario("check-backup", lambda place: ["check-backup", str(_backup(place))], _is_proven),
    Scenario("create-ca", _own_keys, _has_keys, ends_with=(0, 1)),
    Scenario(
        "create-backup-key",
        lambda place: ["create-backup-key", str(place.path("key"))],
        _has_backup_key,
        ends_with=(0, 1),
    ),
)
