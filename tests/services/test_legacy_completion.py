"""Completion by old rows: each year by its own rule, each category by itself, nobody judged by what is not told."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from db import reading
from db.accounts import Role
from db.claims import Category
from db.snapshots import Snapshot
from services import legacy_completion
from services.errors import PermissionDenied
from services.legacy_completion import YearCompletion
from services.permissions import Actor
from services.questions import EVERYTHING, Question
from tests import legacy_files as files
from tests.services import exploring


@pytest.fixture
def analyst(database: Engine) -> Actor:
    return exploring.analyst()


def by_year(actor: Actor, made: Snapshot, question: Question = EVERYTHING) -> Sequence[YearCompletion]:
    with reading() as session:
        return legacy_completion.by_year(session, actor, made, question)


def counts(years: Sequence[YearCompletion]) -> dict[int, tuple[int, int, int]]:
    return {each.year: (each.people, each.met, each.untold) for each in years}


def certificate(number: int, year: int, *hours: int) -> list[object]:
    general, professional, elective = hours
    changed = {"公需学时": general, "专业学时": professional, "选修学时": elective, "合计": sum(hours)}
    return files.certificate(number, 年度=year, 审核时间="2022.1.5", **changed)


def test_every_year_is_judged_by_its_own_rule_and_no_surplus_moves(analyst: Actor) -> None:
    rows = [
        certificate(1, 2016, 18, 42, 12),
        certificate(2, 2016, 17, 50, 12),
        certificate(3, 2018, 18, 42, 12),
        certificate(4, 2018, 30, 42, 12),
        certificate(5, 2021, 30, 42, 12),
        certificate(6, 2021, 30, 42, 18),
        certificate(7, 2005, 90, 90, 90),
    ]
    exploring.imported([files.CERTIFICATE_HEADER, *rows], name="证书.csv")
    years = by_year(analyst, exploring.snapshot(analyst))
    assert counts(years) == {2016: (2, 1, 0), 2018: (2, 1, 0), 2021: (2, 1, 0)}
    assert list(years[0].asked.values()) == [18, 42, 12]
    assert [year.share for year in years] == [50.0] * 3


def test_single_records_of_a_year_are_added_up_and_a_certificate_sums_them_up(analyst: Actor) -> None:
    number = files.record(1)[1]
    hours = {"公需课": 18, "专业课": 42, "选修课": 6}
    records = [files.record(1, 身份证号=number, 类别=name, 学时=each) for name, each in hours.items()]
    exploring.imported([files.RECORD_HEADER, *records])
    assert counts(by_year(analyst, exploring.snapshot(analyst))) == {2016: (1, 0, 0)}
    more = [files.record(1, 身份证号=number, 类别="选修课", 学时=6, 课程名称="又一门")]
    exploring.imported([files.RECORD_HEADER, *more], name="又.csv")
    assert counts(by_year(analyst, exploring.snapshot(analyst))) == {2016: (1, 1, 0)}
    both = certificate(1, 2016, 18, 42, 6)
    both[2:4] = [files.record(1)[0], number]
    exploring.imported([files.CERTIFICATE_HEADER, both], name="证书.csv")
    assert counts(by_year(analyst, exploring.snapshot(analyst))) == {2016: (1, 1, 0)}


def test_whose_certificate_tells_no_category_is_not_judged(analyst: Actor) -> None:
    header = ["证书编号", "年度", "姓名", "身份证号", "工作单位", "合计学时"]
    row = [*files.certificate(1)[:5], 72]
    exploring.imported([header, row], name="证书.csv")
    (year,) = by_year(analyst, exploring.snapshot(analyst))
    assert (year.people, year.met, year.untold, year.share) == (1, 0, 1, 0.0)


def test_what_would_take_hours_away_is_left_out_and_other_conditions_hold(analyst: Actor) -> None:
    rows = [certificate(1, 2016, 18, 42, 12), certificate(2, 2017, 18, 42, 12)]
    exploring.imported([files.CERTIFICATE_HEADER, *rows], name="证书.csv")
    made = exploring.snapshot(analyst)
    narrowed = replace(EVERYTHING, category=Category.GENERAL, year_from=2017)
    assert counts(by_year(analyst, made, narrowed)) == {2017: (1, 1, 0)}
    assert counts(by_year(analyst, made, replace(EVERYTHING, text="没有人"))) == {}


def test_nobody_but_an_analyst_is_told(analyst: Actor) -> None:
    made = exploring.snapshot(analyst)
    with pytest.raises(PermissionDenied):
        by_year(exploring.somebody(Role.SUPERVISOR), made)
