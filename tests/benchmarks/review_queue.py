"""The review queue of an employer with 5,000 waiting claims: `python -m tests.benchmarks.review_queue [--postgresql]`.

Among a million claims. The limit of a page is the bare SELECT of its fifty rows and people by the index, the limit of a
decision an UPDATE of one row in a transaction of its own, both sent by the same driver in the same run.
"""

import argparse
import shutil
import time
from collections.abc import Callable
from itertools import islice
from statistics import median

from sqlalchemy import text

from db import reading, session, transaction
from db.claim_flags import FlagKind
from db.claims import ClaimStatus
from services import bulk_review, review_queue, reviewing
from services.permissions import Actor
from services.review_queue import TO_REVIEW, QueueView
from tests import factories, postgresql
from tests.benchmarks.statistics import FOLDER, prepare

PEOPLE, EMPLOYERS, DECIDED = 25_000, 20, 50
LIMIT = """
SELECT * FROM claim JOIN person ON person.id = claim.person_id
WHERE claim.employer_id = :employer AND claim.status = 'submitted' ORDER BY claim.queued_at, claim.id LIMIT 50
"""
SPREAD = "UPDATE claim SET employer_id = 1 + person_id % :employers"
WRITE = "UPDATE claim SET opinion = :said WHERE id = :claim"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=PEOPLE, help="each has 40 claims")
    asked.add_argument("--postgresql", action="store_true")
    arguments = asked.parse_args()
    prepare("postgresql" if arguments.postgresql else "sqlite", arguments.people)
    try:
        measure(open_office())
    finally:
        postgresql.stop(FOLDER)
        shutil.rmtree(FOLDER)


def open_office() -> Actor:
    """The reviewer of one of the employers that all claims are spread over."""
    with transaction() as current:
        employers = [factories.create_employer(current) for _ in range(EMPLOYERS)]
        reviewer = factories.create_reviewer(current, employers[0])
        current.execute(text(SPREAD), {"employers": EMPLOYERS})
        actor = factories.actor_of(current, reviewer)
    with session.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE" if connection.dialect.name == "postgresql" else "ANALYZE")
    return actor


def measure(actor: Actor) -> None:
    with reading() as current:
        counts = review_queue.counts(current, actor)
    print(f"{session.engine.dialect.name}: {counts[ClaimStatus.SUBMITTED]:,} of {sum(counts.values()):,} claims wait")
    limit = milliseconds(lambda: bare_page(actor))
    print(f"limit of a page: {limit:.2f} ms")
    last = nth_page(actor, 50)
    pages: dict[str, Callable[[], object]] = {
        "first page": lambda: page(actor, TO_REVIEW),
        "fiftieth page": lambda: page(actor, TO_REVIEW, after_id=last),
        "a flag that nobody has": lambda: page(actor, QueueView(flag=FlagKind.SAME_FILE)),
        "a text that nobody has": lambda: page(actor, QueueView(text="没有人写过的字")),
        "counts": lambda: count(actor),
        "the whole page with one claim open": lambda: whole_page(actor),
    }
    for name, look in pages.items():
        spent = milliseconds(look)
        print(f"{name}: {spent:.2f} ms, {spent / limit:.1f} times the limit")
    decide(actor)


def milliseconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(15):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return median(times) * 1000


def bare_page(actor: Actor) -> None:
    with reading() as current:
        current.execute(text(LIMIT), {"employer": actor.scopes[0].organisation_id}).all()


def page(actor: Actor, view: QueueView, *, after_id: int = 0) -> int:
    with reading() as current:
        rows = review_queue.queue(current, actor, view, after_id=after_id)
        return rows[-1].id if rows else 0


def nth_page(actor: Actor, number: int) -> int:
    last = 0
    for _ in range(number - 1):
        last = page(actor, TO_REVIEW, after_id=last)
    return last


def count(actor: Actor) -> None:
    with reading() as current:
        review_queue.counts(current, actor)


def whole_page(actor: Actor) -> None:
    """What pages/employer/claims.py asks."""
    with reading() as current:
        review_queue.counts(current, actor)
        queue = review_queue.queue(current, actor, TO_REVIEW)
        opened = reviewing.open_claim(current, actor, queue, view=TO_REVIEW, named=None)
        if opened.claim:
            reviewing.background(current, actor, opened.claim)


def decide(actor: Actor) -> None:
    with reading() as current:
        queue = review_queue.queue(current, actor)
        chosen = {claim.id: claim.version for claim in islice(queue, DECIDED)}
    limit = a_second(lambda: write(list(chosen)))
    speed = a_second(lambda: bulk_review.approve(transaction, actor, chosen))
    print(f"批量通过: {speed:.0f} decisions a second, limit {limit:.0f}, {limit / speed:.1f} times the limit")


def write(claims: list[int]) -> None:
    for claim in claims:
        with session.engine.begin() as connection:
            connection.execute(text(WRITE), {"said": "通过", "claim": claim})


def a_second(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return DECIDED / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
