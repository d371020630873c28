"""Who will have met the year at its end, learned from how earlier years went on from the same day: pure arithmetic.

Somebody stands in a band: the share of all required hours that he has reached, in tenths, no surplus counting for
another category. How many of a band met the year in the end gives its probability: smoothed by coarser bands, and
rising from band to band, so that more hours never mean less. Employers differ. The log odds of everybody at one are
shifted by what its own earlier years show, as far as earlier years say that such differences last; the rest of the
differences between employers and years widens the interval.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from math import ceil, exp, floor, log, sqrt
from statistics import NormalDist

NOTHING, ALMOST, MET = 0, 10, 11
BANDS = range(MET + 1)
COARSE = (range(1), range(1, 4), range(4, 8), range(8, 11))
# As many people as the prior of a band weighs.
PRIOR = 10
# Of those who have met the year, before anybody was seen to lose hours again.
KEPT = 0.98
LEAST_LEARNED = 20  # people; of fewer nothing is learned
# How much of the differences between employers is taken to last, before employers were seen in several years.
LASTING = 0.5
# The variance of what a year does to everybody, before several years were seen; it weighs as much as one of them.
COMMON = 0.1
COVERED = 0.8
_REACH = NormalDist().inv_cdf((1 + COVERED) / 2)
_STEPS, _LONGEST_STEP = 25, 1.0


@dataclass(frozen=True, slots=True)
class Counted:
    """People of one band, and how many of them have met the year at its end (none, as long as it goes on)."""

    people: int
    met: int = 0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(self.people + other.people, self.met + other.met)


# Of one employer in one year, by band.
Staff = Mapping[int, Counted]
# Of one year, by the number of the employer.
Year = Mapping[int, Staff]


@dataclass(frozen=True, slots=True)
class Band:
    """`variance` is how uncertain the probability itself is, having come from so many people (`weight`)."""

    learned: Counted
    probability: float
    weight: int

    @property
    def variance(self) -> float:
        return self.probability * (1 - self.probability) / (self.weight + 1)


@dataclass(frozen=True, slots=True)
class Shift:
    """Of the log odds at one employer, and how uncertain it is."""

    value: float
    variance: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Variances of the log odds: between employers for good, and from year to year, of which `common` hits all."""

    lasting: float
    yearly: float
    common: float


