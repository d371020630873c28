"""Editions of the rules: which one holds, who makes the next one, and what must be in it."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import AccountStatus, Role
from db.activity_rules import ActivityRule, DetailField, Level, Unit
from db.claims import ActivityType
from db.events import pending
from services import activity_rules, claim_details, clock
from services.activity_rules import RuleForm
from services.errors import DomainError, InvalidField, PermissionDenied, WrongStatus
from services.permissions import Actor
from services.requirements import NoRequirement
from services.rulemaking import NotTopmost
from tests import factories
from tests.services.claim_forms import TODAY

PAPER = ActivityType.PAPER
FORM = RuleForm(
    from_year=2027,
    unit=Unit.ITEM,
    rate="20",
    graded_by=DetailField.LEVEL,
    grades={Level.NATIONAL: 30, Level.CITY: None},
    most_per_item=None,
    most_per_year=40,
    asks=[DetailField.PUBLISHER],
    evidence="期刊封面\n论文正文",
    basis="示范文件第1号",
)


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def supervisor(open_session: Session) -> Actor:
    return factories.actor_of(open_session, factories.create_supervisor(open_session, "440000"))


def test_every_type_of_activity_has_an_example_that_says_it_is_one(open_session: Session) -> None:
    rules = activity_rules.in_force(open_session, [2026])
    assert set(rules) == {(2026, activity) for activity in ActivityType}
    for rule in rules.values():
        assert rule.is_example
        assert "非广东省官方标准" in rule.basis
        assert rule.evidence
        assert claim_details.asked(rule) == rule.asks, "asked in the order of the form"
        assert rule.graded_by is None or rule.graded_by in rule.asks
        assert set(rule.grades) <= set(claim_details.CHOICES[rule.graded_by] if rule.graded_by else ())


def test_a_new_edition_holds_from_its_year_and_the_old_one_stays(open_session: Session, supervisor: Actor) -> None:
    rule = activity_rules.issue(open_session, supervisor, PAPER, FORM, seen=1)
    in_force = activity_rules.in_force(open_session, [2026, 2027, 2028])
    assert [in_force[year, PAPER].edition for year in (2026, 2027, 2028)] == [1, 2, 2]
    editions = [activity_rules.find(open_session, year, PAPER) for year in (2026, 2027, 2009)]
    assert [found and found.edition for found in editions] == [1, 2, None]
    assert [each.edition for each in activity_rules.history(open_session, supervisor, PAPER)] == [2, 1]
    assert (rule.rate, rule.grades, rule.asks) == (Decimal(20), {"national": "30"}, ["publisher", "level"])
    assert (rule.made_by_name, rule.is_example) == (supervisor.name, False)
    assert [event.action for event in pending(open_session)] == ["rule_issue"]


def test_an_old_edition_leads_to_the_one_that_holds(open_session: Session, supervisor: Actor) -> None:
    old = activity_rules.find(open_session, 2026, PAPER)
    assert old is not None
    new = activity_rules.issue(open_session, supervisor, PAPER, replace(FORM, from_year=2026), seen=1)
    rules = activity_rules.list_in_force(open_session, supervisor, 2026)
    opened = [activity_rules.opened(open_session, supervisor, rules, named) for named in (old.id, new.id, None, 10**6)]
    assert [rule and rule.activity_type for rule in opened] == [
        PAPER,
        PAPER,
        rules[0].activity_type,
        rules[0].activity_type,
    ]
    assert opened[0] is new


def test_of_two_editions_from_one_year_the_later_one_holds(open_session: Session, supervisor: Actor) -> None:
    activity_rules.issue(open_session, supervisor, PAPER, FORM, seen=1)
    activity_rules.issue(open_session, supervisor, PAPER, replace(FORM, rate=21), seen=2)
    activity_rules.issue(open_session, supervisor, PAPER, replace(FORM, rate=22, from_year=2026), seen=3)
    rates = activity_rules.in_force(open_session, [2026, 2027])
    assert [rates[year, PAPER].rate for year in (2026, 2027)] == [Decimal(22), Decimal(21)]


def test_an_edition_made_from_an_old_view_is_refused(open_session: Session, supervisor: Actor) -> None:
    activity_rules.issue(open_session, supervisor, PAPER, FORM, seen=1)
    with pytest.raises(WrongStatus):
        activity_rules.issue(open_session, supervisor, PAPER, FORM, seen=1)


def test_the_form_of_the_next_edition_begins_with_what_holds(open_session: Session, supervisor: Actor) -> None:
    rule = activity_rules.issue(open_session, supervisor, PAPER, FORM, seen=1)
    form = activity_rules.form_of(rule)
    again = activity_rules.issue(open_session, supervisor, PAPER, replace(form, from_year=2027, basis="x"), seen=2)
    same = ("unit", "rate", "graded_by", "grades", "most_per_item", "most_per_year", "asks", "evidence")
    assert [getattr(again, name) for name in same] == [getattr(rule, name) for name in same]


def test_the_clock_has_neither_rate_nor_grades(open_session: Session, supervisor: Actor) -> None:
    rule = activity_rules.issue(open_session, supervisor, PAPER, replace(FORM, unit=Unit.CLOCK), seen=1)
    assert (rule.rate, rule.graded_by, rule.grades, rule.asks) == (None, None, {}, ["publisher"])


def test_characters_are_asked_for_where_they_count(open_session: Session, supervisor: Actor) -> None:
    form = replace(FORM, unit=Unit.THOUSAND_CHARACTERS, graded_by=None, grades={})
    assert activity_rules.issue(open_session, supervisor, PAPER, form, seen=1).asks == ["publisher", "characters"]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"from_year": None}, InvalidField),
        ({"from_year": 2099}, NoRequirement),
        ({"rate": None}, InvalidField),
        ({"rate": 0}, InvalidField),
        ({"rate": "0.05"}, InvalidField),
        ({"most_per_year": -1}, InvalidField),
        ({"most_per_item": "x"}, InvalidField),
        ({"grades": {Level.CITY: 0}}, InvalidField),
        ({"graded_by": DetailField.CHARACTERS}, InvalidField),
        ({"basis": " "}, InvalidField),
        ({"evidence": "证" * 501}, InvalidField),
    ],
)
def test_an_edition_that_makes_no_sense_is_refused(
    open_session: Session, supervisor: Actor, change: dict[str, object], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        activity_rules.issue(open_session, supervisor, PAPER, replace(FORM, **change), seen=1)  # type: ignore[arg-type]  # that is the test
    assert open_session.scalars(select(ActivityRule.edition).where(ActivityRule.edition > 1)).all() == []


def test_only_the_topmost_supervisor_makes_rules_and_the_others_read_them(
    open_session: Session, supervisor: Actor
) -> None:
    below = factories.actor_of(open_session, factories.create_supervisor(open_session, "440100"))
    with pytest.raises(NotTopmost, match="广东省"):
        activity_rules.issue(open_session, below, PAPER, FORM, seen=1)
    assert len(activity_rules.list_in_force(open_session, below, 2026)) == len(ActivityType)
    activity_rules.issue(open_session, supervisor, PAPER, FORM, seen=1)


def test_a_suspended_supervisor_stands_above_nobody(open_session: Session) -> None:
    factories.create_supervisor(open_session, "440000").status = AccountStatus.SUSPENDED
    city = factories.actor_of(open_session, factories.create_supervisor(open_session, "440100"))
    open_session.flush()
    assert activity_rules.issue(open_session, city, PAPER, FORM, seen=1).edition == 2


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SUPERVISOR])
def test_nobody_else_reads_or_makes_rules(open_session: Session, role: Role) -> None:
    account = factories.create_account(open_session)
    if role in {Role.EMPLOYER, Role.PROVIDER}:
        factories.grant(open_session, account, role, organisation=factories.create_organisation(open_session))
    else:
        factories.grant(open_session, account, role)
    actor = factories.actor_of(open_session, account)
    with pytest.raises(PermissionDenied):
        activity_rules.issue(open_session, actor, PAPER, FORM, seen=1)
    with pytest.raises(PermissionDenied):
        activity_rules.list_in_force(open_session, actor, 2026)
    with pytest.raises(PermissionDenied):
        activity_rules.history(open_session, actor, PAPER)
