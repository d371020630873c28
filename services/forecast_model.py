"""Who will have met the year at its end, learned from how earlier years went on from the same day: pure arithmetic.

Somebody stands in a band: the share of all required hours that he has reached, in tenths, no surplus counting for
another category. How many of a band met the year in the end gives its probability: smoothed by coarser bands, and
rising from band to band, so that more hours never mean less. Employers differ. The log odds of everybody at one are
shifted by what its own earlier years show, as far as earlier years say that such differences last; the rest of the
differences between employers and years widens the interval.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp, floor, log, sqrt
from statistics import NormalDist

NOTHING, MET = 0, 11
BANDS = range(MET + 1)
LEAST_LEARNED = 20  # people; of fewer nothing is learned
COVERED = 0.8
_REACH = NormalDist().inv_cdf((1 + COVERED) / 2)


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


def moments(staff: Staff, probabilities: Sequence[float]) -> tuple[float, float]:
    """Of how many will meet the year, each for himself: the mean and the variance."""
    expected = sum(each.people * probabilities[number] for number, each in staff.items())
    variance = sum(each.people * probabilities[number] * (1 - probabilities[number]) for number, each in staff.items())
    return expected, variance


def outlook(model: Model, employer: int, staff: Staff) -> Outlook:
    shift = model.shift(employer)
    probabilities = model.probabilities(shift.value)
    people = {number: each.people for number, each in staff.items()}
    expected, sway = moments(staff, probabilities)
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
