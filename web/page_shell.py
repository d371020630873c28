"""The HTML around the application: Streamlit's index page in our language and with our name."""

import base64
import html
from functools import cache
from pathlib import Path
from string import Template

from db.settings import settings
from web.i18n import DEFAULT
from web.security_headers import INDEX, OWN_SCRIPT

ICON = Path(__file__).parent / "images" / "icon.svg"


@cache
def page_shell(language: str = DEFAULT) -> str:
    """The language matters to screen readers and to the choice of fonts, the title and icon while the page loads."""
    page = INDEX.read_text(encoding="utf-8")
    for original, ours in (
        ('<html lang="en">', f'<html lang="{language.replace("_", "-")}">'),
        ("<title>Streamlit</title>", f"<title>{html.escape(settings().title)}</title>"),
        ('href="./favicon.png"', f'href="{_icon()}"'),
        ('<link rel="service-desc" href="./_stcore/agent/openapi.json" />', ""),
        ("</head>", f"<script>{OWN_SCRIPT}</script></head>"),
    ):
        page = page.replace(original, ours)
    return _without_noscript(page)


def _without_noscript(page: str) -> str:
    before, _, rest = page.partition("<noscript>")
    return f"{before}<noscript><p>本系统需要启用 JavaScript。</p></noscript>{rest.partition('</noscript>')[2]}"


def _icon() -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(ICON.read_bytes()).decode()}"


@cache
def not_found_page() -> str:
    return _standing_alone("not_found.html")


def incident_page(number: str) -> str:
    return _standing_alone("incident.html", number=number)


def _standing_alone(name: str, **places: str) -> str:
    """A page without Streamlit, which says what stands in the file of this name."""
    said = _template(name).substitute(places).rstrip()
    return _template("standing_alone.html").substitute(title=html.escape(settings().title), icon=_icon(), said=said)


def _template(name: str) -> Template:
    return Template((Path(__file__).parent / name).read_text(encoding="utf-8"))
