"""What a certificate says: the frozen input of the printed page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of one category, with one decimal place; what was exempted from is not required any more."""

    required: Decimal
    earned: Decimal
    exempted: Decimal = Decimal(0)

    @property
    def met(self) -> bool:
        return self.earned >= self.required

    @staticmethod
    def of_all(categories: Iterable[Hours]) -> Hours:
        """The sum, which says nothing of whether each is met."""
        required, earned = zip(*((each.required, each.earned) for each in categories), strict=True)
        return Hours(sum(required, Decimal(0)), sum(earned, Decimal(0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Without an issuer the page is a specimen of the pilot and says so in three places."""

    number: str
    code: str
    year: int
    name: str
    id_number_masked: str
    employer: str
    general: Hours
    professional: Hours
    elective: Hours
    issued_on: date
    verify_url: str
    issuer: str | None = None
    division: str | None = None
    note: str = ""

    @property
    def total(self) -> Hours:
        return Hours.of_all((self.general, self.professional, self.elective))

    @property
    def met(self) -> bool:
        """Every category by itself: a surplus never moves to another."""
        return self.general.met and self.professional.met and self.elective.met

    @property
    def text(self) -> str:
        """Everything on the page that comes from data."""
        known = (self.number, self.code, self.name, self.id_number_masked, self.employer, self.verify_url, self.note)
        return "".join((*known, self.issuer or "", self.division or ""))
