"""Which figures of a table stay away, so that nothing can be told of a group of few people.

A table with its totals says of every line that its figures add up, so leaving out the small ones is not enough: in each
line somebody else's figure goes with them, of a group that is large enough. What is left out is then safe from all
sums: as lines that cross, those that are left out lie on a circle, and no figure is a bridge that the others hang on.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from services.pivots import TOTAL, Place

FEWEST = 5
_ROW, _COLUMN, _ALL = "row", "column", ""
Line = tuple[str, str]


def left_out(people: Mapping[Place, int], *, columns: bool) -> set[Place]:
    """The places whose figures stay away, of a table that has columns or only a total in each row."""
    table = _Table(people, columns=columns)
    while (exposed := table.exposed()) is not None:
        table.hidden.add(exposed)
    return table.hidden


class _Table:
    def __init__(self, people: Mapping[Place, int], *, columns: bool) -> None:
        self.people = people
        self.hidden = {place for place, count in people.items() if count < FEWEST}
        self._columns = columns
        self._lines: dict[Line, list[Place]] = defaultdict(list)
        for place in people:
            for line in self._lines_of(place):
                self._lines[line].append(place)

    def _lines_of(self, place: Place) -> Iterable[Line]:
        row, column = place
        return ((_ROW, row), (_COLUMN, column)) if self._columns else ((_COLUMN, column),)

    def exposed(self) -> Place | None:
        """What must go as well, such as closes a circle or is small; None when nothing can be told any more."""
        for lines in self._weak():
            shown = {place for line in lines for place in self._lines[line]} - self.hidden
            if shown:
                return min(shown, key=self._loss)
        return None

    def _loss(self, place: Place) -> tuple[int, int, Place]:
        whole = sum(self.hidden.isdisjoint(self._lines[line]) for line in self._lines_of(place))
        return whole, self.people[place], place

    def _weak(self) -> Iterator[Iterable[Line]]:
        for line, places in self._lines.items():
            away = [place for place in places if place in self.hidden]
            if away and max(self.people[place] for place in away) < FEWEST and not self._total_of(line) & set(away):
                yield (line,)
        for place in self._bridges():
            yield self._lines_of(place)

    def _total_of(self, line: Line) -> set[Place]:
        kind, key = line
        return {(key, TOTAL)} if kind == _ROW else {(TOTAL, key)}

    def _bridges(self) -> list[Place]:
        """Those that could be worked out: each joins two lines that nothing else joins."""
        joined: dict[Line, list[tuple[Line, Place]]] = defaultdict(list)
        for place in sorted(self.hidden):
            *first, second = self._lines_of(place)
            other = first[0] if first else (_ALL, _ALL)
            joined[second].append((other, place))
            joined[other].append((second, place))
        found: list[Place] = []
        reached: dict[Line, int] = {}
        for line in joined:
            if line not in reached:
                _walk(line, None, joined, reached, found)
        return found


def _walk(
    line: Line,
    came_by: Place | None,
    joined: Mapping[Line, list[tuple[Line, Place]]],
    reached: dict[Line, int],
    found: list[Place],
) -> int:
    """The earliest line that one can come back to from here without going back the way one came."""
    own = earliest = reached[line] = len(reached)
    for other, place in joined[line]:
        if place == came_by:
            continue
        if other in reached:
            earliest = min(earliest, reached[other])
        else:
            back = _walk(other, place, joined, reached, found)
            earliest = min(earliest, back)
            if back > own:
                found.append(place)
    return earliest
