"""Files of old systems: let in or refused, and their rows as they came, one by one, however long the file is."""

import codecs
import csv
import hashlib
import io
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO

from db.settings import settings
from services import sandbox
from services.errors import N_, DomainError
from services.evidence_files import MEGABYTE, clean_name
from services.file_refusals import FileEmpty, FileUnreadable
from services.scanning import scan
from services.spreadsheet_refusals import SpreadsheetUnreadable

MOST_MEGABYTES = 100
ENDINGS = (".csv", ".txt", ".xlsx", ".xls")
CHUNK = 1 << 20
# As of a workbook: a record of millions of cells is none.
MOST_CELLS = 200
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# Every text in GBK is one in GB18030 as well.
_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = ",\t;|"
# Made once, as `json.dumps` would for every row.
_JSON = json.JSONEncoder(ensure_ascii=False)
_END = "\0the end of the file"


class LegacyFileTooLarge(DomainError):
    message = N_("文件超过%(megabytes)sMB，请分成几个文件后分别上传。")


class LegacyFileKind(DomainError):
    message = N_("只能上传 CSV、xlsx 或 xls 文件，请从旧系统重新导出后再上传。")


class EncodingUnknown(DomainError):
    message = N_("文件既不是 UTF-8 编码，也不是 GBK 或 GB18030 编码，或者中间已损坏。请重新导出后再上传。")


class QuoteNotClosed(DomainError):
    message = N_("第 %(line)s 行的引号没有闭合，之后的内容无法分行。请用文本编辑器改正后再上传。")


@dataclass(frozen=True, slots=True)
class LegacyFile:
    """A file that was let in; `lines` begins anew whenever it is called, each line a row as `spreadsheets` reads it.

    `about` is how many rows there probably are.
    """

    file_name: str
    sha256: str
    about: int
    lines: Callable[[], Iterator[bytes]] = field(repr=False)


def check(file_name: str, content: BinaryIO) -> LegacyFile:
    """The file is read as its rows are: it must stay open.

    Raises one of the refusals here or of `services.spreadsheet_refusals`, FileEmpty, VirusFound, ScannerUnavailable,
    CheckUnavailable.
    """
    name = clean_name(file_name)
    if not name.lower().endswith(ENDINGS):
        raise LegacyFileKind
    sha256, size, breaks = _measure(content)
    if not size:
        raise FileEmpty
    if size > MOST_MEGABYTES * MEGABYTE:
        raise LegacyFileTooLarge(megabytes=MOST_MEGABYTES)
    if address := settings().clamd_address:
        scan(address, _all(content))
    content.seek(0)
    if content.read(4) not in _WORKBOOKS:
        return LegacyFile(name, sha256, breaks, _text_lines(content))
    lines = _workbook_lines(_all(content))
    return LegacyFile(name, sha256, sum(1 for _ in lines()), lines)


def _measure(content: BinaryIO) -> tuple[str, int, int]:
    """The SHA-256, the bytes and the line breaks."""
    content.seek(0)
    digest, size, breaks = hashlib.sha256(), 0, 0
    while part := content.read(CHUNK):
        digest.update(part)
        size += len(part)
        breaks += part.count(b"\n")
    return digest.hexdigest(), size, breaks


def _all(content: BinaryIO) -> bytes:
    content.seek(0)
    return content.read()


def _workbook_lines(content: bytes) -> Callable[[], Iterator[bytes]]:
    """Only the compressed lines are kept."""
    try:
        compressed = sandbox.run("read_export", content)
    except FileUnreadable:
        raise SpreadsheetUnreadable from None
    return lambda: _unpacked(compressed)


def _unpacked(compressed: bytes) -> Iterator[bytes]:
    """Bit by bit: a process with a hostile file in it may have packed anything."""
    decompressor, rest = zlib.decompressobj(), b""
    try:
        while compressed and not decompressor.eof:
            *lines, rest = (rest + decompressor.decompress(compressed, CHUNK)).split(b"\n")
            compressed = decompressor.unconsumed_tail
            yield from lines
            if len(rest) > CHUNK * MOST_CELLS:
                raise SpreadsheetUnreadable
    except zlib.error:
        raise SpreadsheetUnreadable from None


def _text_lines(content: BinaryIO) -> Callable[[], Iterator[bytes]]:
    encoding = _encoding(content)
    return lambda: _records(content, encoding)


def _encoding(content: BinaryIO) -> str:
    """The first one in which the whole file makes sense. Raises EncodingUnknown."""
    for name in _ENCODINGS:
        if _is_written_in(content, name):
            return name
    raise EncodingUnknown


def _is_written_in(content: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    content.seek(0)
    try:
        while part := content.read(CHUNK):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _records(content: BinaryIO, encoding: str) -> Iterator[bytes]:
    """Numbered as Excel shows them: a record may hold line breaks, and an empty one counts though it is no row."""
    content.seek(0)
    written = io.TextIOWrapper(content, encoding, newline="")
    number = 0
    try:
        beginning = written.readline()
        delimiter = max(_DELIMITERS, key=beginning.count)
        for number, cells in enumerate(csv.reader(chain([beginning], written, [_END]), delimiter=delimiter), 1):
            if cells and cells[-1].endswith(_END):
                _require_whole(cells, number)
            elif any(map(str.strip, cells)):
                yield _JSON.encode([number, cells[:MOST_CELLS], {}]).encode()
    except csv.Error:
        raise QuoteNotClosed(line=number + 1) from None
    finally:
        written.detach()  # or it would close the file


def _require_whole(cells: list[str], number: int) -> None:
    """What was put behind the file stands alone, unless an open quote has swallowed it."""
    if cells != [_END]:
        raise QuoteNotClosed(line=number)
