"""What is being written under a name of its own, so that no other name ever shows half of it."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from services.clock import now

PREFIX = ".incoming-"
# Longer than anything is written; what is older was left by a process that died.
KEPT = timedelta(days=1)


@contextmanager
def unfinished_file(folder: Path) -> Iterator[Path]:
    """Readable by its owner only; whoever wants to keep it renames it before the block ends. Raises OSError."""
    descriptor, name = tempfile.mkstemp(prefix=PREFIX, dir=folder)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def passing_folder(parent: Path) -> Iterator[Path]:
    """Readable by its owner only, and gone when the block ends unless somebody has renamed it. Raises OSError."""
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=parent) as name:
        yield Path(name)


def remove_left(folder: Path) -> None:
    """What dead processes have left in it. Raises OSError."""
    with suppress(PermissionError):  # somebody else's, in a folder of many
        remove_older(folder.glob(f"{PREFIX}*"), now() - KEPT)


def remove_older(paths: Iterable[Path], before: datetime) -> None:
    """What was not touched since. Raises OSError."""
    for path in paths:
        with suppress(FileNotFoundError):  # just renamed, or removed by another process
            if path.stat().st_mtime < before.timestamp():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
