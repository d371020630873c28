"""Asks a clamd whether a file is known to be harmful."""

import logging
import socket
from urllib.parse import urlsplit

from services.file_refusals import ScannerUnavailable, VirusFound

SECONDS = 30
CHUNK = 1 << 16
LONGEST_REPLY = 4096
CLEAN = b"stream: OK"

logger = logging.getLogger("hourbook.scanning")


def scan(address: str, content: bytes) -> None:
    """`address` is host:port. Anything but a clear yes is a refusal: raises VirusFound, ScannerUnavailable."""
    try:
        reply = _reply(address, content)
    except (OSError, ValueError) as error:
        logger.error("no answer from the virus scanner at %s: %s", address, error)
        raise ScannerUnavailable from None
    if reply.endswith(b" FOUND"):
        logger.warning("the virus scanner says %r", reply)
        raise VirusFound
    if reply != CLEAN:
        logger.error("the virus scanner at %s says %r", address, reply)
        raise ScannerUnavailable


def _reply(address: str, content: bytes) -> bytes:
    target = urlsplit(f"//{address}")
    with socket.create_connection((target.hostname, target.port), timeout=SECONDS) as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            chunk = content[start : start + CHUNK]
            connection.sendall(len(chunk).to_bytes(4, "big") + chunk)
        connection.sendall(bytes(4))
        with connection.makefile("rb") as reply:
            return reply.read(LONGEST_REPLY).rstrip(b"\0\n")
