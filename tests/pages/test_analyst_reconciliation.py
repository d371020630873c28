"""The page on which rows of old systems are matched to people, and the totals held against each other."""

from functools import partial

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account, Role
from db.legacy import LegacyMatch, LegacyRow
from db.legacy_decisions import LegacyDecision
from services import identity
from tests import factories
from tests import legacy_files as files
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said
from tests.services.reconciling import (
    BORN,
    NAME,
    certificate,
    certificates,
    create_analyst,
    create_employer,
    create_person,
    decide,
    match,
    matching,
    row,
)
from tests.services.test_legacy_decisions import NOBODY
from web import pause

PAGE = "analyst/reconciliation"


@pytest.fixture
def account() -> Account:
    with transaction() as session:
        return factories.create_account(session, Role.ANALYST)


def press(app: AppTest, label: str) -> AppTest:
    return button(app, label).click().run()


def wake(app: AppTest) -> AppTest:
    """As a browser does a moment after a decision."""
    del app.session_state[pause.RESTING]
    return app.run()


def decisions() -> list[LegacyDecision]:
    with reading() as session:
        return list(session.scalars(select(LegacyDecision).order_by(LegacyDecision.id)))


def test_the_analyst_sees_who_may_be_meant_and_matches(open_page: OpenPage, account: Account) -> None:
    person = create_person(create_employer())
    certificates(certificate(1, born=BORN), certificate(2, born=BORN, year=2017))
    app = open_page(PAGE, account)
    for words in (NAME, "待核对", "来源：省旧系统", person.id_number_masked[-4:], "可信度高", "另外 1 行"):
        assert words in said(app) + app.checkbox[0].label
    press(app, "匹配")
    assert app.toast[0].value == "已决定：匹配到人。可以随时撤销。"
    assert (row(1).person_id, row(2).person_id) == (person.id, person.id)
    assert "没有待核对的历史数据" in said(app)
    assert f"现匹配到：**{NAME}**" in said(press(app, "查看刚决定的一行"))


def test_without_the_tick_only_the_open_row_is_decided_about(open_page: OpenPage, account: Account) -> None:
    person = create_person(create_employer())
    certificates(certificate(1, born=BORN), certificate(2, born=BORN, year=2017))
    app = open_page(PAGE, account)
    app.checkbox[0].uncheck()
    press(app, "匹配")
    assert (row(1).person_id, row(2).person_id) == (person.id, None)
    assert "旧2" in said(app)


def test_a_second_press_right_after_a_decision_decides_nothing(open_page: OpenPage, account: Account) -> None:
    create_person(create_employer())
    certificates(certificate(1, born=BORN), certificate(2, born=BORN, employer=files.EMPLOYERS[2]))
    app = press(open_page(PAGE, account), "匹配")
    press(app, "匹配")
    assert len(decisions()) == 1
    press(wake(app), "匹配")
    assert len(decisions()) == 2


def test_a_refusal_says_what_is_missing_and_keeps_what_was_typed(open_page: OpenPage, account: Account) -> None:
    create_person()
    certificates(certificate(1, born=BORN))
    app = open_page(PAGE, account)
    press(app, "查无此人")
    assert "理由：请填写。" in said(app)
    app.text_input(key=f"reason_{row(1).id}").set_value("已退休")
    press(app, "查无此人")
    (decision,) = decisions()
    assert (decision.reason, decision.verdict, matching(1)) == ("已退休", "nobody", LegacyMatch.ORPHAN)


def test_somebody_else_is_found_by_name_or_number_which_never_stands_in_the_address(
    open_page: OpenPage, account: Account
) -> None:
    person = create_person(name="司马青山", number=factories.invented_id_number(81_001))
    certificates(certificate(1))
    app = open_page(PAGE, account, status="orphan")
    assert "没有找到可能的人" in said(app)
    with reading() as session:
        number = identity.decrypt(session.merge(person).id_number)
    app.text_input(key="person_searched").set_value(number).run()
    assert ("司马青山" in said(app), "可信度低" in said(app)) == (True, True)
    assert number not in said(app)
    assert number not in repr(app.query_params)
    app.text_input(key=f"reason_{row(1).id}").set_value("曾用名")
    press(app, "匹配")
    assert row(1).person_id == person.id


