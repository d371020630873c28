"""The fields that only some types of activity ask for."""

from collections.abc import Mapping
from enum import StrEnum

from db.activity_rules import ActivityRule, AuthorRank, DetailField, Level, PatentKind, Prize, ProjectRole
from services import fields
from services.errors import N_, InvalidField

NAMES: dict[DetailField, str] = {
    DetailField.PUBLISHER: N_("期刊或出版社"),
    DetailField.SUBJECT: N_("考试、专业或课程名称"),
    DetailField.NUMBER: N_("项目编号"),
    DetailField.LEVEL: N_("级别"),
    DetailField.RANK: N_("本人排名"),
    DetailField.PATENT_KIND: N_("专利种类"),
    DetailField.PROJECT_ROLE: N_("项目角色"),
    DetailField.PRIZE: N_("奖励等级"),
    DetailField.ITEMS: N_("项数"),
    DetailField.CHARACTERS: N_("字数"),
}
CHOICES: dict[DetailField, type[StrEnum]] = {
    DetailField.LEVEL: Level,
    DetailField.RANK: AuthorRank,
    DetailField.PATENT_KIND: PatentKind,
    DetailField.PROJECT_ROLE: ProjectRole,
    DetailField.PRIZE: Prize,
}
MOST = {DetailField.ITEMS: 100, DetailField.CHARACTERS: 10_000_000}


def asked(rule: ActivityRule | None) -> list[DetailField]:
    """In the order of the form."""
    return [field for field in DetailField if rule is not None and field in rule.asks]


def named(rule: ActivityRule | None, details: Mapping[str, str]) -> dict[str, str]:
    """The answers by the labels of their fields, so that what is missing can be named; see `fields.refuse_blanks`."""
    return {NAMES[field]: details.get(field, "") for field in asked(rule)}


def checked(rule: ActivityRule | None, details: Mapping[str, str]) -> dict[str, str]:
    """The answers to what the rule asks, and no others. Raises LeftOut or InvalidField."""
    fields.refuse_blanks(named(rule, details))
    return {field: _checked(field, details[field]) for field in asked(rule)}


def _checked(field: DetailField, answer: str) -> str:
    if field in CHOICES:
        if answer not in list(CHOICES[field]):
            raise InvalidField(NAMES[field], N_("请从列表中选择。"))
        return answer
    if field in MOST:
        return _number(field, answer)
    return fields.required_text(NAMES[field], answer)


def _number(field: DetailField, answer: str) -> str:
    text = answer.strip()
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(MOST[field])) else 0
    if not 0 < number <= MOST[field]:
        raise InvalidField(NAMES[field], N_("请填写 1 至 %(most)s 之间的整数。"), most=MOST[field])
    return str(number)
