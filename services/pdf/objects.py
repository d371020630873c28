"""PDF objects and the file around them (ISO 32000-1, 7.3 and 7.5)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from hashlib import md5

HEADER = b"%PDF-1.7\n%\xe5\xad\xa6\xe6\x97\xb6\n"


def text_string(text: str) -> str:
    return f"<feff{text.encode('utf-16-be').hex()}>"


def stream(content: bytes, entries: str = "", *, level: int = 9) -> bytes:
    """Compressed; level 0 leaves it as it is."""
    if level:
        content, entries = zlib.compress(content, level), f"{entries} /Filter /FlateDecode"
    return b"<<%b /Length %d>>\nstream\n%b\nendstream" % (entries.strip().encode("ascii"), len(content), content)


class Body:
    """Numbered objects one after the other, with the place of each for the cross-reference table."""

    def __init__(self, offsets: Mapping[int, int] | None = None, size: int = 0) -> None:
        """Begins a file, or goes on after another body's `size` bytes with these `offsets`."""
        self._parts = [] if size else [HEADER]
        self._size = size or len(HEADER)
        self._offsets = dict(offsets or {})

    def add(self, number: int, value: bytes | str) -> None:
        content = value.encode("ascii") if isinstance(value, str) else value
        part = b"%d 0 obj\n%b\nendobj\n" % (number, content)
        self._offsets[number] = self._size
        self._parts.append(part)
        self._size += len(part)

    def frozen(self) -> tuple[bytes, Mapping[int, int]]:
        """What another body may start with."""
        return b"".join(self._parts), dict(self._offsets)

    def file(self, root: int, variable: Iterable[bytes]) -> bytes:
        """The identifier comes from the content that differs, so the same document is the same bytes."""
        identifier = md5(b"".join(variable), usedforsecurity=False).hexdigest()
        rows = [f"{self._offsets[number]:010d} 00000 n \n" for number in sorted(self._offsets)]
        trailer = (
            f"xref\n0 {len(rows) + 1}\n0000000000 65535 f \n{''.join(rows)}"
            f"trailer\n<</Size {len(rows) + 1} /Root {root} 0 R /ID [<{identifier}> <{identifier}>]>>\n"
            f"startxref\n{self._size}\n%%EOF\n"
        )
        return b"".join((*self._parts, trailer.encode("ascii")))
