"""What the rows of old systems may say: our fields, how old systems head them, and how their cells are read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from db.legacy import LegacyKind
from services import claim_form, identity, legacy_cells, registration
from services.errors import N_, InvalidField, LeftOut
from services.spreadsheet_cells import Value, halfwidth
from services.spreadsheets import Column, Vocabulary

MOST_ROWS_ABOVE = 20
NO_WORDS = Vocabulary({}, {})


class LegacyField(StrEnum):
    """Its code is the column of `LegacyRow` that its value goes to."""

    NAME = "name"
    ID_NUMBER = "id_number"
    BIRTH_YEAR = "birth_year"
    EMPLOYER = "employer"
    YEAR = "year"
    NUMBER = "number"
    CATEGORY = "category"
    TITLE = "title"
    HOURS = "hours"
    GENERAL = "general"
    PROFESSIONAL = "professional"
    ELECTIVE = "elective"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"
    APPROVED_ON = "approved_on"
    RESULT = "result"


class Field(NamedTuple):
    """Its title, what reads its cells, how old systems head it besides, and for which files it is needed."""

    title: str
    read: Callable[[str, Value], object]
    headed: Sequence[str]
    needed_for: frozenset[LegacyKind] = frozenset()


ALL = frozenset(LegacyKind)
CERTIFICATES, RECORDS = frozenset({LegacyKind.CERTIFICATE}), frozenset({LegacyKind.RECORD})
CATEGORY_HOURS = (LegacyField.GENERAL, LegacyField.PROFESSIONAL, LegacyField.ELECTIVE)

FIELDS: Mapping[LegacyField, Field] = {
    LegacyField.NAME: Field(registration.NAME, legacy_cells.name, ("人员姓名", "学员姓名", "XM"), ALL),
    LegacyField.ID_NUMBER: Field(
        identity.ID_NUMBER,
        lambda _, value: legacy_cells.id_number(value),
        ("身份证", "身份证号", "身份证号码", "证件号", "公民身份号码", "居民身份证号码", "SFZH"),
    ),
    LegacyField.BIRTH_YEAR: Field(N_("出生年份"), legacy_cells.birth_year, ("出生日期", "出生年月", "出生年", "CSRQ")),
    LegacyField.EMPLOYER: Field(
        N_("工作单位"), legacy_cells.short_text, ("单位", "单位名称", "所在单位", "单位全称", "GZDW", "DWMC")
    ),
    LegacyField.YEAR: Field(
        claim_form.YEAR, legacy_cells.year, ("年份", "学年", "继续教育年度", "所属年度", "ND"), ALL
    ),
    LegacyField.NUMBER: Field(
        N_("证书编号"), legacy_cells.code, ("证书号", "证书号码", "编号", "记录编号", "ZSBH"), CERTIFICATES
    ),
    LegacyField.CATEGORY: Field(
        claim_form.CATEGORY, legacy_cells.category, ("类别", "科目", "科目类别", "科目类型", "课程类别", "LB"), RECORDS
    ),
    LegacyField.TITLE: Field(
        claim_form.TITLE, legacy_cells.long_text, ("课程名称", "培训名称", "学习内容", "项目名称", "培训内容", "KCMC")
    ),
    LegacyField.HOURS: Field(
        N_("学时"),
        legacy_cells.hours,
        ("学时数", "总学时", "合计", "合计学时", "学时合计", "课时", "获得学时", "XS"),
        RECORDS,
    ),
    LegacyField.GENERAL: Field(N_("公需科目学时"), legacy_cells.hours, ("公需", "公需学时", "公需课学时", "公需科目")),
    LegacyField.PROFESSIONAL: Field(
        N_("专业科目学时"), legacy_cells.hours, ("专业", "专业学时", "专业课学时", "专业科目")
    ),
    LegacyField.ELECTIVE: Field(N_("选修科目学时"), legacy_cells.hours, ("选修", "选修学时", "选修课学时", "选修科目")),
    LegacyField.STARTS_ON: Field(N_("开始日期"), legacy_cells.day, ("开始时间", "培训开始时间", "起始日期", "KSRQ")),
    LegacyField.ENDS_ON: Field(N_("结束日期"), legacy_cells.day, ("结束时间", "培训结束时间", "截止日期", "JSRQ")),
    LegacyField.APPROVED_ON: Field(
        N_("审核日期"), legacy_cells.day, ("审核时间", "审批日期", "审批时间", "发证日期", "打印日期", "SHRQ")
    ),
    LegacyField.RESULT: Field(
        N_("审核结果"), legacy_cells.short_text, ("状态", "结论", "审核状态", "验证结果", "是否合格", "ZT")
    ),
}
# What makes no sense in the other kind of file.
_ONLY_IN = dict.fromkeys(CATEGORY_HOURS, LegacyKind.CERTIFICATE) | {LegacyField.CATEGORY: LegacyKind.RECORD}

Places = Mapping[LegacyField, int]


class Unmapped(LeftOut):
    """Fields that a file of this kind must have."""

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(labels, N_("请指定文件中对应的列。"))


class NoHours(InvalidField):
    """Raised for a file of certificates of which no column tells hours."""

    def __init__(self) -> None:
        super().__init__(FIELDS[LegacyField.HOURS].title, N_("请至少指定一列学时：合计或各科目学时。"))


class ColumnTwice(InvalidField):
    """Raised when one column is to be read as two fields."""

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__("、".join(labels), N_("指定了文件中的同一列，请分别指定。"))


def of_kind(kind: LegacyKind) -> Sequence[LegacyField]:
    return [field for field in FIELDS if _ONLY_IN.get(field, kind) is kind]


def columns(kind: LegacyKind) -> Sequence[Column]:
    """As `spreadsheets.understood` wants them."""
    return [
        Column(FIELDS[field].title, partial(FIELDS[field].read, FIELDS[field].title), kind in FIELDS[field].needed_for)
        for field in of_kind(kind)
    ]


BY_TITLE = {field.title: code for code, field in FIELDS.items()}


def header_word(value: Value) -> str:
    """A header without what is added to it in brackets, blanks and marks."""
    return halfwidth(value).partition("(")[0].replace(" ", "").strip("*:").upper()


def find_header(rows: Sequence[Sequence[Value]]) -> int:
    """Which of the first rows heads the columns: the one with most headers that are known, a title may stand above."""
    known = {word for field in LegacyField for word in _words(field)}
    scores = [len({header_word(value) for value in row} & known) for row in rows]
    return scores.index(max(scores)) if scores and max(scores) > 1 else 0


def _words(field: LegacyField) -> Iterable[str]:
    return map(header_word, (FIELDS[field].title, *FIELDS[field].headed))


def proposed(header: Sequence[str], kind: LegacyKind, kept: Mapping[str, str]) -> dict[LegacyField, int]:
    """For each field the column that is probably it: as it was mapped the last time, else by its header."""
    words = [header_word(title) for title in header]
    places: dict[LegacyField, int] = {}
    for field in of_kind(kind):
        wanted = [header_word(kept[field])] if kept.get(field) else list(_words(field))
        found = next((words.index(word) for word in wanted if word and word in words), None)
        if found is not None and found not in places.values():
            places[field] = found
    return places


def guess_kind(header: Sequence[str]) -> LegacyKind:
    """Certificates have a number, and hours of all categories in one row."""
    found = proposed(header, LegacyKind.CERTIFICATE, {})
    category = LegacyField.CATEGORY in proposed(header, LegacyKind.RECORD, {})
    return LegacyKind.CERTIFICATE if LegacyField.NUMBER in found and not category else LegacyKind.RECORD


def refuse_incomplete(kind: LegacyKind, places: Places) -> None:
    """Raises Unmapped, NoHours, ColumnTwice."""
    missing = [
        FIELDS[field].title for field in of_kind(kind) if kind in FIELDS[field].needed_for and field not in places
    ]
    if missing:
        raise Unmapped(missing)
    if not {LegacyField.HOURS, *CATEGORY_HOURS} & set(places):
        raise NoHours
    twice = [field for field, place in places.items() if list(places.values()).count(place) > 1]
    if twice:
        raise ColumnTwice([FIELDS[field].title for field in twice])
