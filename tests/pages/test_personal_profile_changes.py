"""Work, titles, degrees and licences, edited in place: at once without an employer, as a draft with one."""

from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account
from db.people import BindingStatus, Person
from db.profile_changes import ProfileChange, ProfileChangeItem, ProfileChangeStatus
from db.qualifications import Degree, Title
from tests import factories, profiles
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said

PAGE = "personal/profile"


@pytest.fixture
def employed() -> Account:
    with transaction() as session:
        employer = factories.create_employer(session, name="晴川市政工程设计院")
        return session.get_one(Account, factories.create_person(session, employer=employer).account_id)


@pytest.fixture
def alone() -> Account:
    with transaction() as session:
        return session.get_one(Account, factories.create_person(session).account_id)


def person_of(account: Account) -> Person:
    with reading() as session:
        return factories.person_of(session, account)


def changed(account: Account, status: ProfileChangeStatus, reason: str = "") -> ProfileChange:
    with transaction() as session:
        person = factories.person_of(session, account)
        change = profiles.create_profile_change(session, person, status=status, after={"department": "桥梁所"})
        change.reason = reason
    return change


def statuses() -> list[ProfileChangeStatus]:
    with reading() as session:
        return list(session.scalars(select(ProfileChange.status)))


def items() -> list[tuple[str, str]]:
    with reading() as session:
        found = session.scalars(select(ProfileChangeItem).order_by(ProfileChangeItem.id))
        return [(item.part, "removed" if not item.after else "changed" if item.before else "added") for item in found]


def fill_in_degree(app: AppTest) -> None:
    app.text_input(key="degree_new_0_school").input("晴川大学")
    app.text_input(key="degree_new_0_major").input("土木工程")
    app.selectbox(key="degree_new_0_education_level").select("大学本科")
    app.selectbox(key="degree_new_0_degree_level").select("学士")
    app.date_input(key="degree_new_0_graduated_on").set_value(date(2008, 6, 30))


def titles(app: AppTest) -> str:
    """What stands on everything that folds up."""
    return "\n".join(expander.label for expander in app.expander)


def test_without_an_employer_a_degree_is_there_at_once(open_page: OpenPage, alone: Account) -> None:
    app = open_page(PAGE, alone)
    assert "保存后立即生效" in said(app)
    fill_in_degree(app)
    app.button(key="save_degree_new_0").click().run()
    with reading() as session:
        assert session.scalars(select(Degree.graduated_on)).all() == [date(2008, 6, 30)]
    assert "晴川大学" in titles(app)
    assert app.text_input(key="degree_new_1_school").value == ""


def test_with_an_employer_it_waits_to_be_submitted(open_page: OpenPage, employed: Account) -> None:
    app = open_page(PAGE, employed)
    fill_in_degree(app)
    app.button(key="save_degree_new_0").click().run()
    assert (statuses(), items()) == ([ProfileChangeStatus.DRAFT], [("degree", "added")])
    assert "待新增" in titles(app)
    button(app, "提交").click().run()
    assert statuses() == [ProfileChangeStatus.REQUESTED]
    assert "等待单位确认" in said(app)
    assert "审核单位" in said(app)
    assert "添加学历学位" not in titles(app)
    button(app, "撤回").click().run()
    assert statuses() == [ProfileChangeStatus.DRAFT]
    assert "添加学历学位" in titles(app)


def test_what_was_left_out_is_named_and_what_was_typed_stays(open_page: OpenPage, employed: Account) -> None:
    app = open_page(PAGE, employed)
    app.text_input(key="degree_new_0_school").input("晴川大学")
    app.button(key="save_degree_new_0").click().run()
    assert app.error[0].value == "所学专业、学历、学位、毕业日期：请填写。"
    assert app.text_input(key="degree_new_0_school").value == "晴川大学"
    assert statuses() == []


