"""Stored moments as the clock on the wall shows them, and spans of days, in words."""

from datetime import date, datetime

from services import clock, rules
from web.i18n import _


def waited(since: datetime) -> str:
    """For how many days."""
    return lasting((clock.now() - since).days)


def lasting(days: int) -> str:
    return {0: _("不到 1 天"), 1: _("1 天")}.get(days, _("%(days)s 天") % {"days": days})


def period(first: date, last: date) -> str:
    """From the one day to the other, and how many these are."""
    if first == last:
        return _("%(day)s（1 天）") % {"day": first}
    return _("%(start)s 至 %(end)s（%(days)s 天）") % {"start": first, "end": last, "days": rules.days(first, last)}


def on_wall(moment: datetime) -> datetime:
    """What the clock on the wall shows, to the minute, for a field in which somebody picks a moment."""
    return clock.local(moment).replace(second=0, microsecond=0, tzinfo=None)


def from_wall(shown: datetime) -> datetime:
    """The moment at which the clock on the wall shows this."""
    return clock.moment(shown.date(), shown.time())


def local_time(moment: datetime) -> str:
    """Year to minute, in the installation's time zone."""
    return f"{clock.local(moment):%Y-%m-%d %H:%M}"
