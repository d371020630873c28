"""Pages of A4 with charts drawn as lines and areas, and the tables behind them."""

from datetime import date, datetime
from decimal import Decimal

import pylopdf_fonts_zh_cn as packaged
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from services.charted_figures import Part, Report
from services.clock import local, now
from services.pdf import font_store
from services.report_charts import INK, MUTED, PAPER, RULE, draw_chart, height_of
from services.workbooks import Content

FONT, RARE = "sans", "rare"
MARGIN = 15.0  # millimetres, as all lengths here
HEAD = "#F4F6F9"
LINE = 5.2
# Instead of a character that no font has; fpdf2 would leave it out without a word.
UNPRINTABLE = "〓"


class Pages(FPDF):
    """A report as it grows, part by part."""

    def __init__(self, report: Report) -> None:
        super().__init__(unit="mm", format="A4")
        self._report = report
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, MARGIN + LINE)
        self.set_title(f"{report.title} {printable(report.subject)}")
        self.set_creation_date(now())
        self.add_font(FONT, fname=packaged.sans_path())
        self.add_font(RARE, fname=font_store.RARE)
        self.set_fallback_fonts([RARE])
        self.add_page()
        self._draw_head()

    def footer(self) -> None:
        """Called by fpdf2 at the end of each page; it puts the number of pages where `{nb}` stands."""
        self.set_y(-MARGIN)
        self._write(8, MUTED)
        self.cell(0, LINE, printable(self._report.subject), align="L", new_x=XPos.LMARGIN)
        self.cell(0, LINE, self._report.page % {"number": self.page_no(), "count": "{nb}"}, align="R")

    def draw(self, part: Part) -> None:
        charted = height_of(part.chart) if part.chart and part.rows else 0.0
        if self.will_page_break(charted + 6 * LINE):
            self.add_page()
        self.ln(LINE)
        self._paragraph(part.title, 13)
        if not part.rows:
            self._paragraph(part.empty, 9, MUTED)
            return
        if part.note:
            self._paragraph(part.note, 9, MUTED)
        if part.chart:
            draw_chart(self, part.chart)
        self._draw_table(part)

    def content(self) -> bytes:
        return bytes(self.output())

    def _draw_head(self) -> None:
        self._paragraph(self._report.title, 20)
        self._paragraph(self._report.subject, 14)
        for line in self._report.lines:
            self._paragraph(line, 9, MUTED)

    def _paragraph(self, text: str, size: float, colour: str = INK) -> None:
        self._write(size, colour)
        self.multi_cell(0, size * 0.5, printable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1)

    def _write(self, size: float, colour: str) -> None:
        self.set_font(FONT, size=size)
        self.set_text_color(colour)

    def _draw_table(self, part: Part) -> None:
        """Its head stands again on every page that it reaches."""
        self._write(8, INK)
        self.set_draw_color(RULE)
        self.set_fill_color(PAPER)
        self.set_line_width(0.2)
        widths = [heading.width for heading in part.sheet.headings]
        columns = zip(*part.rows, strict=True)
        aligned = ["RIGHT" if any(map(_is_number, column)) else "LEFT" for column in columns]
        with self.table(
            col_widths=widths,
            text_align=aligned,
            line_height=LINE,
            borders_layout="HORIZONTAL_LINES",
            headings_style=FontFace(fill_color=HEAD),
            padding=(0, 1),
        ) as table:
            table.row([heading.title for heading in part.sheet.headings])
            for row in part.rows:
                table.row([printable(told(content)) for content in row])


def _is_number(content: Content) -> bool:
    return isinstance(content, int | Decimal)


def told(content: Content) -> str:
    match content:
        case None:
            return "—"
        case Decimal():
            return f"{content:,.1f}"
        case int():
            return f"{content:,}"
        case datetime():
            return f"{local(content):%Y-%m-%d %H:%M}"
        case date():
            return content.isoformat()
    return content


def printable(text: str) -> str:
    missing = font_store.missing_glyphs(text)
    return text.translate({ord(character): UNPRINTABLE for character in missing}) if missing else text