@dataclass(frozen=True, slots=True)
class Model:
    bands: Sequence[Band]
    base_rate: float
    spread: Spread
    shifts: Mapping[int, Shift]
    years: int

    @property
    def people(self) -> int:
        return sum(band.learned.people for band in self.bands)

    def shift(self, employer: int) -> Shift:
        return self.shifts.get(employer, Shift(0.0, self.spread.lasting))

    def probabilities(self, shift: float) -> list[float]:
        return [shifted(band.probability, shift) for band in self.bands]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of the staff of one employer. Whoever is in a band up to `risky_up_to` is at risk.

    `variance` is of the staff alone. What is not known about the bands (`doubt`, a standard deviation) and what a year
    has in common for all (by the `sway`) is shared by employers, and adds up in a sum over them.
    """

    staff: int
    met: int
    expected: float
    low: int
    high: int
    at_risk: int
    risky_up_to: int
    shift: float
    variance: float
    doubt: float
    sway: float


@dataclass(frozen=True, slots=True)
class Score:
    """What became of a staff: how many met the year, and the squared errors of the forecast and of the base rate."""

    actual: int
    error: float
    naive_error: float


def band(reached: int, asked: int, *, met: bool) -> int:
    """Of so many tenths of an hour; nothing is asked of whoever is exempted from everything."""
    if met:
        return MET
    return 1 + reached * 10 // asked if reached else NOTHING


def shifted(probability: float, shift: float) -> float:
    return 1 / (1 + exp(-_log_odds(probability) - shift))


def _log_odds(probability: float) -> float:
    return log(probability / (1 - probability))


def learn(years: Sequence[Year]) -> Model | None:
    """From finished years; None when they saw too few people."""
    pooled = [_sum(staff.get(each) for year in years for staff in year.values()) for each in BANDS]
    everybody = _sum(pooled)
    if everybody.people < LEAST_LEARNED:
        return None
    bands = _bands(pooled)
    histories: dict[int, dict[int, Staff]] = defaultdict(dict)
    for number, year in enumerate(years):
        for employer, staff in year.items():
            histories[employer][number] = staff
    seen = sum(any(year.values()) for year in years)
    spread = _spread([_excesses(history, bands) for history in histories.values()], seen)
    shifts = {employer: _shift(list(history.values()), bands, spread) for employer, history in histories.items()}
    return Model(bands, everybody.met / everybody.people, spread, shifts, seen)


def _sum(counted: Iterable[Counted | None]) -> Counted:
    return sum((each for each in counted if each), Counted(0))


def _bands(pooled: Sequence[Counted]) -> list[Band]:
    """A prior weighs no more than the people it comes from."""
    begun = _sum(pooled[:MET]).people
    weights = [min(each.people + PRIOR, begun) for each in pooled[:MET]] + [pooled[MET].people + PRIOR]
    return [Band(*parts) for parts in zip(pooled, _probabilities(pooled), weights, strict=True)]


def _probabilities(pooled: Sequence[Counted]) -> list[float]:
    begun = _sum(pooled[:MET])
    overall = (begun.met + 1) / (begun.people + 2)
    smoothed = []
    for coarse in COARSE:
        rate = _shrunk(_sum(pooled[each] for each in coarse), overall)
        smoothed += [_shrunk(pooled[each], rate) for each in coarse]
    smoothed.append(_shrunk(pooled[MET], KEPT))
    return _rising(smoothed, [each.people + PRIOR for each in pooled])


def _shrunk(counted: Counted, prior: float) -> float:
    return (counted.met + PRIOR * prior) / (counted.people + PRIOR)


def _rising(rates: Sequence[float], weights: Sequence[int]) -> list[float]:
    """The nearest rates that never fall (pool adjacent violators)."""
    blocks: list[tuple[float, int, int]] = []
    for rate, weight in zip(rates, weights, strict=True):
        blocks.append((rate, weight, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (one, its, count), (other, others, more) = blocks.pop(-2), blocks.pop()
            blocks.append(((one * its + other * others) / (its + others), its + others, count + more))
    return [rate for rate, _weight, count in blocks for _ in range(count)]


@dataclass(frozen=True, slots=True)
class _Excess:
    """How many more met a year at one employer than expected, and how many more a shift of one would make."""

    more: float
    sway: float


def _excesses(history: Mapping[int, Staff], bands: Sequence[Band]) -> dict[int, _Excess]:
    probabilities = [each.probability for each in bands]
    return {number: _excess(staff, probabilities) for number, staff in history.items()}


def _excess(staff: Staff, probabilities: Sequence[float]) -> _Excess:
    expected, sway = _moments(staff, probabilities)
    return _Excess(sum(each.met for each in staff.values()) - expected, sway)


def _moments(staff: Staff, probabilities: Sequence[float]) -> tuple[float, float]:
    """Of how many will meet the year, each for himself: the mean and the variance."""
    expected = sum(each.people * probabilities[number] for number, each in staff.items())
    variance = sum(each.people * probabilities[number] * (1 - probabilities[number]) for number, each in staff.items())
    return expected, variance


def _spread(employers: Sequence[Mapping[int, _Excess]], years: int) -> Spread:
    """By moments: chance alone would make the excess of a year as large as its sway."""
    each = [excess for history in employers for excess in history.values()]
    total = _ratio(sum(one.more**2 - one.sway for one in each), sum(one.sway**2 for one in each))
    pairs = [pair for history in employers for pair in combinations(history.values(), 2)]
    shared = _ratio(sum(a.more * b.more for a, b in pairs), sum(a.sway * b.sway for a, b in pairs))
    lasting = (min(shared, total) * len(pairs) + total * LASTING * PRIOR) / (len(pairs) + PRIOR)
    common = (_common(employers, total) * (years - 1) + COMMON) / years
    return Spread(lasting, max(total - lasting, common), common)


def _common(employers: Sequence[Mapping[int, _Excess]], total: float) -> float:
    """What the years' own totals differ by, beyond what the employers' differences make of them; nothing for one."""
    rows = sorted((number, excess.more, excess.sway) for history in employers for number, excess in history.items())
    totals = []
    for _number, group in groupby(rows, key=lambda row: row[0]):
        found = list(group)
        by_chance = sum(sway + sway**2 * total for _, _, sway in found)
        totals.append((sum(more for _, more, _ in found), sum(sway for _, _, sway in found), by_chance))
    beyond = sum(more**2 for more, _, _ in totals) * len(totals) / max(len(totals) - 1, 1)
    excess = beyond - sum(by_chance for _, _, by_chance in totals)
    return min(_ratio(excess, sum(sway**2 for _, sway, _ in totals)), total)


def _ratio(over: float, under: float) -> float:
    return max(over, 0.0) / under if under > 0 else 0.0


def _shift(years: Sequence[Staff], bands: Sequence[Band], spread: Spread) -> Shift:
    """The most likely one: Newton's steps, a year weighing less the more years differ by themselves."""
    if not spread.lasting:
        return Shift(0.0, 0.0)
    value, information = 0.0, 1 / spread.lasting
    for _ in range(_STEPS):
        probabilities = [shifted(each.probability, value) for each in bands]
        excesses = [_excess(staff, probabilities) for staff in years]
        weights = [1 / (1 + each.sway * spread.yearly) for each in excesses]
        score = sum(weight * each.more for weight, each in zip(weights, excesses, strict=True)) - value / spread.lasting
        information = sum(w * each.sway for w, each in zip(weights, excesses, strict=True)) + 1 / spread.lasting
        step = score / information
        value += max(-_LONGEST_STEP, min(step, _LONGEST_STEP))
        if abs(step) < 1e-6:  # a difference that nobody sees
            break
    return Shift(value, 1 / information)


