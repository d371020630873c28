"""Invented transcripts."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from services.pdf.statement import Hours
from services.pdf.transcript import Chapter, Entry, Transcript

CATEGORIES = ("公需科目", "专业科目", "选修科目")
DAY = date(2026, 3, 2)


def entries(count: int, title: str = "青禾市公需科目培训班", employer: str = "青禾市测绘设计研究院") -> list[Entry]:
    """Each of an hour and a half, the last one as long as it says."""
    return [
        Entry(
            start_on=DAY + timedelta(days=number),
            end_on=DAY + timedelta(days=number + number % 3),
            title=f"{title}{number}期",
            kind="培训",
            category=CATEGORIES[number % 3],
            hours=Decimal("1.5"),
            confirmed_by=employer,
        )
        for number in range(count)
    ]


def chapter(year: int, counted: Sequence[Entry]) -> Chapter:
    earned = {name: sum((each.hours for each in counted if each.category == name), Decimal(0)) for name in CATEGORIES}
    return Chapter(year, counted, {name: Hours(Decimal(18), hours) for name, hours in earned.items()})


def transcript(
    *chapters: Chapter, name: str = "林知远", employer: str = "青禾市测绘设计研究院", issuer: str | None = None
) -> Transcript:
    return Transcript(
        name=name,
        id_number_masked="110101********0015",
        employer=employer,
        run=12,
        computed_at=datetime(2026, 11, 26, 11, 46),  # noqa: DTZ001  # as a clock on the wall shows it
        chapters=chapters,
        printed_on=date(2026, 11, 27),
        issuer=issuer,
    )
