"""The charts of a report, drawn as areas that keep apart without colour: full, hatched, or an outline with a tint."""

from collections.abc import Callable, Iterator, Sequence

from fpdf import FPDF

from services.charted_figures import Bar, Chart

INK, MUTED, RULE, PAPER = "#1C2430", "#5F6B7A", "#D5DBE4", "#FFFFFF"
BLUE, VIOLET, TINT = "#1D4F91", "#6941A5", "#CFE8DA"
LABEL, ROW, BAR = 42.0, 5.6, 3.8  # of bars that lie: the place of their labels, their rows, their thickness
TOLD = 34.0  # what stands at the end of a bar
UPRIGHT, FOOT = 46.0, 6.0  # of bars that stand: the longest one, and their labels
LEGEND = 6.0
GAP = 1.4  # between the lines of a hatching

Fill = Callable[[FPDF, float, float, float, float], None]


def height_of(chart: Chart) -> float:
    legend = LEGEND if _has_legend(chart) else 0.0
    return legend + (UPRIGHT + FOOT + 4 if chart.upright else ROW * len(chart.bars) + 3)


def draw_chart(pdf: FPDF, chart: Chart) -> None:
    """Below what is on the page; bars that lie go on on the next page, those that stand fit on this one."""
    pdf.set_font_size(8)
    if _has_legend(chart):
        _draw_legend(pdf, chart)
    if chart.upright:
        _draw_standing(pdf, chart)
    else:
        _draw_lying(pdf, chart)


def _has_legend(chart: Chart) -> bool:
    return len(chart.series) > 1 or bool(chart.mark)


def _draw_legend(pdf: FPDF, chart: Chart) -> None:
    y = pdf.get_y()
    x = pdf.l_margin
    pdf.set_text_color(MUTED)
    for name, fill in zip(chart.series, FILLS, strict=False):
        fill(pdf, x, y + 1, 6, 3)
        x = _draw_name(pdf, name, x + 7.5, y + 3.6)
    if chart.mark and chart.upright:
        _draw_course(pdf, [(x, y + 2.5), (x + 6, y + 2.5)])
    elif chart.mark:
        _draw_mark(pdf, x + 3, y + 1, y + 4)
    _draw_name(pdf, chart.mark, x + 7.5, y + 3.6)
    pdf.set_y(y + LEGEND)


def _draw_name(pdf: FPDF, name: str, x: float, y: float) -> float:
    """Returns where the next one begins."""
    pdf.text(x, y, name)
    return x + pdf.get_string_width(name) + 5


def _draw_lying(pdf: FPDF, chart: Chart) -> None:
    left = pdf.l_margin + LABEL
    scale = (pdf.w - pdf.r_margin - TOLD - left) / chart.longest
    for bar in chart.bars:
        if pdf.will_page_break(ROW):
            pdf.add_page()
        y = pdf.get_y()
        pdf.set_text_color(INK)
        pdf.text(pdf.l_margin, y + 3.2, _shortened(pdf, bar.label, LABEL - 2))
        end = left
        for start, length, fill in _stacked(bar, scale):
            fill(pdf, left + start, y + 0.4, length, BAR)
            end = left + start + length
        if bar.mark is not None:
            _draw_mark(pdf, left + bar.mark * scale, y, y + BAR + 0.8)
            end = max(end, left + bar.mark * scale)
        pdf.text(end + 1.5, y + 3.2, bar.told)
        pdf.set_y(y + ROW)
    pdf.ln(3)


def _draw_standing(pdf: FPDF, chart: Chart) -> None:
    top, left = pdf.get_y() + 4, pdf.l_margin
    bottom, step = top + UPRIGHT, (pdf.w - pdf.r_margin - left) / max(len(chart.bars), 1)
    scale, marks = UPRIGHT / chart.longest, []
    for number, bar in enumerate(chart.bars):
        x = left + number * step
        upper = bottom
        for start, length, fill in _stacked(bar, scale):
            upper = bottom - start - length
            fill(pdf, x + step * 0.2, upper, step * 0.6, length)
        pdf.set_text_color(INK)
        _draw_centred(pdf, bar.told, x + step / 2, upper - 1)
        _draw_centred(pdf, bar.label, x + step / 2, bottom + 4)
        if bar.mark is not None:
            marks.append((x + step / 2, bottom - bar.mark * scale))
    _line(pdf, RULE, 0.2)
    pdf.line(left, bottom, pdf.w - pdf.r_margin, bottom)
    _draw_course(pdf, marks)
    pdf.set_y(bottom + FOOT)


def _draw_course(pdf: FPDF, points: Sequence[tuple[float, float]]) -> None:
    """What was a year before, as one line over the bars."""
    if len(points) > 1:
        _line(pdf, INK, 0.4)
        with pdf.local_context(dash_pattern={"dash": 1.5, "gap": 1, "phase": 0}):
            pdf.polyline(list(points))


def _draw_mark(pdf: FPDF, x: float, top: float, bottom: float) -> None:
    """With a white rim, so that it is seen on a full bar too."""
    for colour, width in ((PAPER, 1.3), (INK, 0.5)):
        _line(pdf, colour, width)
        pdf.line(x, top, x, bottom)


def _draw_centred(pdf: FPDF, text: str, x: float, y: float) -> None:
    pdf.text(x - pdf.get_string_width(text) / 2, y, text)


def _stacked(bar: Bar, scale: float) -> Iterator[tuple[float, float, Fill]]:
    start = 0.0
    for part, fill in zip(bar.parts, FILLS, strict=False):
        if part:
            yield start, part * scale, fill
        start += part * scale


def _shortened(pdf: FPDF, text: str, width: float) -> str:
    shown = text
    while shown and pdf.get_string_width(f"{shown}…") > width:
        shown = shown[:-1]
    return text if pdf.get_string_width(text) <= width else f"{shown}…"


def _full(pdf: FPDF, x: float, y: float, width: float, height: float) -> None:
    pdf.set_fill_color(BLUE)
    pdf.rect(x, y, width, height, style="F")


def _hatched(pdf: FPDF, x: float, y: float, width: float, height: float) -> None:
    _line(pdf, VIOLET, 0.3)
    pdf.rect(x, y, width, height)
    with pdf.rect_clip(x, y, width, height):
        offset = -height
        while offset < width:
            pdf.line(x + offset, y + height, x + offset + height, y)
            offset += GAP


def _tinted(pdf: FPDF, x: float, y: float, width: float, height: float) -> None:
    pdf.set_fill_color(TINT)
    _line(pdf, MUTED, 0.3)
    pdf.rect(x, y, width, height, style="DF")


def _line(pdf: FPDF, colour: str, width: float) -> None:
    pdf.set_draw_color(colour)
    pdf.set_line_width(width)


FILLS: Sequence[Fill] = (_full, _hatched, _tinted)
