"""The words of the certificate and where each stands on the sheet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from services.pdf.artwork import COLUMN_WIDTHS, QR_LEFT, QR_SIDE, QR_TOP, ROW_HEIGHT, TABLE_LEFT, TABLE_TOP
from services.pdf.canvas import POINTS, box, colour, point
from services.pdf.lettering import Lettering
from services.pdf.objects import text_string
from services.pdf.palette import CENTRE_X, DARK_GOLD, GREY, INK, PAGE_HEIGHT, RED, SPECIMEN_BLUE
from services.pdf.seal import SEAL_BOX, SEAL_CENTRE, SPECIMEN
from services.pdf.statement import Hours, Statement
from services.pdf.typesetting import Line, Piece, Step, fitting_size, measure, set_paragraph

TITLE = "专业技术人员继续教育证书"
ENGLISH_TITLE = "Certificate of Continuing Education for Professional and Technical Personnel"
HEADINGS = ("科目类别", "规定学时", "完成学时", "审核结果")
CATEGORIES = ("公需科目", "专业科目", "选修科目")
TOTAL, MET, NOT_MET = "合计", "达到要求", "未达要求"
CLOSING = "特发此证。"
SPECIMEN_CLOSING = "此为试点样证，不作为正式证书使用。"
SPECIMEN_LABEL = "试点样证　不作为正式证书使用"
SCAN = "扫码核验"
PROTECTION = "二维码内容和 PDF 文件均有数字签名，可离线核验，改动即失效。"
FOOTNOTE = "本证书依据审核通过的继续教育学时记录生成，涂改无效；证书的内容与效力以核验页面显示的为准。"
QR_ALT = "二维码：证书核验网址"

Area = tuple[float, float, float, float]

# Sets the origin to the sheet's upper left corner
ORIGIN = f"1 0 0 1 0 {PAGE_HEIGHT * POINTS:.2f} cm"
LEFT, RIGHT = TABLE_LEFT, TABLE_LEFT + sum(COLUMN_WIDTHS)
BODY_TOP, BODY_BOTTOM = 70.5, 101.5
BODY_SIZES = ((15, 9.4), (14, 7.8), (12.5, 6.3), (10.5, 5.2), (9, 4.4), (7.5, 3.7), (6, 3.0))
BODY_STEPS = [Step(size, leading) for size, leading in BODY_SIZES]
QR_BOX = (QR_LEFT, QR_TOP, QR_SIDE, QR_SIDE)
NOTES_LEFT, VALUES_LEFT, NOTES_RIGHT = 73.5, 89.0, 186.0
ISSUER_SIZE, ISSUER_ROOM = 14.0, 70.0
LABEL_BOX = (RIGHT - 60, 22.6, 60.0, 7.2)
LINK_AREA = (VALUES_LEFT, 168.4, NOTES_RIGHT - VALUES_LEFT, 6.2)


def compose(page: Lettering, statement: Statement) -> None:
    """In reading order. Raises MissingGlyph, TextTooLong."""
    page.write(f"{ORIGIN} /Artifact BMC /Artwork Do EMC")
    _head(page, statement)
    _body(page, statement)
    _table(page, statement)
    _verification(page, statement)
    _issuer(page, statement)
    with page.marked("P"):
        page.centred(FOOTNOTE, CENTRE_X, 188.6, 8, ink=GREY)


def constant_text(division: str | None, issuer: str | None) -> str:
    """Every character that is drawn for any statement of this issuer, or for most of them."""
    printable = "".join(map(chr, range(32, 127)))
    sentence = "".join(piece.text for piece in _sentence("", "", "", 0))
    words = (TITLE, *HEADINGS, *CATEGORIES, TOTAL, MET, NOT_MET, CLOSING, SPECIMEN_CLOSING, SPECIMEN_LABEL)
    notes = (SCAN, FOOTNOTE, PROTECTION, sentence, "年度证书编号：验证码核验网址防伪说明备注年月日")
    return "".join((printable, *words, *notes, division or "", issuer or ""))


def _head(page: Lettering, statement: Statement) -> None:
    if not statement.issuer:
        with page.marked("P"):
            specimen_label(page)
    if statement.division:
        with page.marked("P"):
            page.centred(statement.division, CENTRE_X, 31.6, 15, ink=RED, spacing=0.5)
    with page.marked("H1"):
        page.centred(TITLE, CENTRE_X, 46.8, 36, ink=RED, bold=0.27, spacing=1.2)
    with page.marked("P", "/Lang (en)"):
        page.centred(ENGLISH_TITLE, CENTRE_X, 59.2, 8.2, ink=DARK_GOLD, spacing=0.25)
    with page.marked("P"):
        page.show(f"{statement.year} 年度", LEFT, 67.0, 10.5)
        page.right(f"证书编号：{statement.number}", RIGHT, 67.0, 10.5)


def _body(page: Lettering, statement: Statement) -> None:
    closing = CLOSING if statement.issuer else SPECIMEN_CLOSING
    pieces = _sentence(statement.name, statement.id_number_masked, statement.employer, statement.year)
    step, lines, y = set_paragraph(pieces, BODY_STEPS, room=RIGHT - LEFT, top=BODY_TOP, bottom=BODY_BOTTOM)
    with page.marked("P"):
        for line in lines:
            _line(page, line, y, step.size)
            y += step.leading
    with page.marked("P"):
        bold = 0.1 if closing == SPECIMEN_CLOSING else 0
        page.show(closing, LEFT + 2 * step.size / POINTS, y, step.size, bold=bold)


def _sentence(name: str, id_number: str, employer: str, year: int) -> list[Piece]:
    return [
        Piece("兹证明"),
        Piece(name, emphasised=True),
        Piece(f"（证件号码：{id_number}）系"),
        Piece(employer, emphasised=True),
        Piece(f"专业技术人员，{year}年度参加继续教育学习，公需科目、专业科目、选修科目学时均达到规定要求。"),
    ]


def _line(page: Lettering, line: Line, y: float, size: float) -> None:
    x = LEFT + line.indent
    for piece in line.pieces:
        bold = 0.13 * size / 15 if piece.emphasised else 0
        x = page.show(piece.text, x, y, size, bold=bold, spacing=line.spacing)


def _table(page: Lettering, statement: Statement) -> None:
    rows = (statement.general, statement.professional, statement.elective)
    with page.element("Table"):
        with page.element("TR"):
            for column, heading in enumerate(HEADINGS):
                _cell(page, heading, column, 0, heads="Column")
        for row, (category, hours) in enumerate(zip(CATEGORIES, rows, strict=True), start=1):
            _row(page, category, hours, row, met=hours.met)
        _row(page, TOTAL, statement.total, len(rows) + 1, met=statement.met, bold=0.12)


def _row(page: Lettering, label: str, hours: Hours, row: int, *, met: bool, bold: float = 0) -> None:
    with page.element("TR"):
        _cell(page, label, 0, row, heads="Row", bold=bold)
        for column, text in enumerate(
            (hours_text(hours.required), hours_text(hours.earned), MET if met else NOT_MET), start=1
        ):
            _cell(page, text, column, row, bold=bold)


def hours_text(hours: Decimal) -> str:
    return f"{hours:.1f}"


def day_text(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _cell(page: Lettering, text: str, column: int, row: int, *, heads: str = "", bold: float = 0) -> None:
    """Heads: Row or Column where the cell is a heading."""
    x = TABLE_LEFT + sum(COLUMN_WIDTHS[:column]) + COLUMN_WIDTHS[column] / 2
    y = TABLE_TOP + (row + 0.5) * ROW_HEIGHT + 1.6
    with page.marked("TH" if heads else "TD", f"/A <</O /Table /Scope /{heads}>>" if heads else ""):
        page.centred(text, x, y, 12, ink=RED if row == 0 else INK, bold=bold)


def _verification(page: Lettering, statement: Statement) -> None:
    with page.marked("Figure", _figure(QR_ALT, QR_BOX)):
        x, y, side, _ = QR_BOX
        length = f"{side * POINTS:.2f}"
        page.write(f"q {length} 0 0 {length} {point(x, y + side)} cm {colour(INK)} rg /QR Do Q")
    with page.marked("P"):
        page.show(SCAN, NOTES_LEFT, 159.6, 11.5, ink=RED, spacing=0.3)
    _note(page, "验证码", statement.code, 167.0)
    _note(page, "核验网址", _without_code(statement.verify_url), 172.6, role="Link")
    _note(page, "防伪说明", PROTECTION, 178.2)
    if statement.note:
        _note(page, "备注", statement.note, 183.8)


def _without_code(address: str) -> str:
    """What somebody without a camera types, the code stands beside it."""
    return address.partition("?")[0]


def _note(page: Lettering, label: str, value: str, y: float, *, role: str = "Span") -> None:
    with page.element("P"):
        with page.marked("Span"):
            page.show(label, NOTES_LEFT, y, 9, ink=GREY)
        with page.marked(role):
            page.show(value, VALUES_LEFT, y, fitting_size(value, 9, NOTES_RIGHT - VALUES_LEFT))


def _issuer(page: Lettering, statement: Statement) -> None:
    with page.marked("Figure", _figure(f"印章：{statement.issuer or SPECIMEN}", SEAL_BOX)):
        page.write("/Seal Do")
    if statement.issuer:
        _signature(page, statement.issuer)
    with page.marked("P"):
        page.centred(day_text(statement.issued_on), SEAL_CENTRE[0], 178.6, 12)


def _signature(page: Lettering, issuer: str) -> None:
    """The name and the date lie across the lower half of the seal (GB/T 9704-2012, 7.3.5)."""
    middle = len(issuer) if measure(issuer, ISSUER_SIZE) <= ISSUER_ROOM else (len(issuer) + 1) // 2
    lines = [part for part in (issuer[:middle], issuer[middle:]) if part]
    size = min(fitting_size(part, ISSUER_SIZE if len(lines) == 1 else ISSUER_SIZE - 2, ISSUER_ROOM) for part in lines)
    with page.marked("P"):
        for below, part in zip(range(len(lines) - 1, -1, -1), lines, strict=True):
            page.centred(part, SEAL_CENTRE[0], 171.6 - below * 5.2, size, bold=0.1)


def specimen_label(page: Lettering, area: Area = LABEL_BOX) -> None:
    x, y, width, height = area
    page.write(f"{colour(SPECIMEN_BLUE)} RG {0.35 * POINTS:.2f} w {box(*area)} S")
    page.centred(SPECIMEN_LABEL, x + width / 2, y + height / 2 + 1.35, 10.5, ink=SPECIMEN_BLUE, bold=0.08)


def _figure(alternative: str, area: Area) -> str:
    return f"/Alt {text_string(alternative)} /A <</O /Layout /Placement /Block /BBox [{corners(area)}]>>"


def corners(area: Area) -> str:
    """Left, bottom, right and top in the page's own points."""
    x, y, width, height = area
    left, bottom = x * POINTS, (PAGE_HEIGHT - y - height) * POINTS
    return f"{left:.2f} {bottom:.2f} {left + width * POINTS:.2f} {bottom + height * POINTS:.2f}"
