"""Old totals beside recomputed ones: every reason of a difference, and nothing where there is none."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from db import reading, transaction
from db.accounts import Role
from db.claims import Category
from services import legacy_totals
from services.errors import PermissionDenied
from services.legacy_totals import Difference, YearTotals
from tests import factories
from tests.counting import CountQueries
from tests.services.legacy import imported
from tests.services.reconciling import certificate, certificates, create_analyst, create_person

NUMBER = factories.invented_id_number(70_001)
RECORD_HEADER = ["姓名", "身份证号", "年度", "类别", "课程名称", "学时", "开始时间", "结束时间", "审核结果"]
YEAR = 2016  # asks for 18, 42 and 12 hours, and counts 6 a day
_D = Difference


def records(*hours: tuple[str, float], result: str = "通过", days: int = 9) -> None:
    until = f"2016-03-{days:02d}"
    rows = [
        ["欧阳小川", NUMBER, YEAR, category, f"课程{place}", each, "2016-03-01", until, result]
        for place, (category, each) in enumerate(hours)
    ]
    imported([RECORD_HEADER, *rows])


def listed(*, differing: bool = True, year: int | None = None, after: int = 0) -> Sequence[YearTotals]:
    with reading() as session:
        return legacy_totals.list_(session, create_analyst(), differing=differing, year=year, after=after)


def reasons() -> dict[Difference, Decimal | None]:
    """Of the only line there is, with differences or without."""
    (every,) = listed(differing=False)
    found = listed()
    assert bool(found) is bool(every.reasons), "the query and its explanation must agree"
    return dict(every.reasons)


FULL = (("公需", 18), ("专业", 42), ("选修", 12))


@pytest.fixture(autouse=True)
def _known() -> None:
    create_person(number=NUMBER)


@pytest.mark.parametrize(
    ("hours", "told", "found"),
    [
        ((18, 42, 12), FULL, {}),
        ((18, 42, 12), (("公需", 18), ("专业", 42), ("选修", 13)), {_D.RECORDS_EXTRA: Decimal(1)}),
        ((18, 44, 12), FULL, {_D.RECORDS_MISSING: Decimal(2)}),
        ((20, 42, 13), (("公需", 21), ("专业", 42), ("选修", 12)), {_D.OTHER_CATEGORY: None}),
        (
            (18, 42, 12),
            (("公需", 18), ("专业", 40), ("选修", 12)),
            {_D.RECORDS_MISSING: Decimal(2), _D.BELOW_REQUIREMENT: None},
        ),
    ],
)
def test_a_certificate_is_held_against_its_records(
    hours: tuple[float, float, float],
    told: Sequence[tuple[str, float]],
    found: dict[Difference, Decimal | None],
) -> None:
    certificates(certificate(1, number=NUMBER, hours=hours))
    records(*told)
    assert reasons() == found


def test_what_was_not_passed_does_not_count() -> None:
    certificates(certificate(1, number=NUMBER, hours=(18, 42, 20)))
    records(*FULL)
    records(("选修", 8), result="不通过")
    assert reasons() == {_D.NOT_PASSED: Decimal(8)}


def test_no_more_counts_than_the_days_of_that_year_can_hold() -> None:
    certificates(certificate(1, number=NUMBER, hours=(18, 42, 20)))
    records(("公需", 18), ("专业", 42), ("选修", 12))
    records(("选修", 8), days=1)
    assert reasons() == {_D.OVER_DAY_CAP: Decimal(2)}


@pytest.mark.parametrize(
    ("hours", "result", "found"),
    [
        ((18, 42, 12), "合格", {}),
        ((18, 41, 13), "合格", {_D.BELOW_REQUIREMENT: None}),
        ((18, 42, 12), "不合格", {_D.MEETS_REQUIREMENT: None}),
        ((18, 41, 12), "不合格", {}),
    ],
)
def test_a_certificate_without_records_is_judged_by_its_own_year(
    hours: tuple[float, float, float], result: str, found: dict[Difference, Decimal | None]
) -> None:
    certificates(certificate(1, number=NUMBER, hours=hours, result=result))
    assert reasons() == found


def test_records_that_suffice_without_a_certificate_are_named() -> None:
    records(*FULL)
    assert reasons() == {_D.NO_CERTIFICATE: None}
    (line,) = listed()
    assert (line.recomputed_total, line.required[Category.PROFESSIONAL]) == (Decimal(72), Decimal(42))


def test_records_that_do_not_suffice_need_no_certificate() -> None:
    records(("公需", 18))
    assert reasons() == {}


def test_several_certificates_of_a_year_are_named() -> None:
    certificates(certificate(1, number=NUMBER), certificate(2, number=NUMBER))
    assert reasons() == {_D.SEVERAL_CERTIFICATES: None}


def test_what_is_matched_to_nobody_is_not_compared() -> None:
    certificates(certificate(1, name="无人知", hours=(1, 1, 1)))
    assert listed(differing=False) == []


def test_people_and_years_follow_page_by_page_at_the_same_cost(
    monkeypatch: pytest.MonkeyPatch, count_queries: CountQueries
) -> None:
    other = factories.invented_id_number(70_003)
    create_person(number=other)
    certificates(
        *(certificate(serial, number=NUMBER, year=2010 + serial, hours=(1, 1, 1)) for serial in range(5)),
        *(certificate(10 + serial, number=other, year=2010 + serial, hours=(1, 1, 1)) for serial in range(3)),
    )
    every = [(each.person.id, each.year) for each in listed()]
    assert len(every) == 8
    analyst = create_analyst()
    monkeypatch.setattr(legacy_totals, "PAGE_SIZE", 3)
    paged: list[tuple[int, int]] = []
    costs, after = set(), 0
    while True:
        with count_queries() as queries, reading() as session:
            page = legacy_totals.list_(session, analyst, after=after)
        costs.add(len(queries))
        paged += [(each.person.id, each.year) for each in page]
        if len(page) < 3:
            break
        after = page[-1].number
    assert (paged, costs) == (every, {2})
    assert [each.year for each in listed(year=2012)] == [2012, 2012]


def test_only_analysts_compare() -> None:
    with transaction() as session:
        actor = factories.actor_of(session, factories.create_account(session, Role.ADMINISTRATOR))
    with reading() as session, pytest.raises(PermissionDenied):
        legacy_totals.list_(session, actor)
    with reading() as session, pytest.raises(PermissionDenied):
        legacy_totals.years(session, actor)
