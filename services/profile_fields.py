"""What the parts of a profile say, as data: the forms, the checks and the view of before and after read these rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from db.people import TitleLevel, TitleSeries
from db.profile_changes import ProfilePart
from db.qualifications import DegreeLevel, EducationLevel
from services import fields, people
from services.clock import today
from services.errors import N_, InvalidField

Values = dict[str, Any]
EARLIEST = date(1930, 1, 1)
LATEST_EXPIRY = date(2100, 1, 1)
OUT_OF_RANGE = N_("应在 %(earliest)s 至 %(latest)s 之间。")


@dataclass(frozen=True, slots=True)
class Words:
    longest: int = fields.LONGEST_NAME

    def checked(self, label: str, given: object) -> str:
        return fields.optional_text(label, str(given or ""), self.longest)


@dataclass(frozen=True, slots=True)
class OneOf:
    codes: tuple[StrEnum, ...]

    def checked(self, label: str, given: object) -> StrEnum | None:
        chosen = next((code for code in self.codes if code == given), None)
        if given and chosen is None:
            raise InvalidField(label, N_("请从列表中选择。"))
        return chosen


@dataclass(frozen=True, slots=True)
class Day:
    """`ahead`: one that may lie in the future."""

    ahead: bool = False

    @property
    def latest(self) -> date:
        return LATEST_EXPIRY if self.ahead else today()

    def checked(self, label: str, given: object) -> date | None:
        day = _from_iso(given)
        if day is None:
            return None
        if not isinstance(day, date) or not EARLIEST <= day <= self.latest:
            raise InvalidField(label, OUT_OF_RANGE, earliest=EARLIEST, latest=self.latest)
        return day


def _from_iso(given: object) -> object:
    """A day as a change keeps it becomes one again; anything else stays what it is."""
    try:
        return date.fromisoformat(given) if isinstance(given, str) else given
    except ValueError:
        return given


@dataclass(frozen=True, slots=True)
class Year:
    def checked(self, label: str, given: object) -> int | None:
        if given is None:
            return None
        if not isinstance(given, int) or not EARLIEST.year <= given <= today().year:
            raise InvalidField(label, OUT_OF_RANGE, earliest=EARLIEST.year, latest=today().year)
        return given


@dataclass(frozen=True, slots=True)
class Tick:
    """`meaning` says what follows from it."""

    meaning: str

    def checked(self, _label: str, given: object) -> bool:
        return bool(given)


Kind = Words | OneOf | Day | Year | Tick


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is said: the column that keeps it, its label, and what may stand there."""

    column: str
    label: str
    kind: Kind = Words()
    needed: bool = True


VALID_UNTIL = N_("有效期至")
REAL_LEVELS = tuple(level for level in TitleLevel if level is not TitleLevel.NONE)

FIELDS: dict[ProfilePart, tuple[Field, ...]] = {
    ProfilePart.WORK: (
        Field("department", people.DEPARTMENT, needed=False),
        Field("position", N_("岗位（职务）"), needed=False),
        Field("practising_since", N_("从事专业技术工作起始年份"), Year(), needed=False),
        Field("honours", N_("学术技术称号"), Words(fields.LONGEST_TEXT), needed=False),
    ),
    ProfilePart.TITLE: (
        Field("series", N_("职称系列"), OneOf(tuple(TitleSeries))),
        Field("level", N_("职称级别"), OneOf(REAL_LEVELS)),
        Field("name", people.TITLE_NAME),
        Field("specialty", N_("职称专业"), needed=False),
        Field("obtained_on", N_("取得日期"), Day()),
        Field("approving_body", N_("批准机构"), needed=False),
        Field("is_current", N_("现职称"), Tick(N_("学时按现职称审核，只能有一个。")), needed=False),
    ),
    ProfilePart.DEGREE: (
        Field("school", N_("毕业院校")),
        Field("major", N_("所学专业")),
        Field("education_level", N_("学历"), OneOf(tuple(EducationLevel))),
        Field("degree_level", N_("学位"), OneOf(tuple(DegreeLevel))),
        Field("graduated_on", N_("毕业日期"), Day()),
    ),
    ProfilePart.LICENCE: (
        Field("name", N_("资格名称")),
        Field("number", N_("证书编号")),
        Field("issuing_body", N_("发证机构")),
        Field("issued_on", N_("发证日期"), Day()),
        Field("valid_until", VALID_UNTIL, Day(ahead=True), needed=False),
    ),
}


def checked(part: ProfilePart, given: Mapping[str, object]) -> Values:
    """The columns of what is valid. Raises LeftOut or InvalidField."""
    wanted = FIELDS[part]
    fields.refuse_blanks({field.label: given.get(field.column) for field in wanted if field.needed})
    values = {field.column: field.kind.checked(field.label, given.get(field.column)) for field in wanted}
    if part is ProfilePart.LICENCE:
        _refuse_expiry_before_issue(values)
    return values


def _refuse_expiry_before_issue(values: Values) -> None:
    if values["valid_until"] is not None and values["valid_until"] < values["issued_on"]:
        raise InvalidField(VALID_UNTIL, N_("不能早于发证日期。"))


def said(part: ProfilePart, row: object) -> Values:
    """What a stored row says, as a change keeps it."""
    return plain({field.column: getattr(row, field.column) for field in FIELDS[part]})


def plain(values: Values) -> Values:
    """As JSON keeps them; `checked` reads them back."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
