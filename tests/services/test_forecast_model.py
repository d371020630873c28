"""The arithmetic of forecasts: what never happens, and how often it is right in worlds whose truth is known."""

from collections.abc import Sequence
from math import isclose, sqrt
from random import Random
from statistics import fmean, pvariance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import forecast_learning, forecast_model
from services.forecast_model import BANDS, MET, Band, Counted, Model, Shift, Spread, Staff, Year

pytestmark = pytest.mark.no_database

TRUTH = (0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.995)


@st.composite
def counted(draw: st.DrawFn) -> Counted:
    people = draw(st.integers(1, 300))
    return Counted(people, draw(st.integers(0, people)))


STAFF = st.dictionaries(st.sampled_from(BANDS), counted(), max_size=len(BANDS))
YEARS = st.lists(st.dictionaries(st.integers(1, 4), STAFF, max_size=4), min_size=1, max_size=3)


def learned(years: Sequence[Year]) -> Model:
    """From these, and one that makes sure that something is learned."""
    model = forecast_learning.learn([*years, {9: {0: Counted(20, 7)}}])
    assert model is not None
    return model


@given(YEARS)
def test_every_probability_is_one_and_more_hours_never_mean_less(years: Sequence[Year]) -> None:
    model = learned(years)
    for employer in range(6):
        probabilities = model.probabilities(model.shift(employer).value)
        assert all(0 < each < 1 for each in probabilities)
        assert probabilities == sorted(probabilities)


@given(YEARS, STAFF)
def test_the_interval_holds_what_is_expected_and_nobody_is_counted_twice(years: Sequence[Year], staff: Staff) -> None:
    outlook = forecast_model.outlook(learned(years), 1, staff)
    assert outlook.staff == sum(each.people for each in staff.values())
    assert 0 <= outlook.low <= outlook.expected <= outlook.high <= outlook.staff or isclose(
        outlook.expected, outlook.staff
    )
    assert outlook.met + outlook.at_risk <= outlook.staff
    assert min(outlook.variance, outlook.doubt, outlook.sway) >= 0


@given(YEARS, STAFF)
def test_whoever_comes_further_raises_what_is_expected(years: Sequence[Year], staff: Staff) -> None:
    model = learned(years)
    further = {min(band + 1, MET): Counted(0) for band in staff}
    for band, each in staff.items():
        further[min(band + 1, MET)] += each
    before, after = (forecast_model.outlook(model, 1, each) for each in (staff, further))
    assert after.expected >= before.expected - 1e-9
    assert after.at_risk <= before.at_risk


@given(st.integers(1, 2000).flatmap(lambda asked: st.tuples(st.just(asked), st.integers(0, asked - 1))))
def test_a_band_is_a_tenth_of_what_is_asked(hours: tuple[int, int]) -> None:
    asked, reached = hours
    band = forecast_model.band(reached, asked, met=False)
    assert (band == 0) == (reached == 0)
    assert band == 0 or (band - 1) * asked <= reached * 10 < band * asked


def test_of_too_few_people_nothing_is_learned() -> None:
    assert forecast_learning.learn([]) is None
    assert forecast_learning.learn([{1: {0: Counted(forecast_model.LEAST_LEARNED - 1, 3)}}]) is None
    assert forecast_learning.learn([{1: {0: Counted(forecast_model.LEAST_LEARNED, 3)}}]) is not None


def test_a_band_that_few_were_in_is_judged_by_its_neighbours() -> None:
    model = learned([{1: {4: Counted(200, 100), 5: Counted(1, 1), 6: Counted(200, 120)}}])
    assert 0.45 < model.bands[5].probability < 0.62


def test_an_employer_keeps_its_ways_as_far_as_ways_last() -> None:
    """Two years in which some employers did better and some worse: the same ones again, or the others."""
    good, bad, usual = ({5: Counted(100, met)} for met in (80, 20, 50))
    year = {each: (good, bad, usual)[each % 3] for each in range(60)}
    other = {each: (bad, good, usual)[each % 3] for each in range(60)}
    model = learned([year, year])
    assert model.shift(0).value > 1 > 0.3 > model.shift(2).value > -0.3 > -1 > model.shift(1).value
    assert model.spread.lasting > 5 * model.spread.yearly
    model = learned([year, other])
    assert model.spread.yearly > 5 * model.spread.lasting
    assert all(abs(model.shift(each).value) < 0.1 for each in range(60))


