"""Calendar files, read back by an independent reader."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import icalendar
import pytest

from services import calendar_files
from services.calendar_files import Appointment

pytestmark = pytest.mark.no_database
BEGINS = datetime(2026, 12, 6, 1, tzinfo=UTC)
HOSTILE = "桥梁\\检测; 养护, 技术\r\nBEGIN:VALARM\n" + "检" * 200


def appointment(title: str = "桥梁检测", *, number: int = 1) -> Appointment:
    return Appointment(
        uid=f"class-session-{number}@hourbook.example",
        revision=3,
        title=title,
        begins=BEGINS,
        ends=BEGINS + timedelta(hours=3),
        place="三楼; 302",
        notes="施教机构：晴川学院\n联系人：谢予安",
    )


def read(content: bytes) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(content).events


def test_every_session_is_an_event_with_its_times_in_utc() -> None:
    first, second = read(calendar_files.render([appointment(number=1), appointment(number=2)]))
    assert (first.uid, second.uid) == ("class-session-1@hourbook.example", "class-session-2@hourbook.example")
    assert (first.start, first.end) == (BEGINS, BEGINS + timedelta(hours=3))
    assert (first.sequence, first.location) == (3, "三楼; 302")
    assert first.description == "施教机构：晴川学院\n联系人：谢予安"


def test_what_somebody_typed_stays_text() -> None:
    (event,) = read(calendar_files.render([appointment(HOSTILE)]))
    assert event.summary == HOSTILE.replace("\r", "")
    assert not event.walk("VALARM")


def test_no_line_is_longer_than_the_standard_allows_and_no_character_is_cut() -> None:
    content = calendar_files.render([appointment(HOSTILE)])
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= calendar_files.LONGEST_LINE
    assert all(line.decode() for line in lines[:-1])
    assert any(following.startswith(b" ") for _line, following in pairwise(lines))
    assert b"\n" not in content.replace(b"\r\n", b"")
