"""A file with a planted fault of every kind: exactly those are reported, each with all its reasons."""

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from db import transaction
from db.legacy import LegacyImportStatus
from db.organisations import OrganisationStatus
from services import legacy_imports
from services.permissions import SYSTEM
from tests import factories
from tests import legacy_files as files
from tests.services.legacy import counts, imported, reasons, received, rows

NUMBER = factories.invented_id_number(100_500)
FIRST_YEAR = "年度：应为 1985 年以来的四位年份，如 2016。"
NOT_A_DAY = "不是有效的日期，请写成 2016-03-05 这样的形式。"
OUT_OF_TIME = "应在 1985 年以后，且不晚于今天。"
Planted = list[tuple[dict[str, Any], list[str]]]

CERTIFICATE_FAULTS: Planted = [
    ({"证书编号": ""}, ["证书编号：请填写。"]),
    ({"年度": ""}, ["年度：请填写。"]),
    ({"年度": "16年"}, [FIRST_YEAR]),
    ({"年度": "2099"}, [FIRST_YEAR]),
    ({"姓名": " "}, ["姓名：请填写。"]),
    ({"姓名": "林" * 101}, ["姓名：不能超过 100 个字。"]),
    ({"姓名": "林\x07知夏"}, ["姓名：含有不可见字符，请重新输入。"]),
    ({"身份证号": NUMBER[:17]}, ["证件号码：应为18位，请核对是否漏输或多输。"]),
    ({"身份证号": NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")}, ["证件号码：校验位不正确，请逐位核对。"]),
    ({"身份证号": "440104901301123"}, ["证件号码：其中的地区或出生日期不存在，请逐位核对。"]),
    (
        {"身份证号": "4.40104E+17"},
        ["证件号码：被 Excel 当作数字，后几位已丢失。请先把该列设为“文本”格式，再重新输入完整号码。"],
    ),
    ({"身份证号": "", "工作单位": ""}, ["没有证件号码时，须有工作单位，否则无法核对到人。"]),
    ({"公需学时": "十八"}, ["公需科目学时：请填写数字，如 8 或 4.5。"]),
    ({"专业学时": "-3"}, ["专业科目学时：应大于 0 且小于 1000。"]),
    ({"选修学时": "12.25"}, ["选修科目学时：最多保留一位小数。"]),
    ({"合计": "71"}, ["各科目学时之和为 72.0，与学时 71.0 不符。"]),
    ({"公需学时": "无", "专业学时": "/", "选修学时": "-", "合计": "0"}, ["学时：应大于 0。"]),
    ({"审核时间": "2017-02-30"}, [f"审核日期：{NOT_A_DAY}"]),
    ({"审核时间": "2099-01-01"}, [f"审核日期：{OUT_OF_TIME}"]),
    ({"年度": "x", "公需学时": "y", "审核时间": "z"}, [
        FIRST_YEAR, "公需科目学时：请填写数字，如 8 或 4.5。", f"审核日期：{NOT_A_DAY}"
    ]),
]  # fmt: skip
RECORD_FAULTS: Planted = [
    ({"类别": "其他"}, ["学时类别：不是公需、专业或选修科目。"]),
    ({"类别": ""}, ["学时类别：请填写。"]),
    ({"学时": ""}, ["学时：请填写。"]),
    ({"学时": "0学时"}, ["学时：应大于 0。"]),
    ({"开始时间": "2016.3.6", "结束时间": "2016.3.5"}, ["结束日期早于开始日期。"]),
    ({"开始时间": "1899-01-01"}, [f"开始日期：{OUT_OF_TIME}"]),
]


def planted_among(good: list[list[object]], bad: list[list[object]], seed: int) -> tuple[list[list[object]], list[int]]:
    """The rows mixed, and the lines on which the bad ones stand, in their order."""
    places = sorted(random.Random(seed).sample(range(len(good) + len(bad)), len(bad)))
    left, faulty = iter(good), iter(bad)
    mixed = [next(faulty if place in places else left) for place in range(len(good) + len(bad))]
    return mixed, [place + 2 for place in places]


@pytest.mark.parametrize("try_out", [True, False])
def test_exactly_the_planted_faults_of_certificates_are_reported(try_out: bool) -> None:
    bad = [files.certificate(1000 + number, **changed) for number, (changed, _) in enumerate(CERTIFICATE_FAULTS)]
    bad.append([*files.certificate(2000), "", "多", "余"])
    mixed, lines = planted_among([files.certificate(number) for number in range(40)], bad, 1)
    kept = received([files.CERTIFICATE_HEADER, *mixed])
    done = (legacy_imports.try_out if try_out else legacy_imports.run)(transaction, SYSTEM, kept.id)
    said = [why for _, why in CERTIFICATE_FAULTS] + [["该行比表头多出 2 列，可能有内容中含分隔符，各列已错位。"]]
    assert reasons(done) == dict(zip(lines, said, strict=True))
    assert counts(done) == (40, len(bad), 0)


def test_exactly_the_planted_faults_of_records_are_reported() -> None:
    bad = [files.record(1000 + number, **changed) for number, (changed, _) in enumerate(RECORD_FAULTS)]
    mixed, lines = planted_among([files.record(number) for number in range(40)], bad, 2)
    done = imported([files.RECORD_HEADER, *mixed])
    assert reasons(done) == dict(zip(lines, (why for _, why in RECORD_FAULTS), strict=True))
    assert counts(done) == (40, len(bad), 0)


def test_the_usual_writings_mean_what_they_mean() -> None:
    first_generation = f"{NUMBER[:6]}{NUMBER[8:17]}"
    fullwidth = NUMBER.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    changed = [
        {"身份证号": first_generation, "开始时间": "2016.3.5", "结束时间": "2016/3/5 00:00:00", "学时": "８学时"},
        {"身份证号": fullwidth, "开始时间": "2016年3月5日", "结束时间": "20160305", "学时": "8.0小时"},
        {"身份证号": f"'{NUMBER}", "开始时间": "42434", "结束时间": "２０１６－０３－０５", "学时": " 8 课时"},
    ]
    common = {"姓名": "林　知夏", "年度": "２０１６年度", "类别": "专业科目", "单位名称": " 晴川(市)  设计院 "}
    done = imported([files.RECORD_HEADER, *(files.record(1, **common, **each) for each in changed)])
    assert counts(done) == (1, 0, 2)  # all say the same
    (row,) = rows(done)
    assert (row.name, row.year, row.hours, row.birth_year) == ("林知夏", 2016, Decimal(8), int(NUMBER[6:10]))
    assert row.starts_on == row.ends_on == date(2016, 3, 5)
    assert (row.employer, row.employer_core) == ("晴川(市) 设计院", "晴川(市)设计院")


def test_a_row_without_an_id_number_is_known_by_name_employer_and_birth() -> None:
    header = ["姓名", "出生日期", "工作单位", "年度", "类别", "学时"]
    done = imported([header, ["林知夏", "1980年5月", "晴川设计院", "2016", "公需", "8"]])
    assert reasons(done) == {2: ["出生年份：不是有效的日期，请写成 2016-03-05 这样的形式。"]}
    done = imported([header, ["林知夏", "1980.5.1", "晴川设计院", "2016", "公需", "8"]])
    (row,) = rows(done)
    assert (row.birth_year, row.id_number_digest, row.id_number_masked, row.person_id) == (1980, None, "", None)


def test_rows_are_matched_by_number_and_name_at_once() -> None:
    numbers = [factories.invented_id_number(100_600 + n) for n in range(3)]
    with transaction() as session:
        known = factories.create_person(session, name="林知夏", id_number=numbers[0])
        factories.create_person(session, name="陈望舒", id_number=numbers[1])
    people = zip(("林知夏", "林知夏", "林知夏"), numbers, strict=True)
    done = imported([files.RECORD_HEADER, *(files.record(7, 姓名=name, 身份证号=number) for name, number in people)])
    assert [row.person_id for row in rows(done)] == [known.id, None, None]


def test_employers_that_were_merged_are_found_as_what_they_have_become() -> None:
    with transaction() as session:
        kept, twice = (factories.create_employer(session, name=name) for name in ("晴川医院（总院）", "晴川院"))
        factories.create_employer(session, name="晴川院", division="440104")
        middle, gone = (factories.create_employer(session, name=name) for name in ("晴川二院", "晴川三院"))
        for old, new in ((gone, middle), (middle, kept)):
            old.status, old.merged_into_id = OrganisationStatus.MERGED, new.id
    names = ["晴川三院", "晴川医院(总院)", "晴川院", "没有这个院", ""]
    done = imported([files.RECORD_HEADER, *(files.record(n, 单位名称=name) for n, name in enumerate(names))])
    assert twice.id not in {row.organisation_id for row in rows(done)}
    assert [row.organisation_id for row in rows(done)] == [kept.id, kept.id, None, None, None]


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
GOOD = st.integers(0, 5).map(files.record)
ROWS = st.lists(st.one_of(GOOD, st.lists(CELLS, min_size=1, max_size=11)), min_size=1, max_size=12)


@example(rows=[["\0", "\ufeff", "\u2028", '"', "\r", "1E400", "٣", "９" * 400, "="]])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_whatever_the_rows_say_every_one_is_accepted_rejected_or_a_duplicate(rows: list[list[Any]]) -> None:
    kept = received([files.RECORD_HEADER, files.record(0), *rows])
    if kept.status is LegacyImportStatus.RECEIVED:
        tried = legacy_imports.try_out(transaction, SYSTEM, kept.id)
        done = legacy_imports.run(transaction, SYSTEM, kept.id)
        assert (counts(done), reasons(done)) == (counts(tried), reasons(tried))
        assert sum(counts(done)) == done.row_count == 1 + sum(any(map(str.strip, map(str, row))) for row in rows)
