"""Stored moments as the clock on the wall shows them."""

from datetime import datetime

from db.settings import settings


def local_time(moment: datetime) -> str:
    """Year to minute, in the installation's time zone."""
    return f"{moment.astimezone(settings().timezone):%Y-%m-%d %H:%M}"
