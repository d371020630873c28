"""`backup`, `restore`, `check-backup` and `create-backup-key`: all that is stored as one file, and back."""

import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from time import monotonic

from db import migrate, reading, transaction
from db.backups import BackupKind
from db.settings import PROJECT, settings
from services import backup_archive, backups, restoring
from services.clock import local, now
from services.commands import progress
from services.commands.command import Command, CommandFailed
from services.unfinished_files import passing_folder, remove_left

KEY = {"key": ("", "the file with the private key, for an encrypted backup")}


def make(arguments: Namespace) -> None:
    path = _target(arguments.to)
    migrate.upgrade()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with progress.bar("备份") as show:
            made = backups.make(transaction, reading, path, show)
    except OSError as error:
        raise CommandFailed(f"{path}：{error.strerror}") from None
    run = made.run
    print(f"备份完成：{path}，{run.rows} 行，{run.files} 个文件，{run.size / 1e6:.1f} MB。")
    if not run.encrypted:
        print("备份未加密。可用 create-backup-key 生成密钥，并设置 HOURBOOK_BACKUP_KEY。")
    print("密钥不在备份内：请另行保存 HOURBOOK_SECRET_KEY（或 secret_key 文件）和证书签名密钥文件夹。")
    _report(made.missing)


def restore(arguments: Namespace) -> None:
    migrate.upgrade()
    try:
        with progress.bar("恢复") as show:
            restored = restoring.restore(transaction, Path(arguments.file), _key(arguments.key), show)
    except OSError as error:
        raise CommandFailed(f"{error.filename or arguments.file}：{error.strerror}") from None
    print(
        f"恢复完成：{restored.run.rows} 行，{restored.run.files} 个文件，操作日志 {restored.events} 条完好。"
        "所有用户须重新登录。"
    )
    _report(restored.missing)


def prove(arguments: Namespace) -> None:
    """Restored by the very command that would be used, into a folder that is thrown away."""
    began, path = monotonic(), Path(arguments.file).absolute()
    try:
        manifest = restoring.manifest_of(path, _key(arguments.key))
        remove_left(settings().data_dir)
        with passing_folder(settings().data_dir) as folder:
            done = _restore_into(folder, path, arguments.key)
    except OSError as error:
        raise CommandFailed(f"{error.filename or path}：{error.strerror}") from None
    if done.returncode:
        raise CommandFailed(done.stderr)
    migrate.upgrade()
    backups.note(transaction, BackupKind.PROVEN, path, manifest, began)
    rows, seconds = sum(manifest.rows.values()), monotonic() - began
    print(f"备份可以恢复：{rows} 行，{manifest.files} 个文件，用时 {seconds:.0f} 秒。")


def create_key(arguments: Namespace) -> None:
    try:
        public_key = backup_archive.create_key(Path(arguments.file))
    except OSError as error:
        raise CommandFailed(f"{arguments.file}：{error.strerror}") from None
    print(f"HOURBOOK_BACKUP_KEY={public_key}")
    print(f"私钥已写入 {arguments.file}，恢复时才用得到，请移到别处保管；丢失后备份无法恢复。")


def _target(given: str) -> Path:
    if given:
        return Path(given)
    ending = "tar.age" if settings().backup_key else "tar"
    return settings().data_dir / "backups" / f"hourbook-{local(now()):%Y%m%d-%H%M%S}.{ending}"


def _key(given: str) -> Path | None:
    return Path(given).absolute() if given else None


def _restore_into(folder: Path, path: Path, key: str) -> subprocess.CompletedProcess[str]:
    elsewhere = {
        "HOURBOOK_DATABASE_URL": f"sqlite:///{folder / 'hourbook.db'}",
        "HOURBOOK_STORAGE_URL": (folder / "evidence").as_uri(),
        "HOURBOOK_SECRET_KEY": settings().secret_key,
    }
    command = [sys.executable, "-m", "services", "restore", str(path), "--key", str(_key(key) or "")]
    return subprocess.run(  # noqa: S603  # our own command
        command, cwd=PROJECT, env={**os.environ, **elsewhere}, capture_output=True, text=True, check=False
    )


def _report(missing: list[str]) -> None:
    if missing:
        raise CommandFailed(f"有 {len(missing)} 个文件在备份时已丢失或损坏：{' '.join(missing[:10])}")


BACKUP = Command(
    "backup",
    "write all that is stored into one file, encrypted when HOURBOOK_BACKUP_KEY is set",
    make,
    options={"to": ("", "the file to write; without it a new one in the folder `backups` under the data folder")},
)
RESTORE = Command(
    "restore",
    "load a backup into an empty database and its storage",
    restore,
    {"file": "what `backup` has written"},
    KEY,
)
CHECK = Command(
    "check-backup",
    "restore a backup into a place of its own, look it through and throw it away",
    prove,
    {"file": "what `backup` has written"},
    KEY,
)
KEYS = Command(
    "create-backup-key",
    "make the pair of keys of encrypted backups",
    create_key,
    {"file": "where the private key goes"},
)
