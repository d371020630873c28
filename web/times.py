"""Stored moments as the clock on the wall shows them."""

from datetime import datetime

from db.settings import settings
from services import clock
from web.i18n import _


def waited(since: datetime) -> str:
    """For how many days."""
    days = (clock.now() - since).days
    return {0: _("不到 1 天"), 1: _("1 天")}.get(days, _("%(days)s 天") % {"days": days})


def on_wall(moment: datetime) -> datetime:
    """What the clock on the wall shows, to the minute, for a field in which somebody picks a moment."""
    return clock.local(moment).replace(second=0, microsecond=0, tzinfo=None)


def from_wall(shown: datetime) -> datetime:
    """The moment at which the clock on the wall shows this."""
    return clock.moment(shown.date(), shown.time())


def local_time(moment: datetime) -> str:
    """Year to minute, in the installation's time zone."""
    return f"{moment.astimezone(settings().timezone):%Y-%m-%d %H:%M}"
