"""A browser as its owner knows it, from what it calls itself."""

import re

from web.i18n import _

BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """For instance `Chrome · Windows`; a mere hint, since anything can call itself anything."""
    found = [_first(user_agent, marks) for marks in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found)) or _("未知设备")


def _first(text: str, marks: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in marks if re.search(mark, text)), "")
