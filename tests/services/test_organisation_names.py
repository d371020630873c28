"""Which names mean the same organisation, which only sound like it, and which contradict each other."""

from fractions import Fraction

import pytest

from services.organisation_names import ALIKE, essence, least_shared, likeness

pytestmark = pytest.mark.no_database
YUEXIU, TIANHE, GUANGDONG, BEIJING = "440104", "440106", "440000", "110101"


def how_alike(one: str, other: str, division: str = YUEXIU, elsewhere: str = TIANHE) -> Fraction:
    forth = likeness(essence(one, division), essence(other, elsewhere))
    assert forth == likeness(essence(other, elsewhere), essence(one, division))
    return forth


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("晴川桥隧设计有限公司", "晴川桥隧设计有限责任公司"),
        ("晴川桥隧设计股份有限公司", "晴川桥隧设计"),
        ("广州晴川设计院", "晴川设计院"),
        ("晴川设计院（广州）", "广东省广州市晴川设计院"),
        ("晴川设计院(越秀区)", "广州市越秀区晴川设计院"),
        ("晴川 设计院", "晴川设计院"),
        ("晴川ＡＢＣ科技有限公司", "晴川abc科技有限公司"),
        ("第三人民医院", "广州市第3人民医院"),
        ("“晴川”设计院", "晴川·设计院"),
    ],
)
def test_a_name_stays_the_same_however_it_is_written(one: str, other: str) -> None:
    assert how_alike(one, other) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("晴川桥隧设计有限公司", "晴川桥隧设计研究院"),
        ("晴川桥隧设计有限公司", "晴川桥隧勘察设计院"),
        ("珠江勘测院", "珠江勘测设计院"),
        ("晴川医院（东院区）", "晴川医院"),
        ("晴川桥遂设计院", "晴川桥隧设计院"),
    ],
)
def test_names_that_differ_a_little_are_alike(one: str, other: str) -> None:
    assert ALIKE <= how_alike(one, other) < 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("晴川小学", "晴川中学"),
        ("晴川科技有限公司", "晴川网络科技有限公司"),
        ("晴川设计院", "珠江设计院"),
        ("晴川建筑工程有限公司", "明月建筑工程有限公司"),
        ("公司", "有限公司"),
    ],
)
def test_names_that_have_little_in_common_are_not(one: str, other: str) -> None:
    assert how_alike(one, other) < ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("广州市第一中学", "广州市第二中学"),
        ("晴川第3建筑工程公司", "晴川第4建筑工程公司"),
        ("广州市越秀区教育局", "广州市天河区教育局"),
    ],
)
def test_another_number_or_another_county_is_another_organisation(one: str, other: str) -> None:
    assert how_alike(one, other) == 0


@pytest.mark.parametrize("name", ["广州市", "越秀区", "公司", "——", "川", "广东省广州市越秀区", "()", "🏫"])
@pytest.mark.parametrize("division", [YUEXIU, GUANGDONG, BEIJING])
def test_nothing_is_left_without_a_name(name: str, division: str) -> None:
    assert essence(name, division).grams
    assert how_alike(name, name, division, division) == 1


def test_a_county_that_is_a_brand_is_no_place() -> None:
    assert essence("越秀集团有限公司", YUEXIU).core == "越秀集团"


def test_whatever_is_alike_shares_the_least_number_of_grams() -> None:
    names = ["晴川桥隧设计院", "晴川桥隧勘察设计院", "晴川桥隧", "晴川", "桥隧设计院", "晴川桥隧设计研究总院集团"]
    essences = [essence(name, YUEXIU) for name in names]
    for one in essences:
        for other in essences:
            if likeness(one, other) >= ALIKE:
                assert len(one.grams & other.grams) >= least_shared(one)
