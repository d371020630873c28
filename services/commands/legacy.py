"""`import-legacy`: imports the export of an old system; after a crash the same command goes on."""

from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from db import migrate, reading, transaction
from db.legacy import LegacyImport, LegacyImportStatus, LegacyKind, LegacyRow
from services import legacy_access, legacy_files, legacy_imports, legacy_reception, snapshots
from services.commands import progress
from services.commands.command import Command, CommandFailed
from services.import_verdicts import Reason
from services.legacy_reception import Delivery
from services.permissions import SYSTEM
from services.snapshots import SnapshotBeingMade

MOST_SHOWN = 10


def run(arguments: Namespace) -> None:
    migrate.upgrade()
    kind = _kind(arguments.kind)
    try:
        with Path(arguments.file).open("rb") as content:
            file = legacy_files.check(Path(arguments.file).name, content)
            with progress.bar("读取文件") as show:
                delivery = Delivery(arguments.system, file, kind)
                importing = legacy_reception.receive(transaction, SYSTEM, delivery, on_progress=show)
    except OSError as error:
        raise CommandFailed(f"{arguments.file}：{error.strerror}") from None
    if importing.status is LegacyImportStatus.IMPORTED:
        print("该文件已导入过，没有新增。")
    else:
        with progress.bar("导入") as show:
            importing = legacy_imports.run(transaction, SYSTEM, importing.id, on_progress=show)
    _report(importing)
    with suppress(SnapshotBeingMade), progress.bar("生成分析快照") as show:
        snapshots.make_due(reading, transaction, on_progress=show)


def _kind(given: str) -> LegacyKind | None:
    if given and given not in set(LegacyKind):
        raise CommandFailed(f"--kind 应为 {' 或 '.join(LegacyKind)}。")
    return LegacyKind(given) if given else None


def _report(importing: LegacyImport) -> None:
    print(
        f"文件 {importing.row_count} 行：接受 {importing.accepted}，拒绝 {importing.rejected}，"
        f"重复 {importing.duplicates}。"
    )
    with reading() as session:
        rejected = legacy_access.rejections(session, SYSTEM, importing.id, most=MOST_SHOWN)
    for row in rejected:
        print(f"  第 {row.line} 行：{' '.join(_sentences(row))}")
    if importing.rejected > len(rejected):
        print("  其余的错误行请在“历史数据导入”页面下载。")


def _sentences(row: LegacyRow) -> Sequence[str]:
    reasons = (Reason(*kept) for kept in row.reasons or [])
    return [f"{reason.field}{'：' if reason.field else ''}{reason.text % reason.params}" for reason in reasons]


COMMAND = Command(
    "import-legacy",
    "import certificates or hour records that an old system has exported, as CSV, xlsx or xls",
    run,
    {"file": "the file; given again after a crash, the import goes on"},
    {
        "system": ("旧系统", "the name of the old system, under which the mapping of its columns is kept"),
        "kind": ("", "certificate or record; guessed from the header when it is left out"),
    },
)
