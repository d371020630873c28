"""Which division holds which, and what two have in common."""

import pytest
from sqlalchemy import false

from db.organisations import Organisation
from services import divisions

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("440104", "440104", "440104"),
        ("440104", "440106", "440100"),
        ("440104", "440304", "440000"),
        ("440100", "440104", "440100"),
        ("440000", "440104", "440000"),
        ("110101", "110105", "110100"),
        ("440104", "450102", ""),
        ("440104", "999999", ""),
    ],
)
def test_the_lowest_division_that_holds_both(one: str, other: str, common: str) -> None:
    assert divisions.common(one, other) == common
    if common:
        assert divisions.covers(common, one)
        assert divisions.covers(common, other)


def test_who_supervises_no_division_is_shown_no_row() -> None:
    assert str(divisions.within_any(Organisation.division, [])) == str(false())
