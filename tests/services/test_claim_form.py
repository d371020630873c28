"""What may be claimed: hours, days, years and words that make sense."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from services import claims, clock
from services.conversion import MoreThanDaysHold
from services.errors import DomainError, InvalidField
from services.permissions import Actor
from services.requirements import NoRequirement, WindowClosed
from tests import factories
from tests.services.claim_forms import FORM, TODAY


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def professional(open_session: Session) -> Actor:
    employer = factories.create_employer(open_session)
    return factories.actor_for(open_session, factories.create_person(open_session, employer=employer))


@pytest.mark.parametrize(
    ("hours", "reason"),
    [
        (0, "大于 0"),
        (-1, "大于 0"),
        ("0.05", "一位小数"),
        (10000, "小于 1000"),
        ("NaN", "大于 0"),
        ("inf", "大于 0"),
        ("八", "数字"),
    ],
)
def test_hours_that_make_no_sense_are_refused(
    open_session: Session, professional: Actor, hours: Decimal | float | str, reason: str
) -> None:
    with pytest.raises(InvalidField, match=reason):
        claims.create(open_session, professional, replace(FORM, hours_claimed=hours))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"start_on": date(2026, 5, 13)}, InvalidField),
        ({"end_on": date(2026, 6, 16)}, InvalidField),
        ({"start_on": date(2025, 12, 31)}, InvalidField),
        ({"title": "  "}, InvalidField),
        ({"title": "培" * 101}, InvalidField),
        ({"organiser": ""}, InvalidField),
        ({"title": "培训\u202e"}, InvalidField),
        ({"hours_claimed": "16.1"}, MoreThanDaysHold),
        ({"year": 2031}, NoRequirement),
        ({"year": 1999}, NoRequirement),
        ({"year": 2025}, WindowClosed),
        ({"year": 2027}, WindowClosed),
    ],
)
def test_a_form_that_breaks_a_rule_is_refused_and_nothing_is_kept(
    open_session: Session, professional: Actor, change: dict[str, object], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        claims.create(open_session, professional, replace(FORM, **change))  # type: ignore[arg-type]  # that is the test
    assert claims.list_mine(open_session, professional) == []


def test_the_day_cap_explains_its_arithmetic(open_session: Session, professional: Actor) -> None:
    with pytest.raises(MoreThanDaysHold) as refusal:
        claims.create(open_session, professional, replace(FORM, hours_claimed=17))
    assert "2 天 × 每天最多 8 学时 = 16 学时，填写的 17 学时超出了" in str(refusal.value)


def test_two_years_are_open_until_the_end_of_april(open_session: Session, professional: Actor) -> None:
    form = replace(FORM, year=2025, start_on=date(2025, 12, 1), end_on=date(2025, 12, 2))
    with clock.at(datetime(2026, 4, 30, 15, 59, tzinfo=UTC)):
        assert claims.create(open_session, professional, form).year == 2025
    with clock.at(datetime(2026, 4, 30, 16, 1, tzinfo=UTC)), pytest.raises(WindowClosed):
        claims.create(open_session, professional, form)
