"""How the rows of an installation differ from the first of their table, as expressions of the number n of the row."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from services.clock import today
from tests import factories

CLAIMS_EACH, YEARS = 12, 3
LARGEST, LARGEST_PROVIDER, PROVINCE, QUIET = 1, 2, "440000", "441882"
# One of so many works for the largest employer; so many to another, to a class, to an open one, to a provider.
LARGEST_OF, STAFF, IN_CLASS, OPEN_OF, PROVIDER_OF = 20, 50, 200, 1000, 5000
# Class 1 is open and the largest employer has applied for it; 2 to 4 are those it sat in, one a year.
LARGE_CLASSES = 1 + YEARS
GIVEN = "一鸣修远明轩子谦思文博梓涵欣然浩宇睿哲清和安宁书航雨桐若溪景行知微怀瑾望舒"
NAME = (
    f"substr('{factories.SURNAMES}', 1 + n % {len(factories.SURNAMES)}, 1)"
    f" || substr('{GIVEN}', 1 + n / 10 % {len(GIVEN)}, 1) || substr('{GIVEN}', 1 + n / 400 % {len(GIVEN)}, 1)"
)
DIALECTS: Mapping[str, Mapping[str, str]] = {
    "sqlite": {
        "day": "printf('%d-%02d-%02d', {}, {}, {})",
        "moment": "printf('%d-%02d-%02d %02d:%02d:00.000000', {}, {}, {}, {}, {})",
        "digest": "printf('%064x', {})",
    },
    "postgresql": {
        "day": "make_date(CAST({} AS int), CAST({} AS int), {})",
        "moment": "make_timestamptz(CAST({} AS int), CAST({} AS int), {}, CAST({} AS int), CAST({} AS int), 0, 'UTC')",
        "digest": "lpad(to_hex({}), 64, '0')",
    },
}
Columns = Mapping[str, str]


class Rows(NamedTuple):
    """So many of a table; each of the facts may use n and the facts before it, the columns all of them."""

    last: int
    columns: Columns
    facts: Columns = MappingProxyType({})


class Sizes:
    """How many of everything there are with so many people, and whose is what."""

    def __init__(self, people: int, kind: str) -> None:
        self.people = people
        self.providers, self.employers = max(2, people // PROVIDER_OF), max(3, people // STAFF)
        self.classes, self.open_classes = max(2, people // IN_CLASS), 50 + people // OPEN_OF
        self._say = DIALECTS[kind]

    @property
    def first_employer(self) -> int:
        """The number of the first after the largest one and the providers; the last one has its county for itself."""
        return LARGEST_PROVIDER + self.providers

    @property
    def last_class(self) -> int:
        return LARGE_CLASSES + YEARS * self.classes + self.open_classes

    def digest(self, number: str) -> str:
        return self._say["digest"].format(number)

    def _moment(self, year: str, month: str, day: int) -> str:
        return self._say["moment"].format(year, month, day, "n % 24", "n / 24 % 60")

    def _employer(self, person: str) -> str:
        others = f"{self.first_employer} + {person} % {self.employers}"
        return f"CASE WHEN {person} % {LARGEST_OF} = 0 THEN {LARGEST} ELSE {others} END"

    @property
    def tables(self) -> Mapping[str, Rows]:
        """In the order in which they are filled."""
        largest = self.people // LARGEST_OF
        return {
            "account": Rows(self.people, {"username": "'reader' || n", "display_name": NAME}),
            "account_grant": Rows(self.people, {"account_id": "n"}),
            "person": Rows(
                self.people, {"account_id": "n", "name": NAME, "id_number_digest": self.digest("n"), "email": "''"}
            ),
            "binding": self._bindings(self.people + self.people // 10),
            "course_class": self._classes(),
            "class_session": self._sessions(),
            "enrolment": self._enrolments(YEARS * self.people + largest),
            "claim": self._claims(),
            "certificate": self._certificates(),
        }

    def _certificates(self) -> Rows:
        unique = {"number": "'N' || n", "code": "'C' || n", "pdf_sha256": self.digest("n")}
        return Rows(self.people, {"person_id": "n", "year": f"{today().year - 1}", **unique})

    def _bindings(self, last: int) -> Rows:
        """One of ten has worked elsewhere before, every fourth of them for the largest employer."""
        past = f"n > {self.people}"
        before = f"CASE WHEN n % 4 = 0 THEN {LARGEST} ELSE {self.first_employer} + n % {self.employers} END"
        facts = {"p": f"CASE WHEN {past} THEN (n - {self.people}) * 10 ELSE n END"}
        columns = {
            "person_id": "p",
            "organisation_id": f"CASE WHEN {past} THEN {before} ELSE {self._employer('p')} END",
            "status": f"CASE WHEN {past} THEN 'ended' ELSE 'active' END",
            "ended_on": f"CASE WHEN {past} THEN pattern.started_on END",
            "end_reason": f"CASE WHEN {past} THEN 'left' END",
        }
        return Rows(last, columns, facts)

    def _class_facts(self, number: str) -> Columns:
        """`ago` is how many years, and 0 for an open class like the first."""
        ordinary = f"({number} - {LARGE_CLASSES + 1}) / {self.classes}"
        ended = f"({number} BETWEEN 2 AND {LARGE_CLASSES + YEARS * self.classes})"
        return {
            "ended": f"CASE WHEN {ended} THEN 1 ELSE 0 END",
            "ago": f"CASE WHEN {number} <= {LARGE_CLASSES} THEN {number} - 2 ELSE {ordinary} END",
            "learned": f"{today().year} - ago",
            "begins_on": self._say["day"].format("learned", f"1 + {number} % 9", 5),
        }

    def _classes(self) -> Rows:
        largest = f"n <= {LARGE_CLASSES}"
        some = f"{LARGEST_PROVIDER} + n % {self.providers}"
        columns = {
            "provider_id": f"CASE WHEN {largest} OR n % 10 = 0 THEN {LARGEST_PROVIDER} ELSE {some} END",
            "code": "'K' || n",
            "name": "'城市桥梁检测与加固技术研修班第' || n || '期'",
            "year": f"CASE ended WHEN 1 THEN learned ELSE {today().year} END",
            "status": "CASE ended WHEN 1 THEN 'completed' ELSE 'open' END",
            "capacity": f"CASE WHEN {largest} THEN {max(self.people, 300)} ELSE 300 END",
            "start_on": "CASE ended WHEN 1 THEN begins_on ELSE pattern.start_on END",
            "end_on": "CASE ended WHEN 1 THEN begins_on ELSE pattern.end_on END",
            "completed_at": "CASE ended WHEN 1 THEN pattern.published_at END",
        }
        return Rows(self.last_class, columns, self._class_facts("n"))

    def _sessions(self) -> Rows:
        facts = {"c": "(n - 1) / 2 + 1", **self._class_facts("c")}
        times = {"begins": "CASE n % 2 WHEN 1 THEN pattern.begins ELSE pattern.ends END", "ends": NIGHT}
        held_on = "CASE ended WHEN 1 THEN begins_on ELSE pattern.held_on END"
        return Rows(2 * self.last_class, {"class_id": "c", "held_on": held_on, **times}, facts)

    def _enrolments(self, last: int) -> Rows:
        applied = f"n > {YEARS * self.people}"
        facts = {
            "p": f"CASE WHEN {applied} THEN (n - {YEARS * self.people}) * {LARGEST_OF} ELSE (n - 1) / {YEARS} + 1 END",
            "ago": f"(n - 1) % {YEARS}",
            "is_over": f"CASE WHEN {applied} THEN 0 ELSE 1 END",
            "at": self._moment(f"{today().year} - ago", "1 + n % 9", 1),
        }
        own = f"{LARGE_CLASSES + 1} + ago * {self.classes} + p % {self.classes}"
        columns = {
            "class_id": f"CASE WHEN is_over = 0 THEN 1 WHEN p % {LARGEST_OF} = 0 THEN 2 + ago ELSE {own} END",
            "person_id": "p",
            "employer_id": self._employer("p"),
            "status": "CASE is_over WHEN 1 THEN 'completed' ELSE 'applied' END",
            "applied_at": "at",
            "decided_at": "CASE is_over WHEN 1 THEN at END",
            "posted_at": "CASE is_over WHEN 1 THEN at END",
            "hours_awarded": "CASE is_over WHEN 1 THEN 120 END",
        }
        return Rows(last, columns, facts)

    def _claims(self) -> Rows:
        """Four a year: of a class, from the employer and two by oneself, of which the last of this year may wait."""
        waits = "CASE WHEN lot < 3 THEN 'submitted' WHEN lot = 3 THEN 'endorsed' WHEN lot = 4 THEN 'returned'"
        waits += " WHEN lot = 5 THEN 'draft' WHEN lot = 6 THEN 'rejected' ELSE 'approved' END"
        facts = {
            "p": f"(n - 1) / {CLAIMS_EACH} + 1",
            "k": f"(n - 1) % {CLAIMS_EACH}",
            "lot": f"p / {LARGEST_OF} % 50",
            "learned": f"{today().year} - k / 4",
            "month": "1 + (n + p) % 9",
            "state": f"CASE WHEN k = 3 THEN {waits} WHEN k = 7 AND lot = 6 THEN 'revoked' ELSE 'approved' END",
            "started": self._say["day"].format("learned", "month", 5),
            "sent": f"CASE WHEN state <> 'draft' THEN {self._moment('learned', 'month + 1', 10)} END",
            "counts": "CASE WHEN state IN ('approved', 'revoked') THEN 1 ELSE 0 END",
            "tenths": "80 + p % 23 * 10",
            "endorsed": f"CASE WHEN lot % 10 = 3 AND (counts = 1 OR state = 'endorsed') THEN "
            f"{self._moment('learned', 'month + 1', 15)} END",
            "decided": f"CASE WHEN state NOT IN ('draft', 'submitted') THEN "
            f"{self._moment('learned', 'month + 1', 20)} END",
        }
        return Rows(CLAIMS_EACH * self.people, CLAIM | {"employer_id": self._employer("p")}, facts)


NIGHT = "CASE n % 2 WHEN 1 THEN pattern.ends ELSE '18:00:00.000000' END"
CLAIM: dict[str, str] = {
    "person_id": "p",
    "year": "learned",
    "category": "CASE k % 3 WHEN 0 THEN 'general' WHEN 1 THEN 'professional' ELSE 'elective' END",
    "activity_type": "CASE WHEN k % 4 < 2 THEN 'training' WHEN p % 2 = 0 THEN 'paper' ELSE 'lecture' END",
    "title": "'城市桥梁检测与加固技术' || (p % 500)",
    "start_on": "started",
    "end_on": "started",
    "certificate_number": "CASE WHEN k % 4 = 0 THEN '' ELSE 'ZS' || n END",
    "certificate_key": "CASE WHEN k % 4 = 0 THEN NULL ELSE 'ZS' || n END",
    "enrolment_id": f"CASE WHEN k % 4 = 0 THEN (p - 1) * {YEARS} + k / 4 + 1 END",
    "source": "CASE k % 4 WHEN 0 THEN 'class' WHEN 1 THEN 'employer' ELSE 'person' END",
    "status": "state",
    "second_level": "lot % 10 = 3",
    "hours_claimed": "tenths",
    "hours_endorsed": "CASE WHEN endorsed IS NOT NULL THEN tenths END",
    "hours_awarded": "CASE counts WHEN 1 THEN tenths END",
    "attested_at": "sent",
    "submitted_at": "sent",
    "queued_at": "sent",
    "endorsed_at": "endorsed",
    "decided_at": "decided",
}
