"""Where each part of a transcript stands: tables that go on from page to page, each page with its number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple

from services.pdf.booklet import About, Booklet
from services.pdf.canvas import POINTS, box, colour, line
from services.pdf.lettering import Lettering
from services.pdf.long_file import Sink
from services.pdf.page import (
    CATEGORIES,
    HEADINGS,
    MET,
    NOT_MET,
    ORIGIN,
    TOTAL,
    day_text,
    hours_text,
    specimen_label,
)
from services.pdf.palette import CENTRE_X, GREY, INK, PAGE_WIDTH, RED, TABLE_HEAD, TABLE_RULE
from services.pdf.signature import Sign
from services.pdf.statement import Hours
from services.pdf.transcript import Chapter, Entry, Transcript
from services.pdf.typesetting import wrapped

TITLE = "专业技术人员继续教育学时明细"
RECORD_HEADINGS = ("序号", "起止日期", "活动名称", "活动类型", "科目", "学时", "确认单位")
RECORD_WIDTHS = (12.0, 27.0, 88.0, 26.0, 24.0, 16.0, 64.0)
TOTAL_WIDTHS = (64.0, 64.0, 64.0, 65.0)
NOTHING = "本年度没有计入的学时记录。"
FOOTNOTE = "本明细列出官方统计计入的每一条学时记录，合计与官方统计一致。PDF 文件有数字签名，改动即失效。"

LEFT, RIGHT = 20.0, PAGE_WIDTH - 20.0
TITLE_SIZE, TITLE_BASELINE = 20.0, 29.0
SPECIMEN_BOX = (RIGHT - 60, 9.0, 60.0, 7.2)
TITLE_BOX = (CENTRE_X - 60, 20.0, 120.0, 12.0)
FIRST_TOP, TOP, BOTTOM = 36.0, 20.0, 190.0
SIZE, LEADING, PADDING = 9.0, 4.2, 1.7
HEAD_SIZE, HEAD_LEADING = 10.5, 5.6


class Row(NamedTuple):
    """What stands on one height of a page and is never cut; `draw` is given its upper edge.

    Rows of the same table belong together as far as they are on one page, and `head` stands above them on every page.
    `keeps` is the height that must be left below.
    """

    height: float
    draw: Callable[[Lettering, float], None]
    table: str = ""
    head: Row | None = None
    keeps: float = 0.0


Placed = tuple[float, Row]


def write(file: Sink, transcript: Transcript, sign: Sign) -> None:
    """Raises MissingGlyph."""
    booklet = Booklet(file, constant_text(), TITLE_BOX)
    pages = paginated(_rows(transcript))
    for number, placed in enumerate(pages, start=1):
        text = booklet.lettering()
        _compose(text, transcript, placed, number, len(pages))
        booklet.add(text, {}, {})
    about = About(TITLE, f"run-{transcript.run}", transcript.printed_on)
    booklet.close(about, sign)


def constant_text() -> str:
    words = (TITLE, *RECORD_HEADINGS, *HEADINGS, *CATEGORIES, TOTAL, MET, NOT_MET, NOTHING, FOOTNOTE)
    return "".join((*map(chr, range(32, 127)), *words, "姓名证件号码工作单位：　第次官方统计（）年月日页共度"))


def paginated(rows: Iterator[Row]) -> list[list[Placed]]:
    """The rows of each page with their upper edges."""
    pages: list[list[Placed]] = [[]]
    y = FIRST_TOP
    for row in rows:
        if y + row.height + row.keeps > BOTTOM and pages[-1]:
            pages.append([])
            y = TOP
            if row.head:
                pages[-1].append((y, row.head))
                y += row.head.height
        pages[-1].append((y, row))
        y += row.height
    return pages


def _compose(text: Lettering, transcript: Transcript, placed: Sequence[Placed], number: int, count: int) -> None:
    text.write(ORIGIN)
    if not transcript.issuer:
        with text.marked("P"):
            specimen_label(text, SPECIMEN_BOX)
    if number == 1:
        with text.marked("H1"):
            text.centred(TITLE, CENTRE_X, TITLE_BASELINE, TITLE_SIZE, ink=RED, bold=0.15, spacing=0.6)
    for table, rows in groupby(placed, key=lambda each: each[1].table):
        if table:
            with text.element("Table"):
                _draw(text, rows)
        else:
            _draw(text, rows)
    _foot(text, transcript, f"第 {number} 页　共 {count} 页")


def _draw(text: Lettering, placed: Iterator[Placed]) -> None:
    for y, row in placed:
        row.draw(text, y)


def _foot(text: Lettering, transcript: Transcript, pages: str) -> None:
    with text.marked("P"):
        text.show(FOOTNOTE, LEFT, 197.0, 8, ink=GREY)
    with text.marked("P"):
        text.right(f"{transcript.name}　{pages}", RIGHT, 197.0, 8)


def _rows(transcript: Transcript) -> Iterator[Row]:
    person = f"姓名：{transcript.name}　证件号码：{transcript.id_number_masked}"
    yield from _paragraph(person + (f"　工作单位：{transcript.employer}" if transcript.employer else ""))
    run = f"第 {transcript.run} 次官方统计（{transcript.computed_at:%Y年%m月%d日 %H:%M}）"
    issuer = f"　出具单位：{transcript.issuer}" if transcript.issuer else ""
    yield from _paragraph(f"统计依据：{run}　打印日期：{day_text(transcript.printed_on)}{issuer}")
    for chapter in transcript.chapters:
        yield from _chapter(chapter)


def _paragraph(said: str) -> Iterator[Row]:
    lines = wrapped(said, HEAD_SIZE, RIGHT - LEFT)

    def draw(text: Lettering, y: float) -> None:
        with text.marked("P"):
            for number, part in enumerate(lines):
                text.show(part, LEFT, y + 4 + number * HEAD_LEADING, HEAD_SIZE)

    yield Row(len(lines) * HEAD_LEADING, draw)


def _chapter(chapter: Chapter) -> Iterator[Row]:
    yield Row(11.0, partial(_heading, f"{chapter.year} 年度"), keeps=24.0)
    if chapter.entries:
        head = _cells(RECORD_HEADINGS, RECORD_WIDTHS, f"records {chapter.year}", is_head=True)
        yield head
        for number, entry in enumerate(chapter.entries, start=1):
            cells = _cells(_said(number, entry), RECORD_WIDTHS, head.table)
            yield cells._replace(head=head)
    else:
        yield from _paragraph(NOTHING)
    yield Row(3.0, lambda _text, _y: None, keeps=38.0)
    yield from _totals(chapter)
    if chapter.note:
        yield from _paragraph(chapter.note)


def _heading(said: str, text: Lettering, y: float) -> None:
    with text.marked("H2"):
        text.show(said, LEFT, y + 8, 13, ink=RED, bold=0.1)


def _said(number: int, entry: Entry) -> Sequence[str]:
    days = f"{entry.start_on}" if entry.start_on == entry.end_on else f"{entry.start_on} 至 {entry.end_on}"
    category, hours = entry.category, hours_text(entry.hours)
    return (f"{number}", days, entry.title, entry.kind, category, hours, entry.confirmed_by)


def _totals(chapter: Chapter) -> Iterator[Row]:
    head = _cells(HEADINGS, TOTAL_WIDTHS, f"totals {chapter.year}", is_head=True)
    yield head
    for category, hours in chapter.lines.items():
        yield _total(category, hours, head, met=hours.met)
    yield _total(TOTAL, chapter.total, head, met=chapter.met)


def _total(label: str, hours: Hours, head: Row, *, met: bool) -> Row:
    said = (label, hours_text(hours.required), hours_text(hours.earned), MET if met else NOT_MET)
    return _cells(said, TOTAL_WIDTHS, head.table)._replace(head=head)


def _cells(said: Sequence[str], widths: Sequence[float], table: str, *, is_head: bool = False) -> Row:
    lines = [wrapped(each, SIZE, width - 2 * PADDING) for each, width in zip(said, widths, strict=True)]
    height = max(map(len, lines)) * LEADING + 2 * PADDING

    def draw(text: Lettering, y: float) -> None:
        _rule(text, y, height, is_head=is_head)
        with text.element("TR"):
            x = LEFT
            for cell, width in zip(lines, widths, strict=True):
                _cell(text, cell, x + PADDING, y + PADDING, is_head=is_head)
                x += width

    return Row(height, draw, table, keeps=12.0 if is_head else 0.0)


def _rule(text: Lettering, y: float, height: float, *, is_head: bool) -> None:
    """Under the row; the headings stand on a ground of their own."""
    ground = f"{colour(TABLE_HEAD)} rg {box(LEFT, y, RIGHT - LEFT, height)} f " if is_head else ""
    under = line(((LEFT, y + height), (RIGHT, y + height)))
    text.write(f"/Artifact BMC {ground}{colour(TABLE_RULE)} RG {0.2 * POINTS:.2f} w {under} S EMC")


def _cell(text: Lettering, lines: Sequence[str], x: float, y: float, *, is_head: bool) -> None:
    with text.marked("TH" if is_head else "TD", "/A <</O /Table /Scope /Column>>" if is_head else ""):
        for number, part in enumerate(lines):
            text.show(part, x, y + 3.3 + number * LEADING, SIZE, ink=RED if is_head else INK)