def outlook(model: Model, employer: int, staff: Staff) -> Outlook:
    shift = model.shift(employer)
    probabilities = model.probabilities(shift.value)
    people = {number: each.people for number, each in staff.items()}
    expected, sway = _moments(staff, probabilities)
    doubt = sqrt(sum(count**2 * model.bands[number].variance for number, count in people.items()))
    common = model.spread.common
    variance = sway + sway**2 * (shift.variance + model.spread.yearly - common)
    size = sum(people.values())
    low, high = interval(expected, shared_variance(variance, doubt, sway, common), size)
    risky = max((each for each in range(MET) if probabilities[each] < 0.5), default=-1)
    at_risk = sum(count for number, count in people.items() if number <= risky)
    risk = at_risk, risky, shift.value
    return Outlook(size, people.get(MET, 0), expected, low, high, *risk, variance, doubt, sway)


def shared_variance(variance: float, doubt: float, sway: float, common: float) -> float:
    """Of one employer, or of several whose variances, doubts and sways were added up."""
    return variance + doubt**2 + sway**2 * common


def interval(expected: float, variance: float, most: int) -> tuple[int, int]:
    """Whole numbers between which the number is in four cases of five."""
    reach = _REACH * sqrt(variance) + 0.5
    low, high = min(ceil(expected - reach), floor(expected)), max(floor(expected + reach), ceil(expected))
    return max(low, 0), min(high, most)


def score(model: Model, employer: int, staff: Staff) -> Score:
    """For a year that is over."""
    probabilities = model.probabilities(model.shift(employer).value)
    error = sum(_squared(each, probabilities[number]) for number, each in staff.items())
    naive = sum(_squared(each, model.base_rate) for each in staff.values())
    return Score(sum(each.met for each in staff.values()), error, naive)


def _squared(counted: Counted, probability: float) -> float:
    """Brier's score, times the people."""
    return counted.met * (1 - probability) ** 2 + (counted.people - counted.met) * probability**2
