"""A virus scanner's every answer, and its silence."""

import socket
import threading
from collections.abc import Iterator

import pytest

from db.settings import settings
from services.evidence_files import check
from services.file_refusals import ScannerUnavailable, VirusFound
from tests import hostile_files as hostile

pytestmark = pytest.mark.no_database


class FakeScanner(threading.Thread):
    """Reads INSTREAM as clamd does; without a reply of its own it looks for the harmless test virus."""

    def __init__(self, reply: bytes | None) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.reply = reply
        self.seen = b""

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.listener.getsockname()[1]}"

    def run(self) -> None:
        connection, _ = self.listener.accept()
        with self.listener, connection, connection.makefile("rb") as stream:
            if stream.read(10) != b"zINSTREAM\0":
                return
            while size := int.from_bytes(stream.read(4), "big"):
                self.seen += stream.read(size)
            found = b"stream: Eicar-Test-Signature FOUND\0" if hostile.EICAR in self.seen else b"stream: OK\0"
            connection.sendall(found if self.reply is None else self.reply)


@pytest.fixture(autouse=True)
def _fresh_settings() -> Iterator[None]:
    yield
    settings.cache_clear()


def start(monkeypatch: pytest.MonkeyPatch, reply: bytes | None = None) -> FakeScanner:
    scanner = FakeScanner(reply)
    scanner.start()
    use(monkeypatch, scanner.address)
    return scanner


def use(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("HOURBOOK_CLAMD", address)
    settings.cache_clear()


def test_the_scanner_reads_the_file_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    scanner = start(monkeypatch)
    content = hostile.pdf(pages=200)
    assert check("证书.pdf", content).original == content
    scanner.join(5)
    assert scanner.seen == content


def test_a_known_virus_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    start(monkeypatch)
    with pytest.raises(VirusFound):
        check("证书.pdf", hostile.pdf() + hostile.EICAR)


@pytest.mark.parametrize(
    "reply",
    [b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK ERROR\0", b"", b"\0", b"stream: OKAY\0", b"OK\0"],
)
def test_anything_but_a_clear_yes_is_refused(monkeypatch: pytest.MonkeyPatch, reply: bytes) -> None:
    start(monkeypatch, reply)
    with pytest.raises(ScannerUnavailable):
        check("证书.pdf", hostile.pdf())


def test_a_scanner_that_is_down_lets_nothing_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    use(monkeypatch, f"127.0.0.1:{port}")
    with pytest.raises(ScannerUnavailable):
        check("证书.pdf", hostile.pdf())


@pytest.mark.parametrize("address", ["localhost:port", "localhost:99999", "localhost", "[::1"])
def test_an_address_that_is_none_lets_nothing_in(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    use(monkeypatch, address)
    with pytest.raises(ScannerUnavailable):
        check("证书.pdf", hostile.pdf())
