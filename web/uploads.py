"""Who may send files to Streamlit's upload address, and how much."""

import threading
import time
from collections import deque
from http import HTTPStatus

from starlette.requests import Request
from streamlit.runtime import get_instance

from services.permissions import Actor, Permission
from web.cookies import session_cookie

UPLOAD_PREFIX = "/_stcore/upload_file/"
# Evidence may have 5, a workbook 8, and what lies between is refused with our own sentence.
USUAL_MEGABYTES = 10
QUOTA_BYTES = 200 * 1024 * 1024
QUOTA_SECONDS = 3600

_lock = threading.Lock()
_sent: dict[int, deque[tuple[float, int]]] = {}


def refusal(request: Request, actor: Actor | None) -> HTTPStatus | None:
    """Why this upload is not taken, or None. Streamlit itself would take any bytes from anybody."""
    if actor is None or not _of_this_browser(request):
        return HTTPStatus.FORBIDDEN
    if request.method != "PUT":
        return None
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or "transfer-encoding" in request.headers:  # the server would go by the latter
        return HTTPStatus.LENGTH_REQUIRED
    if Permission.LEGACY_IMPORT not in actor.permissions and int(length) > USUAL_MEGABYTES * 1024 * 1024:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return None if _within_quota(actor.account_id or 0, int(length)) else HTTPStatus.TOO_MANY_REQUESTS


def _of_this_browser(request: Request) -> bool:
    """The Streamlit session named in the address must have been opened with the cookie that this request carries."""
    streamlit_session = request.url.path.removeprefix(UPLOAD_PREFIX).split("/")[0]
    client = get_instance().get_client(streamlit_session)
    handshake = client.client_context if client else None
    name = session_cookie()
    return handshake is not None and handshake.cookies.get(name) == request.cookies.get(name)


def _within_quota(account_id: int, size: int) -> bool:
    now = time.monotonic()
    with _lock:
        sent = _sent.setdefault(account_id, deque())
        while sent and sent[0][0] < now - QUOTA_SECONDS:
            sent.popleft()
        if sum(bytes_sent for _, bytes_sent in sent) + size > QUOTA_BYTES:
            return False
        sent.append((now, size))
        return True
