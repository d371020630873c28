"""The supervisor admits employers and providers of the division."""

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.claims import ClaimStatus
from db.organisation_changes import OrganisationChange
from db.organisations import Organisation, OrganisationAction, OrganisationStatus
from db.resemblances import Resemblance, ResemblanceStatus
from services import organisation_changes, organisations, resemblances
from services.clock import now
from services.organisation_changes import Wanted
from tests import factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said

PAGE = "authority/organisations"


@pytest.fixture
def supervisor() -> Account:
    with transaction() as session:
        return factories.create_supervisor(session, "440100")


@pytest.fixture
def applicant() -> Organisation:
    with transaction() as session:
        factories.create_organisation(session, name="别市的单位", division="440304", status=OrganisationStatus.APPLIED)
        return factories.create_organisation(session, name="珠江勘测院", status=OrganisationStatus.APPLIED)


def stored(organisation: Organisation) -> Organisation:
    with reading() as session:
        return session.get_one(Organisation, organisation.id)


def test_an_application_of_the_division_is_admitted(
    open_page: OpenPage, supervisor: Account, applicant: Organisation
) -> None:
    app = open_page(PAGE, supervisor)
    assert list(app.dataframe[0].value["单位名称"]) == ["珠江勘测院"]
    assert list(app.dataframe[0].value["行政区划"]) == ["广东省广州市越秀区"]
    button(app, "通过").click().run()
    assert stored(applicant).status is OrganisationStatus.APPROVED
    assert "没有待审核的单位" in said(app)


def test_sending_back_needs_an_opinion(open_page: OpenPage, supervisor: Account, applicant: Organisation) -> None:
    app = open_page(PAGE, supervisor)
    button(app, "退回").click().run()
    assert [error.value for error in app.error] == ["审核意见：请填写。"]
    app.text_area[0].set_value("请补充全称")
    button(app, "退回").click().run()
    assert (stored(applicant).status, stored(applicant).opinion) == (OrganisationStatus.RETURNED, "请补充全称")


def test_what_a_colleague_has_decided_stays_in_sight_without_buttons(
    open_page: OpenPage, supervisor: Account, applicant: Organisation
) -> None:
    app = open_page(PAGE, supervisor)
    with transaction() as session:
        colleague = factories.actor_of(session, factories.create_supervisor(session, "440000"))
    with transaction() as session:
        organisations.decide(session, colleague, applicant.id, OrganisationAction.APPROVE, seen=applicant.version)
    button(app, "退回").click().run()
    assert "珠江勘测院" in app.header[0].value
    assert not {"通过", "退回"} & set(buttons(app))


def test_the_status_and_the_text_are_taken_from_the_address(
    open_page: OpenPage, supervisor: Account, applicant: Organisation
) -> None:
    with transaction() as session:
        factories.create_organisation(session, name="海珠路桥公司")
        factories.create_organisation(session, name="白云设计院")
    app = open_page(PAGE, supervisor, status="approved", text="路桥")
    assert list(app.dataframe[0].value["单位名称"]) == ["海珠路桥公司"]
    assert "没有找到" in said(open_page(PAGE, supervisor, text="路桥"))


def test_an_unknown_view_in_the_address_is_the_first_one(
    open_page: OpenPage, supervisor: Account, applicant: Organisation
) -> None:
    assert "珠江勘测院" in open_page(PAGE, supervisor, view="nonsense").header[0].value


def test_the_number_of_queries_does_not_grow_with_the_list(
    open_page: OpenPage, supervisor: Account, count_queries: CountQueries
) -> None:
    with transaction() as session:
        for _ in range(organisations.PAGE_SIZE + 1):
            factories.create_organisation(session, status=OrganisationStatus.APPLIED)
    app = open_page(PAGE, supervisor)
    with count_queries() as queries:
        app.run()
    assert len(app.dataframe[0].value) == organisations.PAGE_SIZE
    assert len(queries) <= 7, queries


