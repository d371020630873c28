"""Where a request comes from: the client's address, and the site whose page sent it."""

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from db.settings import settings

LOOPBACK = "127.0.0.1"


def client_address(scope: Scope) -> str:
    """The peer's address; what X-Forwarded-For says counts only as far as it was written by a proxy of ours."""
    hops = [hop.strip() for hop in Headers(scope=scope).get("x-forwarded-for", "").split(",") if hop.strip()]
    address = _peer(scope)
    while hops and address in settings().trusted_proxies:
        address = hops.pop()
    return address[:45]


def _peer(scope: Scope) -> str:
    """uvicorn has already believed X-Forwarded-For of a peer on this machine; such a peer is known by the address it
    came in at, which is a loopback address for nobody else."""
    server, client = scope.get("server"), scope.get("client")
    if server and _is_loopback(server[0]):
        return LOOPBACK
    return str(client[0]) if client else ""


def may_come_in(scope: Scope) -> bool:
    """A captcha with a known answer is for visitors who reach this server at a loopback address."""
    server = scope.get("server")
    return not settings().test_captcha or bool(server and _is_loopback(server[0]))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def same_site(headers: Headers, *, required: bool) -> bool:
    """Whether the sending page is one of ours. Browsers name the page's origin with every WebSocket and every write.

    Compared here because Streamlit would look its own public address up on the internet for a foreign one.
    """
    origin = headers.get("origin")
    if origin is None:
        return not required
    sender, ours = urlsplit(origin), urlsplit(settings().public_url)
    if settings().secure_cookies and sender.scheme != ours.scheme:
        return False  # whoever sits between can write pages that come without TLS
    return sender.netloc in {headers.get("host", ""), ours.netloc}
