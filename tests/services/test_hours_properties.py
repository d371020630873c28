"""The arithmetic of hours, whatever the hours are: searched for counter-examples."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.claims import ActivityType, Category, ClaimSource, ClaimStatus
from services import explanation, rules
from services.explanation import ClaimedHours, Verdict
from services.rules import NONE

pytestmark = pytest.mark.no_database

tenths = st.integers(1, 9999).map(lambda number: Decimal(number) / 10)
required = st.fixed_dictionaries(
    {category: st.integers(0, 9999).map(lambda n: Decimal(n) / 10) for category in Category}
)
KIND = (ActivityType.LECTURE, ClaimSource.PERSON, "设计院")


@st.composite
def claims(draw: st.DrawFn) -> ClaimedHours:
    claimed, status = draw(tenths), draw(st.sampled_from(ClaimStatus))
    awarded = Decimal(draw(st.integers(1, int(claimed * 10)))) / 10
    counts = status in {ClaimStatus.APPROVED, ClaimStatus.REVOKED}
    day = date(2026, 3, 1)
    decided = datetime(2026, draw(st.integers(5, 7)), 1, tzinfo=UTC)
    category = draw(st.sampled_from(Category))
    said = (1, 2026, category, status, "讲座", day, day, claimed, awarded if counts else None)
    return ClaimedHours(*said, None, "", decided, "设计院", "", "440104", *KIND)


def numbered(claimed: list[ClaimedHours]) -> list[ClaimedHours]:
    return [replace(each, claim_id=number) for number, each in enumerate(claimed, start=2)]


records = st.lists(claims(), max_size=12).map(numbered)


def totals(claimed: list[ClaimedHours]) -> dict[Category, Decimal]:
    return {category: explanation.approved(claimed, category) for category in Category}


@given(records, claims())
def test_an_approved_hour_never_lowers_a_total(claimed: list[ClaimedHours], more: ClaimedHours) -> None:
    before, after = totals(claimed), totals([*claimed, more])
    assert all(after[category] >= before[category] for category in Category)
    if more.status is ClaimStatus.APPROVED:
        assert after[more.category] > before[more.category]


@given(records, claims())
def test_categories_do_not_mix(claimed: list[ClaimedHours], more: ClaimedHours) -> None:
    before, after = totals(claimed), totals([*claimed, more])
    assert all(after[other] == before[other] for other in Category if other is not more.category)


@given(records, st.randoms())
def test_the_order_of_the_records_does_not_matter(claimed: list[ClaimedHours], dice: object) -> None:
    shuffled = list(claimed)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis's own dice
    assert totals(shuffled) == totals(claimed)


@given(required, records)
def test_what_is_missing_and_what_is_met_say_the_same(
    asked: dict[Category, Decimal], claimed: list[ClaimedHours]
) -> None:
    lines = rules.standings(asked, totals(claimed))
    assert all(line.met == (line.missing == NONE) for line in lines)
    assert all(line.earned + line.missing >= line.required for line in lines)
    assert rules.all_met(lines) == (not any(line.missing for line in lines))


@given(required, records)
def test_no_surplus_makes_up_for_another_category(asked: dict[Category, Decimal], claimed: list[ClaimedHours]) -> None:
    earned = totals(claimed)
    for category in Category:
        alone = rules.standings(asked, {category: earned[category]})
        together = rules.standings(asked, earned)
        position = list(Category).index(category)
        assert alone[position] == together[position]


@given(records)
def test_every_claimed_hour_is_explained_exactly_once(claimed: list[ClaimedHours]) -> None:
    """Where the figures are up to date, each hour counts, was refused, or is still on its way."""
    official = rules.standings(dict.fromkeys(Category, NONE), totals(claimed))
    for record in explanation.explain(claimed, official):
        under_way = record.verdict in explanation.WAITING | explanation.UNSENT
        waiting = record.of.hours_claimed if under_way else NONE
        assert record.counted + record.refused + waiting == record.of.hours_claimed
        assert record.verdict is not Verdict.COUNTS_SOON
    counted = explanation.explain(claimed, official)
    assert sum((each.counted for each in counted), NONE) == sum(totals(claimed).values(), NONE)


@given(records, st.integers(0, 12))
def test_what_counts_adds_up_to_the_official_figures_wherever_the_last_run_stood(
    claimed: list[ClaimedHours], known: int
) -> None:
    """The figures are those of the records that were decided first, the last run may have seen any number of them."""
    decided = sorted(claimed, key=lambda each: (each.decided_at, each.claim_id))
    official = rules.standings(dict.fromkeys(Category, NONE), totals(decided[:known]))
    explained = explanation.explain(claimed, official)
    for line in official:
        assert sum((each.counted for each in explained if each.of.category is line.category), NONE) == line.earned
    seen = {each.claim_id for each in decided[:known] if each.status is ClaimStatus.APPROVED}
    assert {each.of.claim_id for each in explained if each.verdict is Verdict.COUNTS} == seen


@pytest.mark.parametrize(
    ("earned", "met"),
    [("30", True), ("29.9", False), ("29.5", False), ("30.1", True), ("0", False)],
)
def test_a_requirement_is_met_from_exactly_its_hours_on(earned: str, met: bool) -> None:
    (line, *_) = rules.standings(dict.fromkeys(Category, Decimal(30)), {Category.GENERAL: Decimal(earned)})
    assert line.met is met