def test_an_employer_is_suspended_with_a_reason_and_reinstated(open_page: OpenPage, supervisor: Account) -> None:
    with transaction() as session:
        employer = factories.create_employer(session, name="珠江勘测院")
    app = open_page(PAGE, supervisor, status="approved")
    button(app, "停用").click().run()
    assert [error.value for error in app.error] == ["审核意见：请填写。"]
    app.text_area[0].set_value("长期无人审核")
    button(app, "停用").click().run()
    assert (stored(employer).status, stored(employer).opinion) == (OrganisationStatus.SUSPENDED, "长期无人审核")
    app = open_page(PAGE, supervisor, status="suspended")
    button(app, "恢复").click().run()
    assert stored(employer).status is OrganisationStatus.APPROVED


def test_where_nobody_is_left_the_supervisor_appoints_a_successor(open_page: OpenPage, supervisor: Account) -> None:
    with transaction() as session:
        orphan = factories.create_employer(session, name="珠江勘测院")
    app = open_page(PAGE, supervisor, status="approved")
    assert "没有能登录的审核人" in said(app)
    app.text_input(key=f"reviewer_{orphan.id}_new_username").set_value("jieban")
    app.text_input(key=f"reviewer_{orphan.id}_new_name").set_value("苏清和")
    button(app, "新建账号并增加").click().run()
    assert app.code[0].value
    app.run()
    assert "苏清和" in said(app)
    assert "没有能登录的审核人" not in said(app)
    assert "增加审核人" in said(app)


@pytest.fixture
def change() -> OrganisationChange:
    with transaction() as session:
        employer = factories.create_employer(session, name="珠江勘测院")
        actor = factories.actor_of(session, factories.create_reviewer(session, employer))
        wanted = Wanted("珠江勘测设计院", employer.uscc or "", employer.division, "2026年3月更名")
        return organisation_changes.request(session, actor, employer.id, wanted)


def test_a_change_of_data_is_approved_in_its_own_view(
    open_page: OpenPage, supervisor: Account, change: OrganisationChange
) -> None:
    app = open_page(PAGE, supervisor)
    app.button_group(key="view_filter").set_value("changes").run()
    assert app.query_params["view"] == "changes"
    assert list(app.dataframe[0].value["变更为"]) == ["珠江勘测设计院"]
    assert "2026年3月更名" in said(app)
    button(app, "通过").click().run()
    with reading() as session:
        assert session.get_one(Organisation, change.organisation_id).name == "珠江勘测设计院"
    assert "没有待审核的变更" in said(app)


def test_returning_a_change_needs_an_opinion(
    open_page: OpenPage, supervisor: Account, change: OrganisationChange
) -> None:
    app = open_page(PAGE, supervisor, view="changes")
    button(app, "退回").click().run()
    assert [error.value for error in app.error] == ["审核意见：请填写。"]
    app.text_area[0].set_value("应为全称")
    button(app, "退回").click().run()
    assert "应为全称" in said(open_page(PAGE, supervisor, view="changes", status="returned"))
    assert "没有找到" in said(open_page(PAGE, supervisor, view="changes", text="没有的"))


def test_the_number_of_queries_does_not_grow_with_the_changes(
    open_page: OpenPage, supervisor: Account, count_queries: CountQueries
) -> None:
    with transaction() as session:
        for number in range(organisation_changes.PAGE_SIZE + 1):
            employer = factories.create_employer(session)
            actor = factories.actor_of(session, factories.create_reviewer(session, employer))
            wanted = Wanted(f"珠江{number}院", employer.uscc or "", employer.division, "更名")
            organisation_changes.request(session, actor, employer.id, wanted)
    app = open_page(PAGE, supervisor, view="changes")
    with count_queries() as queries:
        app.run()
    assert len(app.dataframe[0].value) == organisation_changes.PAGE_SIZE
    assert len(queries) <= 4, queries


