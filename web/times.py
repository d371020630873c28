"""Stored moments as the clock on the wall shows them."""

from datetime import datetime

from db.settings import settings
from services.clock import now
from web.i18n import _


def waited(since: datetime) -> str:
    """For how many days."""
    days = (now() - since).days
    return _("%(days)s 天") % {"days": days} if days else _("不到 1 天")


def local_time(moment: datetime) -> str:
    """Year to minute, in the installation's time zone."""
    return f"{moment.astimezone(settings().timezone):%Y-%m-%d %H:%M}"
