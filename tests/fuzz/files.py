"""Honest files and what becomes of them in hostile hands."""

import io
import zipfile
from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from tests import hostile_files, legacy_files
from tests import spreadsheet_files as sheets
from tests.services.importing import staff_list, staff_row

OLD_ROWS: list[Sequence[object]] = [legacy_files.RECORD_HEADER, *(legacy_files.record(number) for number in range(4))]
EVIDENCE = {
    "证书.pdf": hostile_files.pdf(),
    "带动作.pdf": hostile_files.armed_pdf(),
    "照片.jpg": hostile_files.telling_jpeg(),
    "截图.png": hostile_files.png(),
}
LISTS = {
    "人员.xlsx": staff_list([staff_row(number=f"44010419850317001{digit}") for digit in "9X5"]),
    "公式.xlsx": sheets.calculated(sheets.workbook([["姓名"], ["=1+1"]]), {"=1+1": "<v>2</v>"}),
}
EXPORTS = {
    "旧数据.csv": legacy_files.text(OLD_ROWS),
    "旧数据-国标.csv": legacy_files.text(OLD_ROWS, encoding="gb18030"),
    "旧数据.txt": legacy_files.text(OLD_ROWS, delimiter="\t"),
    "旧数据.xlsx": sheets.workbook(OLD_ROWS),
    "旧数据.xls": legacy_files.EXCEL_97,
}
EVERY = EVIDENCE | LISTS | EXPORTS
ZIP = b"PK\x03\x04"
# What parsers trip over: signs of a syntax, ends and lengths.
PARTS = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [
            *(
                b"\0",
                b"\xff\xff\xff\xff",
                b"\x80\x30\x81\x30",
                b"\xed\xa0\x80",
                b'"',
                b"\r\n\r\n",
                b"<![CDATA[",
                b"&#0;",
            ),
            *(
                b"<!DOCTYPE x [<!ENTITY a 'aa'>]>",
                b"9" * 400,
                b"1E400",
                b"=cmd|'/c calc'!A1",
                b"%%EOF",
                b"endobj",
                b"<<",
            ),
            *(b"/Kids [3 0 R 3 0 R]", b"PK\x05\x06", b"\xff\xd9", b"IEND", b"../../", "ⅷ\u202e".encode()),
        ]
    ),
)


class File(NamedTuple):
    """Its beginning is all that a failed test shows."""

    name: str
    content: bytes

    def __repr__(self) -> str:
        return f"File({self.name!r}, {self.content[:200]!r}… of {len(self.content)} bytes)"


@st.composite
def damaged(draw: st.DrawFn, contents: dict[str, bytes]) -> File:
    """An honest file, damaged at some places, cut or doubled, sometimes under the name of another."""
    content = contents[draw(st.sampled_from(sorted(contents)))]
    ways = [_cut_up, _repacked] if content.startswith(ZIP) else [_cut_up]
    way = draw(st.sampled_from(ways))
    return File(draw(st.sampled_from(sorted(contents))), draw(way(content)))


@st.composite
def _cut_up(draw: st.DrawFn, content: bytes) -> bytes:
    found = bytearray(content)
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(found)))
        found[place : place + draw(st.integers(0, 60))] = draw(PARTS)
    if draw(st.booleans()):
        del found[draw(st.integers(0, len(found))) :]
    return bytes(found) * draw(st.sampled_from([1, 1, 1, 2]))


@st.composite
def _repacked(draw: st.DrawFn, content: bytes) -> bytes:
    """Damaged where a checksum would otherwise give it away: inside of the members of a zip."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        names = [info.filename for info in old.infolist()]
        hit = draw(st.sets(st.sampled_from(names), min_size=1, max_size=2))
        for name in names:
            data = old.read(name)
            new.writestr(name, draw(_cut_up(data)) if name in hit else data)
    return output.getvalue()
