"""The process behind `services.sandbox`: forks for every file, and each fork gives up what it could do harm with."""

import importlib
import io
import json
import os
import resource
import signal
import socket
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pikepdf
from PIL import Image

from services import drawing, export_parsing, rewriting, spreadsheet_parsing
from services.errors import DomainError

LIMITS = {
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_NOFILE: 0,  # what is open stays open, but no file or connection is opened any more
    resource.RLIMIT_NPROC: 0,
}


class Needs(NamedTuple):
    """What a task may use: bytes of memory, seconds of the processor, seconds of the clock."""

    memory: int
    cpu: int
    wall: int


GIGABYTE = 1024 * 1024 * 1024
USUAL = Needs(GIGABYTE, 10, 20)
MORE_NEEDED = {"read_export": Needs(3 * GIGABYTE, 90, 150)}
TASKS: dict[str, Callable[..., bytes]] = {
    "rewrite": rewriting.rewrite,
    "count_pages": drawing.count_pages,
    "draw": drawing.draw,
    "read_rows": spreadsheet_parsing.read_rows,
    "read_export": export_parsing.read_export,
}


def warm_up() -> None:
    """Opens what the parsers look for when they first need it, which a fork could not."""
    Image.preinit()
    # Photos of two pictures, notes in photos, the names in archives of other systems.
    for module in ("PIL.MpoImagePlugin", "PIL.TiffImagePlugin", "encodings.cp437"):
        importlib.import_module(module)
    # Encryption needs random numbers; qpdf keeps their source open.
    pikepdf.new().save(io.BytesIO(), encryption=pikepdf.Encryption(owner="", user=""))


def next_job(channel: socket.socket) -> socket.socket | None:
    """Returns in a fork with its job, and with nothing in the parent when the application has gone."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
        if not message:
            return None
        job = socket.socket(fileno=descriptors[0])
        if os.fork() == 0:
            channel.close()
            return job
        job.close()


def confine(task: str = "") -> None:
    """A signal without a handler ends the process, which is the answer that the file is unreadable."""
    needs = MORE_NEEDED.get(task, USUAL)
    limits = LIMITS | {resource.RLIMIT_AS: needs.memory, resource.RLIMIT_CPU: needs.cpu}
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))
    signal.alarm(needs.wall)


def answer(task: str, arguments: Sequence[str], content: bytes) -> bytes:
    try:
        return b"null\n" + TASKS[task](content, *arguments)
    except DomainError as refusal:
        return json.dumps([type(refusal).__name__, refusal.params]).encode() + b"\n"


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the forks
    warm_up()
    channel = socket.socket(fileno=0)
    channel.sendall(b".")  # ready
    job = next_job(channel)
    if job is not None:
        with job, job.makefile("rb") as request:
            task, *arguments = request.readline().decode().split()
            confine(task)
            job.sendall(answer(task, arguments, request.read()))


if __name__ == "__main__":
    main()
