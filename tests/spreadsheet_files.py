"""Workbooks as employers send them, and as an attacker would."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

SHEET = "xl/worksheets/sheet1.xml"


def saved(book: Workbook) -> bytes:
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def workbook(rows: Iterable[Sequence[Any]], change: Callable[[Worksheet], None] = lambda _: None) -> bytes:
    """A sheet with these rows; `change` does to it what its user would."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    change(sheet)
    return saved(book)


def sheets(content: bytes) -> list[Worksheet]:
    return list(load_workbook(io.BytesIO(content)).worksheets)


def first_sheet(content: bytes) -> Worksheet:
    return sheets(content)[0]


def rows_of(content: bytes) -> list[tuple[Any, ...]]:
    return list(first_sheet(content).iter_rows(values_only=True))


def calculated(content: bytes, results: dict[str, str]) -> bytes:
    """As Excel saves it, with the results of its formulas, which openpyxl cannot know: `{"=1+1": "<v>2</v>"}`."""

    def put_in(sheet: bytes) -> bytes:
        for formula, result in results.items():
            empty = f"<f>{formula.removeprefix('=')}</f><v></v>", f"<f>{formula.removeprefix('=')}</f><v />"
            for each in empty:
                sheet = sheet.replace(each.encode(), f"<f>{formula.removeprefix('=')}</f>{result}".encode())
        return sheet

    return changed(content, SHEET, put_in)


def changed(content: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, change(data) if info.filename == member else data)
    return output.getvalue()


def with_members(members: Iterable[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    """A good workbook with more in it than belongs there."""
    output = io.BytesIO(workbook([["a"]]))
    with zipfile.ZipFile(output, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return output.getvalue()


def bomb(megabytes: int) -> bytes:
    return with_members([("xl/media/image1.png", bytes(megabytes * 1024 * 1024))])


def lying_bomb(megabytes: int) -> bytes:
    """Says in its list that it unpacks to a single byte."""
    content = bytearray(bomb(megabytes))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = (1).to_bytes(4, "little")
    return bytes(content)


def link() -> bytes:
    info = zipfile.ZipInfo("xl/link")
    info.external_attr = 0o120777 << 16
    return with_members([(info, b"/etc/passwd")])


def encrypted_member() -> bytes:
    """The mark of a member that needs a password, in both of its headers."""
    content = bytearray(with_members([("xl/secret", b"x")]))
    content[content.rindex(b"PK\x03\x04") + 6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def far_corner() -> bytes:
    """Two cells that are as far from each other as a sheet allows: seventeen billion cells lie between them."""

    def stretch(sheet: Worksheet) -> None:
        sheet["XFD1048576"] = "far"

    return workbook([["a"]], stretch)


def billion_laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    document_type = f'<!DOCTYPE l [<!ENTITY l0 "laugh">{entities}]>'.encode()

    def laugh(sheet: bytes) -> bytes:
        body = sheet.replace(b"<sheetData>", b'<sheetData><row r="1"><c r="B1" t="e"><v>&l9;</v></c></row>')
        return document_type + body

    return changed(workbook([["a"]]), SHEET, laugh)