@pytest.fixture
def pair() -> tuple[Organisation, Organisation]:
    with transaction() as session:
        first = factories.create_employer(session, name="珠江勘测院")
        resemblances.note(session, first)
        second = factories.create_organisation(
            session, name="珠江勘测设计院", division="440106", status=OrganisationStatus.APPLIED
        )
        resemblances.note(session, second)
        return first, second


def test_a_similar_name_is_seen_beside_the_application(
    open_page: OpenPage, supervisor: Account, pair: tuple[Organisation, Organisation]
) -> None:
    app = open_page(PAGE, supervisor)
    assert "珠江勘测设计院" in app.header[0].value
    assert "珠江勘测院" in app.warning[0].value
    assert str(pair[0].uscc) in app.warning[0].value


def test_two_that_may_be_one_are_said_to_be_different_and_looked_at_again(
    open_page: OpenPage, supervisor: Account, pair: tuple[Organisation, Organisation]
) -> None:
    app = open_page(PAGE, supervisor, view="duplicates")
    assert list(app.dataframe[0].value["后注册的单位"]) == ["珠江勘测设计院"]
    button(app, "不是同一单位").click().run()
    assert "没有待核对的单位" in said(app)
    app = open_page(PAGE, supervisor, view="duplicates", status="different")
    button(app, "重新核对").click().run()
    with reading() as session:
        assert session.scalars(select(Resemblance.status)).all() == [ResemblanceStatus.OPEN]


def test_the_number_of_queries_does_not_grow_with_the_pairs(
    open_page: OpenPage, supervisor: Account, count_queries: CountQueries
) -> None:
    with transaction() as session:
        first = factories.create_employer(session)
        for _ in range(resemblances.PAGE_SIZE + 1):
            second = factories.create_employer(session)
            session.add(Resemblance(first_id=first.id, second_id=second.id, found_at=now()))
    app = open_page(PAGE, supervisor, view="duplicates")
    with count_queries() as queries:
        app.run()
    assert len(app.dataframe[0].value) == resemblances.PAGE_SIZE
    assert len(queries) <= 4, queries


def test_of_two_that_are_one_the_chosen_one_stays_after_the_outcome_was_shown(
    open_page: OpenPage, supervisor: Account, pair: tuple[Organisation, Organisation]
) -> None:
    first, second = pair
    with transaction() as session:
        person = factories.create_person(session, employer=second)
        factories.create_claim(session, person, status=ClaimStatus.SUBMITTED)
        factories.create_reviewer(session, second)
    app = open_page(PAGE, supervisor, view="duplicates")
    assert "合并" not in buttons(app)
    app.radio[0].set_value(first.id).run()
    assert "在职人员 **1**" in app.info[0].value
    assert "待审核的学时 **1**" in app.info[0].value
    assert button(app, "合并").disabled
    sure = next(box for box in app.checkbox if "不能撤销" in box.label)
    assert str(first.uscc) in sure.label
    assert str(second.uscc) in sure.label
    next(box for box in app.checkbox if "1 名审核人" in box.label).check()
    sure.check().run()
    button(app, "合并").click().run()
    assert stored(second).merged_into_id == first.id
    assert "没有待核对的单位" in said(app)
    app = open_page(PAGE, supervisor, status="merged")
    assert "并入其他单位" in said(app)
    assert "停用" not in buttons(app)


def test_one_whose_name_is_another_one_is_merged_by_its_code(open_page: OpenPage, supervisor: Account) -> None:
    with transaction() as session:
        kept, gone = factories.create_employer(session, name="晴川院"), factories.create_employer(session)
    app = open_page(PAGE, supervisor, status="approved", id=str(gone.id))
    search = app.text_input(key=f"merge_with_{gone.id}")
    search.set_value("没有的").run()
    assert "没有找到" in app.error[0].value
    app.text_input(key=f"merge_with_{gone.id}").set_value(str(kept.uscc)).run()
    app.radio[0].set_value(kept.id).run()
    next(box for box in app.checkbox if "不能撤销" in box.label).check().run()
    button(app, "合并").click().run()
    assert stored(gone).merged_into_id == kept.id