def test_a_decision_is_taken_back_from_the_matched_rows(open_page: OpenPage, account: Account) -> None:
    person = create_person()
    certificates(certificate(1, born=BORN))
    match(create_analyst(), 1, person)
    app = open_page(PAGE, account, status="matched")
    for words in (f"现匹配到：**{NAME}**", "同事证明", "已作的决定"):
        assert words in said(app)
    assert "匹配" not in buttons(app)
    press(app, "撤销决定")
    assert (app.toast[0].value, matching(1)) == ("已撤销决定。", LegacyMatch.AMBIGUOUS)


def test_a_row_is_marked_as_a_duplicate_of_another(open_page: OpenPage, account: Account) -> None:
    certificates(certificate(1))
    certificates(certificate(2), system="市旧系统")
    app = open_page(PAGE, account, status="orphan", id=str(row(2).id))
    press(app, "标为重复")
    assert decisions() == []
    app.selectbox(key=f"twin_{row(2).id}").set_value(row(1).id)
    press(app, "标为重复")
    assert (matching(2), matching(1)) == (LegacyMatch.DUPLICATE, LegacyMatch.ORPHAN)


def test_an_exact_duplicate_points_to_nothing_to_decide(open_page: OpenPage, account: Account) -> None:
    certificates(certificate(1))
    certificates(certificate(1), certificate(2))
    app = open_page(PAGE, account, status="duplicate")
    assert "与先导入的一行完全相同" in said(app)
    assert not {"匹配", "查无此人", "标为重复", "撤销决定"} & set(buttons(app))


def test_what_files_say_is_shown_as_it_stands(open_page: OpenPage, account: Account) -> None:
    certificates(certificate(1, name="<b>王</b>", employer="[x](http://x) :red[单位]"))
    app = open_page(PAGE, account, status="orphan")
    assert "<b>" not in app.header[0].value
    assert "\\[x\\]" in said(app)


def test_kinds_are_counted_and_the_menu_says_what_waits(open_page: OpenPage, account: Account) -> None:
    create_person()
    certificates(certificate(1, born=BORN), certificate(2), certificate(3))
    app = open_page(PAGE, account)
    (status,) = [each for each in app.segmented_control if each.key == "status_filter"]
    assert status.options == ["待核对 1", "无匹配 2", "已匹配 0", "重复 0"]


def test_matching_again_finds_who_has_come_since(open_page: OpenPage, account: Account) -> None:
    number = factories.invented_id_number(81_002)
    certificates(certificate(1, number=number))
    create_person(number=number)
    press(open_page(PAGE, account, status="orphan"), "重新匹配")
    assert matching(1) is LegacyMatch.MATCHED


@pytest.mark.parametrize("query", [{}, {"status": "matched"}, {"view": "totals"}])
def test_the_page_costs_the_same_for_one_row_and_for_many(
    open_page: OpenPage, account: Account, count_queries: CountQueries, query: dict[str, str]
) -> None:
    number = factories.invented_id_number(81_003)
    create_person(create_employer(), number=number)
    certificates(certificate(1, born=BORN), certificate(2, number=number, hours=(1, 1, 1)))
    costs = []
    for more in (range(0), range(10, 60)):
        if more:
            old = partial(certificate, number=number, hours=(1, 1, 1))
            certificates(
                *(certificate(serial, born=BORN, year=2017) for serial in more),
                *(old(serial + 100, year=2000 + serial % 20) for serial in more),
            )
        with count_queries() as queries:
            open_page(PAGE, account, **query)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_totals_are_listed_with_their_reasons(open_page: OpenPage, account: Account) -> None:
    number = factories.invented_id_number(81_004)
    create_person(number=number)
    certificates(certificate(1, number=number), certificate(2, number=number, year=2017, hours=(18, 40, 14)))
    app = open_page(PAGE, account, view="totals")
    table = app.dataframe[0].value
    assert list(table["年度"]) == [2017]
    assert list(table["差异原因"]) == ["旧系统认定合格，按当年要求未达标"]
    assert list(table["旧证书"]) == ["72（18/40/14）"]
    app = open_page(PAGE, account, view="totals", which="all")
    assert list(app.dataframe[0].value["差异原因"]) == ["无差异", "旧系统认定合格，按当年要求未达标"]


def test_decided_rows_are_told_apart_from_those_found_by_the_system(open_page: OpenPage, account: Account) -> None:
    certificates(certificate(1), certificate(2))
    decide(create_analyst(), 2, NOBODY)
    app = open_page(PAGE, account, status="orphan", decided="yes")
    assert len(app.dataframe[0].value) == 1
    with reading() as session:
        assert session.scalar(select(LegacyRow.id).where(LegacyRow.decision_id.is_not(None))) == row(2).id