def test_what_a_year_does_to_everybody_is_assumed_until_years_show_it() -> None:
    good, bad = ({each: {5: Counted(100, met)} for each in range(20)} for met in (70, 30))
    one, other, same = (forecast_learning.learn(years) for years in ([good], [good, bad], [good, good, good]))
    assert one is not None
    assert other is not None
    assert same is not None
    assert one.spread.common == forecast_learning.COMMON
    assert other.spread.common > 0.3
    assert same.spread.common < forecast_learning.COMMON / 2
    for model in (one, other, same):
        assert model.spread.yearly >= model.spread.common


def test_the_risk_ends_at_a_half() -> None:
    model = learned([{1: {band: Counted(500, 50 * band) for band in BANDS if band <= 10}}])
    outlook = forecast_model.outlook(model, 7, {3: Counted(4), 7: Counted(3), MET: Counted(2)})
    assert model.bands[outlook.risky_up_to].probability < 0.5 <= model.bands[outlook.risky_up_to + 1].probability
    assert (outlook.at_risk, outlook.met, outlook.staff) == (4, 2, 9)


def test_the_variance_is_that_of_a_plain_simulation() -> None:
    """Of one employer whose own ways, the bands and the year are drawn as the model says that they are uncertain."""
    bands = [Band(Counted(400, round(400 * each)), each, 410) for each in TRUTH]
    spread = Spread(lasting=0.02, yearly=0.08, common=0.03)
    model = Model(bands, 0.5, spread, {1: Shift(0.2, 0.02)}, years=2)
    staff = {2: Counted(40), 5: Counted(30), 8: Counted(60), MET: Counted(70)}
    outlook = forecast_model.outlook(model, 1, staff)
    dice = Random(7)
    sums = []
    for _ in range(4000):
        shift = 0.2 + dice.gauss(0, sqrt(0.02 + 0.08))
        total = 0
        for number, each in staff.items():
            drawn = min(max(dice.gauss(bands[number].probability, sqrt(bands[number].variance)), 0.001), 0.999)
            chance = forecast_model.shifted(drawn, shift)
            total += sum(dice.random() < chance for _ in range(each.people))
        sums.append(total)
    variance = forecast_model.shared_variance(outlook.variance, outlook.doubt, outlook.sway, 0.03)
    assert abs(fmean(sums) - outlook.expected) < 1.5
    assert 0.85 < pvariance(sums) / variance < 1.15
    inside = sum(outlook.low <= each <= outlook.high for each in sums) / len(sums)
    assert 0.78 < inside < 0.86


def world(seed: int, years: int, *, lasting: float, yearly: float) -> list[Year]:
    """Two hundred employers that differ for good and from year to year, of 20 to 200 people each."""
    dice = Random(seed)
    ways = {employer: (dice.gauss(0, lasting), dice.randint(20, 200)) for employer in range(200)}
    return [
        {each: staff(dice, size, way + dice.gauss(0, yearly)) for each, (way, size) in ways.items()}
        for _ in range(years)
    ]


def staff(dice: Random, size: int, shift: float) -> Staff:
    found: dict[int, Counted] = {}
    weights = [dice.random() ** 2 for _ in BANDS]
    for band in dice.choices(BANDS, weights, k=size):
        met = dice.random() < forecast_model.shifted(TRUTH[band], shift)
        found[band] = found.get(band, Counted(0)) + Counted(1, int(met))
    return found


@pytest.mark.parametrize(
    ("lasting", "yearly", "years"), [(0.5, 0.4, 4), (0.2, 0.2, 4), (0.8, 0.3, 4), (0.3, 0.7, 4), (0.5, 0.4, 2)]
)
@pytest.mark.parametrize("seed", [1, 2])
def test_intervals_hold_as_often_as_they_say(lasting: float, yearly: float, years: int, seed: int) -> None:
    *earlier, last = world(seed, years, lasting=lasting, yearly=yearly)
    model = learned(earlier)
    inside, errors, naive, people = 0, 0.0, 0.0, 0
    for employer, its in last.items():
        outlook, score = forecast_model.outlook(model, employer, its), forecast_model.score(model, employer, its)
        inside += outlook.low <= score.actual <= outlook.high
        errors, naive, people = errors + score.error, naive + score.naive_error, people + outlook.staff
    assert 0.72 <= inside / len(last) <= 0.88
    assert errors / people < 0.75 * naive / people
