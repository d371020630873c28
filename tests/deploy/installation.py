"""A whole installation on the loopback address, as deploy/ describes it: nginx with TLS, processes, PostgreSQL, S3."""

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from db.settings import PROJECT
from tests import object_storage
from tests.browser.conftest import CAPTCHA

POSTGRESQL = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
START_SECONDS = 120
# What Debian's own nginx.conf sets besides, in a folder that is not its own.
FRAME = """
daemon off;
user root;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{}}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/client_body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/hourbook.conf;
}}
"""


def free_port() -> int:
    """Below those that the system gives to whoever connects, which may come before ours is taken."""
    while True:
        port = random.randrange(15_000, 30_000)
        if not listens(port):
            return port


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310  # our own server
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def wait_for(url: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while not answers(url):
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.1)


@dataclass
class Database:
    """Debian's PostgreSQL with a cluster of its own. It refuses to run as root, so root lends it the user postgres."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="hourbook-postgresql-")))
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def create(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres")

    def start(self) -> None:
        """With Debian's settings, so durable: what these tests kill must have stored what it acknowledged."""
        self._control("start", f"--options=-p {self.port} -h 127.0.0.1 -k ''")

    def stop(self) -> None:
        """Everybody is thrown out in the middle of what he does."""
        self._control("stop", "--mode=fast")

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "--wait", f"--log={self.folder / 'log'}", *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        assert POSTGRESQL is not None
        lent = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        command = [*lent, str(POSTGRESQL / program), f"--pgdata={self._data}", *arguments]
        subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL, timeout=60)


@dataclass
class Process:
    """`streamlit run Home.py` as hourbook@.service starts it."""

    port: int
    log: Path
    environment: dict[str, str]
    running: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.port", str(self.port)]
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                command, cwd=PROJECT, env={**os.environ, **self.environment}, stdout=log, stderr=log
            )

    def wait(self) -> None:
        wait_for(f"{self.url}/health/ready", self.log)

    def kill(self) -> None:
        """As a power failure would: nothing is told to anybody."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.running is not None:
            self.running.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.running.wait(20)
            self.running.kill()
            self.running.wait()
        self.running = None


@dataclass
class Installation:
    """Its public address, what it consists of, and what its commands are set to."""

    url: str
    processes: list[Process]
    database: Database
    environment: dict[str, str]
    folder: Path

    def another_process(self, **environment: str) -> Process:
        """One that the proxy does not know of."""
        port = free_port()
        return Process(port, self.folder / f"{port}.log", {**self.environment, **environment})

    @property
    def logs(self) -> str:
        return "\n".join(log.read_text() for log in sorted(self.folder.glob("*.log")))


@contextlib.contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    database, public = Database(), free_port()
    database.create()
    database.start()
    bucket = f"bucket-{uuid4()}"
    object_storage.make_bucket(bucket)
    environment = {
        **object_storage.environment(f"{bucket}/evidence"),
        "HOURBOOK_ENV": "test",
        "HOURBOOK_TEST_CAPTCHA": CAPTCHA,
        "HOURBOOK_DATABASE_URL": database.url,
        "HOURBOOK_DATA_DIR": str(folder / "data"),
        "HOURBOOK_PUBLIC_URL": f"https://localhost:{public}",
        "HOURBOOK_TRUSTED_PROXIES": "127.0.0.1",
    }
    installation = Installation(environment["HOURBOOK_PUBLIC_URL"], [], database, environment, folder)
    installation.processes = [installation.another_process() for _ in range(2)]
    proxy = None
    try:
        for process in installation.processes:  # at once, on an empty database: one of them migrates it
            process.start()
        for process in installation.processes:
            process.wait()
        proxy = _start_proxy(folder, public, [f"127.0.0.1:{process.port}" for process in installation.processes])
        yield installation
    finally:
        if proxy is not None:
            proxy.terminate()
            proxy.wait(20)
        for process in installation.processes:
            process.stop()
        database.stop()
        shutil.rmtree(database.folder)


def _start_proxy(folder: Path, port: int, processes: Sequence[str]) -> "subprocess.Popen[bytes]":
    """With the configuration that `python -m deploy.nginx` writes, inside the smallest frame that nginx accepts."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
         "-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    places = [f"--certificate={certificate}", f"--key={key}", f"--cache={folder / 'cache'}"]
    ports = [f"--listen=127.0.0.1:{port}", f"--plain=127.0.0.1:{free_port()}", "--name=localhost"]
    rendered = subprocess.run(
        [sys.executable, "-m", "deploy.nginx", *processes, *places, *ports],
        cwd=PROJECT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    (folder / "hourbook.conf").write_text(rendered.stdout)
    (folder / "nginx.conf").write_text(FRAME.format(folder=folder))
    assert NGINX is not None
    proxy = subprocess.Popen([NGINX, "-e", str(folder / "nginx.log"), "-c", str(folder / "nginx.conf")])
    end = time.monotonic() + START_SECONDS
    while proxy.poll() is None and not listens(port):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert proxy.poll() is None, (folder / "nginx.log").read_text()
    return proxy
