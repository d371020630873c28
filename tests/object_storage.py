"""An object storage that speaks the protocol of S3, in this process and on the loopback address."""

import logging
import threading
import time
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from obstore.store import S3Store
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "invented", "AWS_SECRET_ACCESS_KEY": "invented too", "AWS_REGION": "us-east-1"}


@dataclass
class Troubled:
    """A WSGI application that is slow (in seconds per request) or full on demand."""

    inner: WSGIApplication = field(default_factory=lambda: DomainDispatcherApplication(create_backend_app))
    delay: float = 0
    full: bool = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        time.sleep(self.delay)
        if self.full and environ["REQUEST_METHOD"] in ("PUT", "POST"):
            return Response("<Error><Code>XMinioStorageFull</Code></Error>", 507)(environ, start_response)
        return self.inner(environ, start_response)


trouble = Troubled()


@cache
def endpoint() -> str:
    """Starts it. Its threads end with the process."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, trouble, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def make_bucket(name: str) -> S3Store:
    """The bucket as another program sees it."""
    with urllib.request.urlopen(urllib.request.Request(f"{endpoint()}/{name}", method="PUT")):  # noqa: S310  # loopback
        return S3Store(name, config={"endpoint": endpoint()}, client_options={"allow_http": True})


def environment(place: str) -> dict[str, str]:
    """What an installation is set to; `place` is a bucket and a folder in it."""
    return {**CREDENTIALS, "HOURBOOK_STORAGE_URL": f"s3://{place}", "HOURBOOK_STORAGE_ENDPOINT": endpoint()}
