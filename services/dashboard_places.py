"""Which places there are on a dashboard, and how the figures of organisations become those of their divisions."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.organisations import Organisation, OrganisationKind
from services import dashboard_figures, divisions
from services.dashboard_figures import Tally

Values = dict[str, Any]


class Known(NamedTuple):
    """What a place needs to know of an organisation."""

    id: int
    division: str
    kind: OrganisationKind
    name: str
    merged_into_id: int | None


class Pair:
    """The figures of one place: of the year, and of the one before."""

    def __init__(self) -> None:
        self.now, self.before = Tally(), Tally()

    def take_in(self, now: Tally, before: Tally) -> None:
        self.now.take_in(now)
        self.before.take_in(before)


def organisations(session: Session) -> dict[int, Known]:
    columns = Organisation.id, Organisation.division, Organisation.kind, Organisation.name, Organisation.merged_into_id
    return {row.id: Known(*row) for row in session.execute(select(*columns))}


class Places:
    """Those of one year. What was merged counts where it went, and has no place of its own."""

    def __init__(self, organisations: dict[int, Known], year: int, *, compared: bool) -> None:
        self._organisations, self._year, self._compared = organisations, year, compared
        self._merged = {self._survivor(each.id) for each in organisations.values() if each.merged_into_id}
        self._kept: dict[int, Pair] = defaultdict(Pair)
        self._divisions: dict[str, Pair] = defaultdict(Pair)

    def _survivor(self, organisation_id: int) -> int:
        into = self._organisations[organisation_id].merged_into_id
        return organisation_id if into is None else self._survivor(into)

    def take(self, organisation_id: int, now: Tally, before: Tally) -> Iterator[Values]:
        """Add up; the place, unless something else may still become part of it."""
        survivor = self._survivor(organisation_id)
        for division in divisions.upward(self._organisations[survivor].division):
            self._divisions[division].take_in(now, before)
        if survivor in self._merged:
            self._kept[survivor].take_in(now, before)
        else:
            yield self._organisation(survivor, now, before)

    def rest(self) -> Iterator[Values]:
        """The places that only the end has made whole."""
        for survivor, pair in sorted(self._kept.items()):
            yield self._organisation(survivor, pair.now, pair.before)
        for code, pair in sorted(self._divisions.items()):
            yield self._division(code, pair.now, pair.before)

    def _organisation(self, organisation_id: int, now: Tally, before: Tally) -> Values:
        known = self._organisations[organisation_id]
        place = {"division": known.division, "parent": known.division, "name": known.name}
        return place | {"organisation_id": known.id, "kind": known.kind} | self._figures(now, before)

    def _division(self, code: str, now: Tally, before: Tally) -> Values:
        division, above = divisions.find(code), divisions.upward(code)[1:]
        place = {"division": code, "parent": above[0] if above else "", "name": division.name if division else code}
        return place | {"organisation_id": None, "kind": None} | self._figures(now, before)

    def _figures(self, now: Tally, before: Tally) -> Values:
        numbers = now.numbers
        return {
            "year": self._year,
            "figures": numbers,
            "last_year": before.numbers if self._compared else None,
            "behind_share": dashboard_figures.behind_share(numbers),
            "return_share": dashboard_figures.return_share(numbers),
        }
