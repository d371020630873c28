"""Every command of the command line, killed at a random moment; then it is given again and must come to its end."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random

import psutil
from sqlalchemy import update

from db import transaction
from db.statistics import Lease
from services import unfinished_files
from services.clock import now
from tests.faults import children
from tests.faults.killing import Summary
from tests.faults.places import Place, has_tables, new_place, run
from tests.faults.scenarios import Scenario

A_WHILE = 2 * 86_400  # seconds


def kill_commands(kind: str, folder: Path, scenario: Scenario, seeds: Iterable[int], summary: Summary) -> None:
    """Once for every seed, each time in another place."""
    world = scenario.begins(kind, folder / f"{scenario.name}-world")
    whole = new_place(kind, folder / f"{scenario.name}-whole", world)
    scenario.arguments(whole)  # makes what the command needs
    began = time.monotonic()
    summary.faults += _finish(scenario, whole, (0,))
    takes = time.monotonic() - began
    for seed in seeds:
        name = f"{scenario.name}-{seed}"
        place = _place_of_killed(scenario, partial(new_place, kind, folder / name, world), Random(seed), takes)
        summary.kills += 1
        with place.entered():
            if has_tables():
                summary.look(f"{name}, killed")
        _let_time_pass(place)
        found = _finish(scenario, place, scenario.ends_with)
        with place.entered():
            summary.look(f"{name}, given again", [*found, *_left_over(place)])
        shutil.rmtree(place.folder)


def _place_of_killed(scenario: Scenario, new: Callable[[], Place], random: Random, takes: float) -> Place:
    """Where it was killed before its end, which may come sooner this time."""
    while True:
        place = new()
        if _kill(scenario, place, random.uniform(0, takes)):
            return place
        shutil.rmtree(place.folder)


def _kill(scenario: Scenario, place: Place, after: float) -> bool:
    """Whether it was still at work. What it had started itself lives on, and comes to its end."""
    process = children.start(children.command, scenario.arguments(place), place.environment, Path(os.devnull))
    process.join(after)
    left = _started_by(process.pid)
    process.kill()
    process.join(children.PATIENCE)
    psutil.wait_procs(left, children.PATIENCE)
    return process.exitcode == -signal.SIGKILL


def _started_by(number: int | None) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(number)
        process.suspend()  # or it could start another one meanwhile
        return process.children(recursive=True)
    return []


def _finish(scenario: Scenario, place: Place, codes: tuple[int, ...]) -> list[str]:
    """The same command to its end, and what is wrong then."""
    code, said = run(place, scenario.arguments(place))
    if code not in codes:
        return [f"ended with {code}: {said}"]
    with place.entered():
        return scenario.check(place)


def _let_time_pass(place: Place) -> None:
    """What a dead process held comes free by itself, some minutes or hours later: then it is given again."""
    for path in place.folder.rglob("*"):
        with suppress(FileNotFoundError):
            os.utime(path, (time.time() - A_WHILE,) * 2)
    with place.entered():
        if has_tables():
            with transaction() as opened:
                opened.execute(update(Lease).values(expires_at=now()))


def _left_over(place: Place) -> Iterator[str]:
    """What the killed process had not finished and nobody will; the application looks after the evidence itself."""
    for path in place.folder.rglob("*"):
        if path.name.startswith(unfinished_files.PREFIX) and place.data / "evidence" not in path.parents:
            yield f"{path.name} was left over"
