"""Processes to be killed, forked from one that has imported everything: hundreds of them begin in moments."""

import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import TypeVar

from db import session
from db.settings import settings
from services.commands import main

Argument = TypeVar("Argument")
PATIENCE = 600  # seconds; a busy machine may need some
_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload([__name__, "tests.faults.workload"])


def start(
    work: Callable[[Argument], None], argument: Argument, environment: Mapping[str, str], output: Path
) -> ForkServerProcess:
    """Works with the settings of this environment; what it prints is in the file `output`."""
    process = _forking.Process(target=_begin, args=(work, argument, dict(environment), output), daemon=True)
    process.start()
    return process


def command(arguments: Sequence[str]) -> None:
    """As `python -m services` does it."""
    os.dup2(1, 2)
    sys.exit(main(list(arguments)))


def _begin(work: Callable[[Argument], None], argument: Argument, environment: dict[str, str], output: Path) -> None:
    os.environ.update(environment)
    os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 1)
    settings.cache_clear()
    session.bind(session.make_engine(settings().database_url))
    work(argument)
