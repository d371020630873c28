"""The headers that every response carries."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders

from db.settings import settings

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
OWN_SCRIPT = (Path(__file__).parent / "refocus.js").read_text(encoding="utf-8")
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
YEAR = 31_536_000


@cache
def content_security_policy() -> str:
    """Nothing from elsewhere, and no inline script but those of Streamlit's own index page and the one put there."""
    inline = [*_INLINE_SCRIPT.findall(INDEX.read_text(encoding="utf-8")), OWN_SCRIPT]
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in inline)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'wasm-unsafe-eval' {hashes}".rstrip(),
            "style-src 'self' 'unsafe-inline'",  # Streamlit's styles are made in the browser
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def add_security_headers(headers: MutableHeaders) -> None:
    """A response may be stricter with itself, as downloads are; what it says already stays."""
    headers.setdefault("Content-Security-Policy", content_security_policy())
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if settings().secure_cookies:
        headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
        _secure_cookies(headers)


def _secure_cookies(headers: MutableHeaders) -> None:
    """Streamlit does not know of the TLS in front of it and sets its own cookie without."""
    cookies = headers.getlist("set-cookie")
    del headers["set-cookie"]
    for cookie in cookies:
        headers.append("set-cookie", cookie if "; secure" in cookie.lower() else f"{cookie}; Secure")
