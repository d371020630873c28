"""Figures as a chart with the table behind it, in the reader's words: the same for a page, a workbook and a report."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from services.workbooks import Content, Sheet


class Bar(NamedTuple):
    """One place, month or kind.

    `parts` has one length for each series, `told` stands at its end, `mark` is how long it was a year before.
    `leads_to` is what an address says about the place that the bar is about.
    """

    label: str
    parts: Sequence[float]
    told: str = ""
    mark: float | None = None
    leads_to: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars that lie below each other, or that stand beside each other; `most` is the length that fills the chart.

    `mark` is what the marks are called, and empty where no bar has one.
    """

    bars: Sequence[Bar]
    series: Sequence[str]
    mark: str = ""
    upright: bool = False
    most: float | None = None

    @property
    def longest(self) -> float:
        """Never 0, so that lengths can be divided by it."""
        return self.most or max((max(sum(bar.parts), bar.mark or 0) for bar in self.bars), default=0) or 1


@dataclass(frozen=True, slots=True)
class Part:
    """What is charted and told under one title; `note` says what is left out, `empty` why there is nothing."""

    sheet: Sheet
    rows: Sequence[Sequence[Content]]
    chart: Chart | None = None
    note: str = ""
    empty: str = ""

    def shortened(self, rows: int, note: str) -> "Part":
        """With the first rows alone, and the note if there are more."""
        if len(self.rows) <= rows:
            return self
        chart = self.chart and replace(self.chart, bars=self.chart.bars[:rows])
        return replace(self, rows=self.rows[:rows], chart=chart, note=note)

    @property
    def title(self) -> str:
        return self.sheet.title


@dataclass(frozen=True, slots=True)
class Report:
    """`lines` say of when the figures are; `page` tells a page's `number` of how many (`count`)."""

    title: str
    subject: str
    lines: Sequence[str]
    parts: Sequence[Part]
    page: str
