"""What a transcript says: every record of hours that the official figures count, year by year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from services.pdf.statement import Hours


class Entry(NamedTuple):
    """One record; `confirmed_by` is the organisation that has let it count."""

    start_on: date
    end_on: date
    title: str
    kind: str
    category: str
    hours: Decimal
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A year: its entries, and the official figures of each category, which are the sums of their hours.

    `note` says by how much the requirement was reduced.
    """

    year: int
    entries: Sequence[Entry]
    lines: Mapping[str, Hours]
    note: str = ""

    @property
    def total(self) -> Hours:
        return Hours.of_all(self.lines.values())

    @property
    def met(self) -> bool:
        return all(hours.met for hours in self.lines.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """`run` is the run of the statistics whose figures these are, finished at `computed_at` by the local clock."""

    name: str
    id_number_masked: str
    employer: str
    run: int
    computed_at: datetime
    chapters: Sequence[Chapter]
    printed_on: date
    issuer: str | None = None
