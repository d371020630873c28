"""Calendar files (RFC 5545), for the calendar that somebody keeps anyway."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.clock import now

MEDIA_TYPE = "text/calendar; charset=utf-8"
LONGEST_LINE = 75  # octets
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


@dataclass(frozen=True, slots=True)
class Appointment:
    """`uid` is the same whenever it is made again; of two with one `uid` the higher revision holds."""

    uid: str
    revision: int
    title: str
    begins: datetime
    ends: datetime
    place: str
    notes: str


def render(appointments: Sequence[Appointment]) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Hourbook//Classes//ZH", "METHOD:PUBLISH"]
    for appointment in appointments:
        lines += _event(appointment)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _event(appointment: Appointment) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{appointment.uid}",
        f"SEQUENCE:{appointment.revision}",
        f"DTSTAMP:{_moment(now())}",
        f"DTSTART:{_moment(appointment.begins)}",
        f"DTEND:{_moment(appointment.ends)}",
        f"SUMMARY:{_escaped(appointment.title)}",
        f"LOCATION:{_escaped(appointment.place)}",
        f"DESCRIPTION:{_escaped(appointment.notes)}",
        "END:VEVENT",
    ]


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _folded(line: str) -> Iterator[bytes]:
    """In pieces that are short enough, none of which ends within a character; all but the first begin with a blank."""
    piece = b""
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > LONGEST_LINE:
            yield piece
            piece = b" "
        piece += octets
    yield piece
