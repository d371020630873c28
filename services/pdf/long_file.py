"""A PDF file of any length, written as it comes (ISO 32000-1, 7.5.7 and 7.5.8)."""

from __future__ import annotations

from hashlib import sha256
from struct import Struct
from typing import Protocol

from services.pdf import signature
from services.pdf.objects import HEADER, stream
from services.pdf.signature import Sign

# Where an object lies: by itself at a byte of the file, or as one of several in a packed stream.
PLACE, WIDTHS = Struct(">BQH"), "[1 8 2]"
NOWHERE, BY_ITSELF, PACKED = 0, 1, 2
FREE = PLACE.pack(NOWHERE, 0, 65535)
QUICK = 1


class Sink(Protocol):
    """Takes the file part by part."""

    def write(self, part: bytes, /) -> object: ...


class LongFile:
    """Numbered objects, in any order. In memory stay eleven bytes for each, and those that wait to be packed."""

    def __init__(self, file: Sink) -> None:
        self._file = file
        self._size = 0
        self._digest = sha256()
        self._places = bytearray(FREE)
        self._waiting: list[tuple[int, bytes]] = []
        self._write(HEADER)

    def reserve(self, count: int = 1) -> int:
        """The first of so many consecutive numbers."""
        first = len(self._places) // PLACE.size
        self._places += FREE * count
        return first

    def add(self, number: int, value: bytes) -> None:
        self._put(number, BY_ITSELF, self._size)
        self._write(_numbered(number, value))

    def pack(self, number: int, value: bytes | str) -> None:
        """For all but streams; `write_packed` compresses it together with its neighbours."""
        self._waiting.append((number, value.encode("ascii") if isinstance(value, str) else value))

    def write_packed(self) -> None:
        container, starts, size = self.reserve(), list[str](), 0
        for index, (number, value) in enumerate(self._waiting):
            self._put(number, PACKED, container, index)
            starts.append(f"{number} {size}")
            size += len(value) + 1
        head = " ".join(starts).encode("ascii") + b"\n"
        content = head + b"\n".join(value for _, value in self._waiting)
        entries = f"/Type /ObjStm /N {len(starts)} /First {len(head)}"
        self.add(container, stream(content, entries, level=QUICK))
        self._waiting.clear()

    def close(self, root: int, sealed: int, seal: str, sign: Sign) -> None:
        """`seal` is the empty signature, filled in for everything that was written. Raises SignatureTooLong."""
        self.write_packed()
        table = self.reserve()
        unsigned = _numbered(sealed, seal.encode("ascii"))
        self._put(sealed, BY_ITSELF, self._size)
        start = self._size + len(unsigned)
        self._put(table, BY_ITSELF, start)
        identifier = self._digest.hexdigest()[:32]
        entries = f"/Type /XRef /W {WIDTHS} /Size {table + 1} /Root {root} 0 R /ID [<{identifier}> <{identifier}>]"
        end = _numbered(table, stream(bytes(self._places), entries)) + b"startxref\n%d\n%%%%EOF\n" % start
        self._write(signature.signed(unsigned + end, sign, start=self._size, digest=self._digest))

    def _put(self, number: int, how: int, where: int, index: int = 0) -> None:
        PLACE.pack_into(self._places, number * PLACE.size, how, where, index)

    def _write(self, part: bytes) -> None:
        self._file.write(part)
        self._digest.update(part)
        self._size += len(part)


def _numbered(number: int, value: bytes) -> bytes:
    return b"%d 0 obj\n%b\nendobj\n" % (number, value)
