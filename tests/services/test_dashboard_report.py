"""The printed report, read back with PDFium: what it says, what its bars show, and what it costs who prints nothing."""

import subprocess
import sys
from contextlib import closing
from ctypes import c_uint
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # comes without types
import pypdfium2.raw as raw  # type: ignore[import-untyped]  # likewise
import pytest

from db.settings import PROJECT
from services import dashboard_report
from services.charted_figures import Bar, Chart, Part, Report
from services.report_charts import BLUE
from services.workbooks import Content, Heading, Sheet
from tests.services.pdf import reading

pytestmark = pytest.mark.no_database

HEADINGS = [Heading("地区或单位", 24), Heading("在职人员"), Heading("达标率（%）")]
Rectangle = tuple[float, float]  # width and height in points


def report(*parts: Part) -> Report:
    return Report(
        "学时看板", "广东省肇庆市 2026 年度", ["数据截至 2026-11-26"], parts, "第 %(number)s 页，共 %(count)s 页"
    )


def part(count: int, *, name: str = "单位", chart: Chart | None = None) -> Part:
    rows: list[list[Content]] = [[f"{name}{number}", 1000 + number, Decimal("12.5")] for number in range(count)]
    return Part(Sheet("下级地区和单位", HEADINGS), rows, chart, empty="这里没有单位。")


def lying(*lengths: float, mark: float | None = None) -> Chart:
    bars = [Bar(f"县{number}", [length], f"{length}%", mark) for number, length in enumerate(lengths)]
    return Chart(bars, ["达标率"], mark="去年同日" if mark is not None else "", most=100)


def rectangles(content: bytes, colour: str) -> list[Rectangle]:
    """Those that are filled with a colour, from the top of the first page."""
    wanted = tuple(bytes.fromhex(colour.removeprefix("#")))
    with reading.opened(content) as page:
        drawn = [one for one in page.get_objects([raw.FPDF_PAGEOBJ_PATH]) if _fill(one) == wanted]
        bounds = [one.get_bounds() for one in drawn]
    return [(right - left, top - bottom) for left, bottom, right, top in sorted(bounds, key=lambda each: -each[3])]


def _fill(drawn: Any) -> tuple[int, ...]:
    red, green, blue, alpha = (c_uint() for _ in range(4))
    raw.FPDFPageObj_GetFillColor(drawn.raw, red, green, blue, alpha)
    return red.value, green.value, blue.value


def test_everything_that_the_table_holds_is_in_the_report() -> None:
    said = reading.joined(dashboard_report.render(report(part(3))))
    assert "学时看板" in said
    assert "广东省肇庆市2026年度" in said
    assert "数据截至2026-11-26" in said
    for number in range(3):
        assert f"单位{number}1,00{number}12.5" in said


def test_every_page_has_the_head_of_its_table_and_its_number() -> None:
    pages = reading.pages(dashboard_report.render(report(part(150))))
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert "地区或单位在职人员达标率（%）" in page
        assert f"第{number}页，共{len(pages)}页" in page
    everything = "".join(pages)
    assert all(f"单位{number}{1000 + number:,}" in everything for number in range(150))


def test_a_bar_is_as_long_as_its_figure() -> None:
    first, second = rectangles(dashboard_report.render(report(part(2, chart=lying(80, 20)))), BLUE)
    assert first[0] == pytest.approx(4 * second[0], rel=0.02)
    assert first[1] == pytest.approx(second[1])


def test_a_year_before_is_marked_and_named_only_where_it_is_known() -> None:
    assert "去年同日" in reading.joined(dashboard_report.render(report(part(1, chart=lying(80, mark=70)))))
    assert "去年同日" not in reading.joined(dashboard_report.render(report(part(1, chart=lying(80)))))


def test_bars_that_stand_say_their_months_and_sums() -> None:
    bars = [Bar(f"{month}月", [month, 2.0, 1.0], f"{month + 3}.0", 5.0) for month in range(1, 13)]
    chart = Chart(bars, ["公需科目", "专业科目", "选修科目"], mark="去年合计", upright=True)
    said = reading.joined(dashboard_report.render(report(part(1, chart=chart))))
    for text in ("公需科目", "专业科目", "选修科目", "去年合计", "1月", "12月", "15.0"):
        assert text in said


def test_a_part_without_rows_says_why() -> None:
    said = reading.joined(dashboard_report.render(report(part(0, chart=Chart([], ["达标率"])))))
    assert "这里没有单位。" in said
    assert "在职人员" not in said


def test_a_part_that_is_shortened_says_so() -> None:
    short = part(120, chart=lying(*range(1, 121))).shortened(100, "只列出前 100 个。")
    assert (len(short.rows), len(short.chart.bars) if short.chart else 0) == (100, 100)
    said = "".join(reading.pages(dashboard_report.render(report(short))))
    assert "只列出前100个。" in said
    assert "单位99" in said
    assert "单位100" not in said
    whole = part(100)
    assert whole.shortened(100, "只列出前 100 个。") is whole


def test_a_rare_character_is_printed_and_an_unknown_one_leaves_a_mark() -> None:
    said = reading.joined(dashboard_report.render(report(part(1, name="𡋾\U000e0001院"))))
    assert "𡋾〓院0" in said


def test_a_long_name_is_cut_in_the_chart_and_whole_in_the_table() -> None:
    name = "云上市第一人民医院" * 4
    chart = Chart([Bar(name, [5.0])], ["达标率"])
    said = reading.joined(dashboard_report.render(report(part(1, name=name, chart=chart))))
    assert name in said
    assert "…" in said


def test_times_are_told_by_the_installations_clock() -> None:
    row = [datetime(2026, 1, 1, 20, tzinfo=UTC), None]
    told = Part(Sheet("时间", [Heading("时间"), Heading("无")]), [row])
    assert "2026-01-0204:00—" in reading.joined(dashboard_report.render(report(told)))


def test_whoever_prints_nothing_does_not_wait_for_what_prints() -> None:
    loaded = "import sys, web.exports; print('fpdf' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_report_is_a_file_that_says_what_it_is() -> None:
    with closing(pdfium.PdfDocument(dashboard_report.render(report(part(1))))) as document:
        assert document.get_metadata_value("Title") == "学时看板 广东省肇庆市 2026 年度"
