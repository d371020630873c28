"""A world, a process at work on it that is killed at a random moment, and what must be left of it."""

import json
import signal
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import select

from db import reading, session, transaction
from db.certificates import Certificate
from db.claims import Category, ClaimStatus, ClaimStep
from db.enrolments import EnrolmentStep
from services import statistics, storage
from services.permissions import SYSTEM
from tests import certificates, classes, factories
from tests.faults import children, invariants, workload
from tests.faults.workload import Fact

PEOPLE, CLAIMS_EACH, SEATS = 12, 4, 5
LONGEST_LIFE = 2.0  # seconds that a process goes on at most when it has stored something
POLL = 0.01  # seconds
TABLES = (ClaimStep, EnrolmentStep, Certificate)


@dataclass
class Summary:
    """Of all kills so far; `unsaid` had been stored by a process that died before it could say so.

    `acknowledged` counts by table, `examined` what was there to be looked at when there was most of it.
    """

    kills: int = 0
    acknowledged: Counter[str] = field(default_factory=Counter)
    unsaid: int = 0
    examined: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def look(self, name: str, found: Iterable[str] = ()) -> None:
        """At what is left of the database of this moment, after what else was `found`."""
        self.examined |= invariants.count()
        self.faults += [f"{name}: {fault}" for fault in (*found, *invariants.broken())]


def build_world() -> None:
    """Two employers with reviewers and claims, a class with fewer seats than people, and years that are complete."""
    with transaction() as opened:
        provider = classes.create_provider(opened)
        for _ in range(2):
            employer = factories.create_employer(opened)
            factories.create_reviewer(opened, employer)
            for _ in range(PEOPLE // 2):
                person = factories.create_person(opened, employer=employer)
                certificates.approve(opened, person, certificates.FULL)
                for _ in range(CLAIMS_EACH):
                    claim = factories.create_claim(
                        opened, person, status=ClaimStatus.SUBMITTED, category=Category.GENERAL, year=2025
                    )
                    evidence = factories.create_evidence(opened, claim)
                    evidence.sha256 = evidence.original_sha256 = storage.put(f"evidence of {claim.id}".encode())
        for _ in range(2):
            classes.create_class(opened, provider, capacity=SEATS)
    statistics.recompute(transaction, SYSTEM)


def kill_once(seed: int, summary: Summary) -> None:
    """Starts the work, kills it with signal 9 after a random while, and looks at what is left."""
    before = invariants.count(TABLES)
    facts = _work_and_die(seed)
    summary.kills += 1
    said = Counter(fact["table"] for fact in facts)
    summary.acknowledged += said
    summary.unsaid += sum((invariants.count(TABLES) - before - said).values())
    summary.look(f"kill {seed}", lost(facts))


def _work_and_die(seed: int) -> list[Fact]:
    url = session.engine.url.render_as_string(hide_password=False)
    with TemporaryDirectory() as folder:
        said = Path(folder) / "said"
        process = children.start(workload.work_on, seed, {"HOURBOOK_DATABASE_URL": url}, said)
        _wait_for_something(said)
        time.sleep(Random(seed).uniform(0, LONGEST_LIFE))
        process.kill()
        process.join(children.PATIENCE)
        assert process.exitcode == -signal.SIGKILL, f"the work ended by itself with {process.exitcode}"
        return [json.loads(line) for line in said.read_text().splitlines()]


def _wait_for_something(said: Path) -> None:
    end = time.monotonic() + children.PATIENCE
    while not (said.exists() and said.stat().st_size):
        assert time.monotonic() < end, "the work does not begin"
        time.sleep(POLL)


def lost(facts: Iterable[Fact]) -> Iterator[str]:
    """What was acknowledged and is not there, or not as it was said."""
    with reading() as opened:
        there: dict[str, dict[int, str]] = {
            ClaimStep.__tablename__: {step.id: step.to_status for step in opened.scalars(select(ClaimStep))},
            EnrolmentStep.__tablename__: {step.id: step.to_status for step in opened.scalars(select(EnrolmentStep))},
            Certificate.__tablename__: {each.id: each.pdf_sha256 for each in opened.scalars(select(Certificate))},
        }
    for fact in facts:
        if there[fact["table"]].get(fact["id"]) != fact["said"]:
            yield f"acknowledged and lost: {fact}"
