"""The time, in one place."""

from datetime import UTC, date, datetime

from db.settings import settings


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The calendar day where the installation is, which is what deadlines are counted in."""
    return now().astimezone(settings().timezone).date()
