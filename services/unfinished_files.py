"""Files that are being written under a name of their own, so that no other name ever shows half of one."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

PREFIX = ".incoming-"


@contextmanager
def unfinished_file(folder: Path) -> Iterator[Path]:
    """Readable by its owner only; whoever wants to keep it renames it before the block ends. Raises OSError."""
    descriptor, name = tempfile.mkstemp(prefix=PREFIX, dir=folder)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def remove_older(files: Iterable[Path], before: datetime) -> None:
    """What was not touched since. Raises OSError."""
    for path in files:
        with suppress(FileNotFoundError):  # just renamed, or removed by another process
            if path.stat().st_mtime < before.timestamp():
                path.unlink()
