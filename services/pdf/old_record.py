"""A copy of what an old system says of a certificate, on one page that says of itself that it is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.pdf.booklet import About, Booklet
from services.pdf.canvas import POINTS, box, colour, line
from services.pdf.lettering import Lettering
from services.pdf.long_file import Sink
from services.pdf.page import ORIGIN, day_text
from services.pdf.palette import CENTRE_X, GREY, PAGE_WIDTH, RED, SPECIMEN_BLUE, TABLE_RULE
from services.pdf.signature import Sign
from services.pdf.typesetting import wrapped

TITLE = "旧系统继续教育证书记录（副本）"
MARK = "旧系统记录副本　不是证书"
FOOTNOTE = "本页按导入的旧系统数据原样打印，仅供查询；真实性由来源系统负责。PDF 文件有数字签名，改动即失效。"
LEFT, RIGHT = 45.0, PAGE_WIDTH - 45.0
VALUES = LEFT + 42.0
TITLE_BOX = (CENTRE_X - 60, 24.0, 120.0, 12.0)
MARK_BOX = (RIGHT - 60, 12.0, 60.0, 7.2)
TOP, SIZE, LEADING, PADDING = 46.0, 11.0, 5.4, 2.0


@dataclass(frozen=True, slots=True)
class OldRecord:
    """What is printed, line by line, and where it comes from."""

    number: str
    facts: Mapping[str, str]
    source: str
    printed_on: date


def write(file: Sink, old: OldRecord, sign: Sign) -> None:
    """Raises MissingGlyph."""
    booklet = Booklet(file, constant_text(), TITLE_BOX)
    text = booklet.lettering()
    _compose(text, old)
    booklet.add(text, {}, {})
    booklet.close(About(TITLE, old.number, old.printed_on), sign)


def constant_text() -> str:
    return "".join((*map(chr, range(32, 127)), TITLE, MARK, FOOTNOTE, "来源打印日期年月日：　"))


def _compose(text: Lettering, old: OldRecord) -> None:
    text.write(ORIGIN)
    with text.marked("P"):
        _mark(text)
    with text.marked("H1"):
        text.centred(TITLE, CENTRE_X, 33.0, 20, ink=RED, bold=0.15, spacing=0.6)
    y = TOP
    with text.element("Table"):
        for label, value in {**old.facts, "来源": old.source}.items():
            y = _row(text, label, wrapped(value, SIZE, RIGHT - VALUES), y)
    with text.marked("P"):
        text.show(f"打印日期：{day_text(old.printed_on)}", LEFT, y + 9, SIZE)
    with text.marked("P"):
        text.centred(FOOTNOTE, CENTRE_X, 190.0, 8, ink=GREY)


def _mark(text: Lettering) -> None:
    x, y, width, height = MARK_BOX
    text.write(f"{colour(SPECIMEN_BLUE)} RG {0.35 * POINTS:.2f} w {box(*MARK_BOX)} S")
    text.centred(MARK, x + width / 2, y + height / 2 + 1.35, 10.5, ink=SPECIMEN_BLUE, bold=0.08)


def _row(text: Lettering, label: str, lines: Sequence[str], y: float) -> float:
    """Gives back where the next one begins."""
    height = max(1, len(lines)) * LEADING + 2 * PADDING
    under = line(((LEFT, y + height), (RIGHT, y + height)))
    text.write(f"/Artifact BMC {colour(TABLE_RULE)} RG {0.2 * POINTS:.2f} w {under} S EMC")
    with text.element("TR"):
        with text.marked("TH", "/A <</O /Table /Scope /Row>>"):
            text.show(label, LEFT, y + PADDING + 4, SIZE, ink=GREY)
        with text.marked("TD"):
            for number, part in enumerate(lines):
                text.show(part, VALUES, y + PADDING + 4 + number * LEADING, SIZE)
    return y + height
