"""The two cookies: the session of a signed-in browser, and the mark that tells browsers apart before that."""

from db.settings import settings


def session_cookie() -> str:
    return _named("hourbook")


def browser_cookie() -> str:
    return _named("hourbook-browser")


def _named(name: str) -> str:
    """Under TLS the `__Host-` prefix keeps a neighbouring host from planting the cookie."""
    return f"__Host-{name}" if settings().secure_cookies else name
