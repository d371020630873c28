"""What earlier years teach a forecast: the probability of each band, how employers differ, and how years do.

Pure arithmetic: smoothing by coarser bands, pool adjacent violators, moments, and Newton's steps.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

from services.forecast_model import (
    BANDS,
    LEAST_LEARNED,
    MET,
    Band,
    Counted,
    Model,
    Shift,
    Spread,
    Staff,
    Year,
    moments,
    shifted,
)

COARSE = (range(1), range(1, 4), range(4, 8), range(8, 11))
# As many people as the prior of a band weighs.
PRIOR = 10
# Of those who have met the year, before anybody was seen to lose hours again.
KEPT = 0.98
# How much of the differences between employers is taken to last, before employers were seen in several years.
LASTING = 0.5
# The variance of what a year does to everybody, before several years were seen; it weighs as much as one of them.
COMMON = 0.1
_STEPS, _LONGEST_STEP = 25, 1.0


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
    expected, sway = moments(staff, probabilities)
    return _Excess(sum(each.met for each in staff.values()) - expected, sway)


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
