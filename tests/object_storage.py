"""An object storage that speaks the protocol of S3, in this process and on the loopback address."""

import logging
import urllib.request
from functools import cache

from moto.server import ThreadedMotoServer
from obstore.store import S3Store

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "invented", "AWS_SECRET_ACCESS_KEY": "invented too", "AWS_REGION": "us-east-1"}


@cache
def endpoint() -> str:
    """Starts it. Its threads end with the process."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    return f"http://{host}:{port}"


def make_bucket(name: str) -> S3Store:
    """The bucket as another program sees it."""
    with urllib.request.urlopen(urllib.request.Request(f"{endpoint()}/{name}", method="PUT")):  # noqa: S310  # loopback
        return S3Store(name, config={"endpoint": endpoint()}, client_options={"allow_http": True})


def environment(place: str) -> dict[str, str]:
    """What an installation is set to; `place` is a bucket and a folder in it."""
    return {**CREDENTIALS, "HOURBOOK_STORAGE_URL": f"s3://{place}", "HOURBOOK_STORAGE_ENDPOINT": endpoint()}
