"""People made for each boundary: what the statistics, the explanation, the certificate and its verification say.

One row for each: what happened to somebody in 2026, in order, and what is true afterwards. Hours are written in the
order general/professional/elective, of which 30/42/18 are asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import pytest

from db import reading, transaction
from db.certificates import Certificate, CertificateStatus
from db.claims import Category, ClaimStatus
from db.people import TitleSeries
from services import (
    certificates,
    clock,
    rules,
    standing,
    verification,
)
from services.certificates import NotYetMet
from services.permissions import Actor
from tests import factories
from tests.services.boundary_stories import (
    ELECTIVE,
    GENERAL,
    PROFESSIONAL,
    YEAR,
    Somebody,
    Step,
    approved,
    case_falls,
    certificate_revoked,
    changes_employer,
    claimed,
    class_corrected,
    class_posted,
    counted,
    earlier,
    exempted,
    exemption_revoked,
    forfeited,
    given_back,
    joined_in_june,
    leaves,
    now_a_teacher,
    printed,
    revoked,
    rule_becomes,
)
from tests.services.claim_forms import TODAY


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


FULL, COUNT, PRINT, MET = approved("30/42/18"), counted, printed, "30/42/18"
COUNTED, SENT, DRAFT = ClaimStatus.APPROVED, ClaimStatus.SUBMITTED, ClaimStatus.DRAFT
STANDS, HOURS_GONE, NEW_NEEDED = "issued", "revoked: hours_taken_back", "superseded: hours_taken_back"
TEACHING = TitleSeries.TEACHING


class Row(NamedTuple):
    """`story` is what happened, `official` what the statistics say then, and `live` what is approved, if that differs.

    `explained` counts the records by what they count for; `first` is what the first certificate has become.
    """

    story: tuple[Step, ...]
    official: str
    explained: str
    prints: bool = False
    first: str = ""
    live: str = ""


PEOPLE: dict[str, Row] = {
    # Nothing is printed yet.
    "nothing at all": Row((COUNT,), "0/0/0", ""),
    "exactly met": Row((FULL, COUNT), MET, "3 counts", prints=True),
    "met after the last run": Row((COUNT, FULL), "0/0/0", "3 counts_soon", live=MET),
    "met before the first run": Row((FULL,), "0/0/0", "3 counts_soon", live=MET),
    "half an hour short in one": Row((approved("29.5/42/18"), COUNT), "29.5/42/18", "3 counts"),
    "a tenth short in the last": Row((approved("30/42/17.9"), COUNT), "30/42/17.9", "3 counts"),
    "one short, enough in total": Row((approved("80/41.5/80"), COUNT), "80/41.5/80", "3 counts"),
    "one category missing": Row((approved("60/60/0"), COUNT), "60/60/0", "2 counts"),
    "twice what is asked for": Row((approved("60/84/36"), COUNT), "60/84/36", "3 counts", prints=True),
    "half an hour less awarded than claimed": Row(
        (approved("0/42/18"), claimed("30", COUNTED, awarded="29.5"), COUNT), "29.5/42/18", "3 counts"
    ),
    "the half hour comes after the run": Row(
        (earlier(approved("29.5/42/18"), COUNT), claimed("1", COUNTED)),
        *("29.5/42/18", "3 counts, 1 counts_soon"),
        live="30.5/42/18",
    ),
    "waiting for the employer": Row(
        (approved("0/42/18"), claimed("30", SENT), COUNT), "0/42/18", "2 counts, 1 with_employer"
    ),
    "waiting for the supervisor": Row(
        (approved("0/42/18"), claimed("30", ClaimStatus.ENDORSED), COUNT), "0/42/18", "2 counts, 1 with_supervisor"
    ),
    "not sent": Row((approved("0/42/18"), claimed("30", DRAFT), COUNT), "0/42/18", "2 counts, 1 unsent"),
    "returned": Row(
        (approved("0/42/18"), claimed("30", ClaimStatus.RETURNED), COUNT), "0/42/18", "2 counts, 1 returned"
    ),
    "rejected": Row(
        (approved("0/42/18"), claimed("30", ClaimStatus.REJECTED), COUNT), "0/42/18", "2 counts, 1 rejected"
    ),
    "revoked before printing": Row((FULL, COUNT, revoked(GENERAL)), "0/42/18", "2 counts, 1 revoked"),
    "joined in June": Row((joined_in_june, FULL, COUNT), MET, "3 counts", prints=True),
    "changed the employer in June": Row(
        (approved("30/0/0"), changes_employer, approved("0/42/18"), COUNT), MET, "3 counts", prints=True
    ),
    "left and works nowhere": Row((FULL, COUNT, leaves), MET, "3 counts", prints=True),
    "a class brings the last hours": Row((approved("30/34/18"), class_posted, COUNT), MET, "4 counts", prints=True),
    "that class is corrected": Row(
        (approved("30/34/18"), class_posted, class_corrected, COUNT), "30/38/18", "4 counts, 1 revoked"
    ),
    "more is asked for": Row((FULL, COUNT, rule_becomes("30/48/18")), MET, "3 counts"),
    "less is asked for": Row(
        (approved("30/40/18"), COUNT, rule_becomes("30/40/18")), "30/40/18", "3 counts", prints=True
    ),
    "more is asked of teachers": Row((FULL, COUNT, rule_becomes("60/42/18", TEACHING)), MET, "3 counts", prints=True),
    "he becomes one of them": Row((FULL, COUNT, rule_becomes("60/42/18", TEACHING), now_a_teacher), MET, "3 counts"),
    "exempted from exactly what is missing": Row(
        (approved("0/21/18"), COUNT, exempted("1000/21/0")), "0/21/18", "2 counts", prints=True
    ),
    "exempted from half an hour less": Row((approved("30/21/18"), COUNT, exempted("0/20.5/0")), "30/21/18", "3 counts"),
    "exempted from everything": Row((COUNT, exempted("1000/1000/1000")), "0/0/0", "", prints=True),
    "more is asked for than he was exempted from": Row(
        (approved("30/0/18"), COUNT, exempted("0/42/0"), rule_becomes("30/48/18")), "30/0/18", "2 counts"
    ),
    "more is asked of somebody who was exempted from all of it": Row(
        (approved("30/0/18"), COUNT, exempted("0/1000/0"), rule_becomes("30/48/18")), "30/0/18", "2 counts", prints=True
    ),
    # A certificate was printed.
    "printed": Row((FULL, COUNT, PRINT), MET, "3 counts", prints=True, first=STANDS),
    "printed again after a run": Row((FULL, COUNT, PRINT, COUNT, PRINT), MET, "3 counts", prints=True, first=STANDS),
    "more hours since": Row(
        (FULL, COUNT, PRINT, claimed("8", COUNTED), COUNT), "38/42/18", "4 counts", prints=True, first=STANDS
    ),
    "revoked since": Row(
        (FULL, COUNT, PRINT, revoked(PROFESSIONAL)), "30/0/18", "2 counts, 1 revoked", first=HOURS_GONE
    ),
    "revoked since, still enough": Row(
        (FULL, claimed("8", COUNTED, ELECTIVE), COUNT, PRINT, revoked(ELECTIVE)),
        *(MET, "3 counts, 1 revoked"),
        prints=True,
        first=NEW_NEEDED,
    ),
    "revoked since, given back": Row(
        (FULL, COUNT, PRINT, revoked(GENERAL), given_back(GENERAL)), MET, "3 counts", prints=True, first=HOURS_GONE
    ),
    "the rule has changed since": Row(
        (FULL, COUNT, PRINT, rule_becomes("30/48/18"), COUNT), MET, "3 counts", prints=True, first=STANDS
    ),
    "a new employer since": Row((FULL, COUNT, PRINT, changes_employer), MET, "3 counts", prints=True, first=STANDS),
    "the class is corrected since": Row(
        (approved("30/34/18"), class_posted, COUNT, PRINT, class_corrected),
        *("30/38/18", "4 counts, 1 revoked"),
        first=HOURS_GONE,
    ),
    "forfeited by a dishonesty case": Row(
        (FULL, COUNT, PRINT, forfeited(GENERAL)), "0/42/18", "2 counts, 1 revoked", first=HOURS_GONE
    ),
    "the case falls": Row(
        (FULL, COUNT, PRINT, forfeited(GENERAL), case_falls), MET, "3 counts", prints=True, first=HOURS_GONE
    ),
    "the exemption is revoked since": Row(
        (approved("30/21/18"), COUNT, exempted("0/21/0"), PRINT, exemption_revoked),
        *("30/21/18", "3 counts"),
        first="revoked: exemption_revoked",
    ),
    "it is revoked, by now without need": Row(
        (approved("0/42/18"), COUNT, exempted("30/0/0"), PRINT, approved("30/0/0"), COUNT, exemption_revoked),
        *(MET, "3 counts"),
        prints=True,
        first="superseded: exemption_revoked",
    ),
    "an exemption that nothing rested on is revoked": Row(
        (FULL, COUNT, PRINT, exempted("0/21/0"), exemption_revoked), MET, "3 counts", prints=True, first=STANDS
    ),
    "the certificate itself is revoked": Row(
        (FULL, COUNT, PRINT, certificate_revoked), MET, "3 counts", prints=True, first="revoked: wrong_content"
    ),
    "and printed anew": Row(
        (FULL, COUNT, PRINT, certificate_revoked, PRINT), MET, "3 counts", prints=True, first="revoked: wrong_content"
    ),
}


@pytest.fixture
def somebody() -> Somebody:
    with transaction() as session:
        employer = factories.create_employer(session)
        person = factories.create_person(session, name="林知夏", employer=employer)
        supervisors = [factories.actor_of(session, factories.create_supervisor(session)) for _ in range(2)]
        topmost = factories.actor_of(session, factories.create_supervisor(session, "440000"))
    return Somebody(person, employer, supervisors, topmost)


def written(hours: dict[Category, Decimal]) -> str:
    return "/".join(rules.plain(hours[category]) for category in Category)


@pytest.mark.parametrize("name", PEOPLE)
def test_what_is_said_of_somebody_at_a_boundary(somebody: Somebody, name: str) -> None:
    row, owner = PEOPLE[name], somebody.owner
    for step in row.story:
        step(somebody)
    with reading() as session:
        found = standing.overview(session, owner)
    official = found.years[YEAR].official
    assert written({line.category: line.earned for line in official}) == row.official
    assert written({category: live.earned for category, live in found.live[YEAR].items()}) == (row.live or row.official)
    verdicts = Counter(record.verdict for record in found.records[YEAR])
    assert ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())) == row.explained
    assert what_became_of(somebody.first) == row.first
    assert may_print(owner) is row.prints


def what_became_of(certificate: Certificate | None) -> str:
    """As anybody who verifies it is told."""
    if certificate is None:
        return ""
    with transaction() as session:
        found = verification.verify(session, certificate.code, address="10.0.0.1")
    assert all(line.met for line in found.hours)
    return f"{found.status}: {found.reason}" if found.reason else f"{found.status}"


def may_print(owner: Actor) -> bool:
    """And if so, gets one that stands, alone among those of the year."""
    try:
        with transaction() as session:
            printed_now = certificates.obtain(session, owner, YEAR)
    except NotYetMet:
        return False
    with reading() as session:
        standing_ones = [each for each in certificates.list_mine(session, owner) if each.status == STANDS]
    assert [each.id for each in standing_ones] == [printed_now.id]
    with transaction() as session:
        assert verification.verify(session, printed_now.code, address="10.0.0.1").status is CertificateStatus.ISSUED
    return True
