"""A zip archive that is sent as it is packed, with one member at a time in memory."""

import io
import zipfile
from datetime import datetime

from services import clock


class Outlet(io.RawIOBase):
    """Takes what a file's writer writes, until it is sent on."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, part: bytes) -> int:  # type: ignore[override]  # of all buffers only bytes come
        self._written += part
        return len(part)

    def take(self) -> bytes:
        taken, self._written = bytes(self._written), bytearray()
        return taken


def add(archive: zipfile.ZipFile, name: str, content: bytes, at: datetime) -> None:
    archive.writestr(entry(name, at), content)


def entry(name: str, at: datetime) -> zipfile.ZipInfo:
    """Pictures and PDF files are packed already, texts become small."""
    info = zipfile.ZipInfo(name, clock.local(at).timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED if name.endswith((".json", ".txt")) else zipfile.ZIP_STORED
    info.external_attr = 0o600 << 16
    return info