def test_an_entry_is_changed_removed_and_left_as_it_was(open_page: OpenPage, employed: Account) -> None:
    with transaction() as session:
        title = profiles.create_title(session, factories.person_of(session, employed))
    app = open_page(PAGE, employed)
    name = next(found for found in app.text_input if found.value == "工程师")
    name.input("高级工程师")
    app.button(key=str(name.key).replace("_name", "").replace("title_", "save_title_", 1)).click().run()
    assert items() == [("title", "changed")]
    assert "**高级工程师**" in titles(app)
    assert "待修改" in titles(app)
    button(app, "恢复原来的内容").click().run()
    assert items() == []
    app.button(key=f"remove_title_{title.id}").click().run()
    assert items() == [("title", "removed")]
    assert "待移除" in titles(app)
    with reading() as session:
        assert session.scalars(select(Title.name)).all() == ["工程师"]


def test_work_is_saved_for_the_employer_to_confirm(open_page: OpenPage, employed: Account) -> None:
    app = open_page(PAGE, employed)
    next(found for found in app.text_input if "岗位" in found.label).input("结构设计")
    button(app, "保存任职信息").click().run()
    assert items() == [("work", "changed")]
    assert person_of(employed).position == ""


def test_a_returned_change_says_why_and_is_sent_again(open_page: OpenPage, employed: Account) -> None:
    changed(employed, ProfileChangeStatus.RETURNED, "请附聘书")
    app = open_page(PAGE, employed)
    assert "请附聘书" in app.error[0].value
    assert "桥梁所" in [found.value for found in app.text_input]
    button(app, "提交").click().run()
    assert statuses() == [ProfileChangeStatus.REQUESTED]


def test_giving_up_leaves_everything_as_it_was(open_page: OpenPage, employed: Account) -> None:
    changed(employed, ProfileChangeStatus.DRAFT)
    app = open_page(PAGE, employed)
    button(app, "确认放弃").click().run()
    assert statuses() == [ProfileChangeStatus.DISCARDED]
    assert person_of(employed).department == ""
    assert "放弃修改" not in buttons(app)


def test_while_the_first_employer_looks_at_it_nothing_can_be_edited(open_page: OpenPage, alone: Account) -> None:
    with transaction() as session:
        person = factories.person_of(session, alone)
        factories.create_binding(session, person, factories.create_employer(session), status=BindingStatus.REQUESTED)
    app = open_page(PAGE, alone)
    assert "请先在下面撤回申请" in said(app)
    assert "保存任职信息" not in buttons(app)
    assert "添加职称" not in titles(app)


def test_who_has_left_his_employer_sees_what_becomes_of_his_change(open_page: OpenPage, employed: Account) -> None:
    changed(employed, ProfileChangeStatus.REQUESTED)
    with transaction() as session:
        profiles.end_bindings(session, factories.person_of(session, employed))
    assert "新单位确认您之后会看到" in said(open_page(PAGE, employed))


def test_of_two_windows_the_second_finds_that_it_was_submitted(open_page: OpenPage, employed: Account) -> None:
    changed(employed, ProfileChangeStatus.DRAFT)
    first, second = open_page(PAGE, employed), open_page(PAGE, employed)
    button(first, "提交").click().run()
    button(second, "提交").click().run()
    assert "等待单位确认" in said(second)
    assert statuses() == [ProfileChangeStatus.REQUESTED]


def test_the_number_of_questions_does_not_grow_with_the_entries(
    open_page: OpenPage, employed: Account, count_queries: CountQueries
) -> None:
    with transaction() as session:
        person = factories.person_of(session, employed)
        profiles.create_title(session, person)
        profiles.create_profile_change(session, person, status=ProfileChangeStatus.DRAFT)
        for day in range(1, 10):
            session.add(profiles.new_degree(person, date(2008, 6, day)))
    app = open_page(PAGE, employed)
    with count_queries() as queries:
        app.run()
    assert not app.exception
    assert len(queries) <= 8, queries
