"""The page of imports: what is found, what is imported, what is taken back, and what leaves it as a file."""

from http import HTTPStatus

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import transaction
from db.accounts import Account, Role
from db.imports import Import, ImportStatus
from db.organisations import Organisation
from db.people import Person
from services import first_passwords
from services.permissions import Actor
from tests import factories
from tests import spreadsheet_files as files
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said
from tests.services.acting import last_event
from tests.services.importing import carry_out, how_many, keep, staff_list, staff_row, staff_upload, stored
from tests.web.client import new_client, token_for

PAGE = "employer/imports"
NUMBER = factories.invented_id_number(881)
WRONG = staff_row("-林1", "4.4E+17", mobile="1")
CONTENT = staff_list([staff_row("林知夏", NUMBER), WRONG, staff_row("林知夏", NUMBER)])


@pytest.fixture
def employer() -> Organisation:
    with transaction() as session:
        return factories.create_employer(session, name="晴川设计院")


@pytest.fixture
def account(employer: Organisation) -> Account:
    with transaction() as session:
        return factories.create_reviewer(session, employer)


@pytest.fixture
def reviewer(account: Account) -> Actor:
    with transaction() as session:
        return factories.actor_of(session, account)


@pytest.fixture
def kept(reviewer: Actor, employer: Organisation) -> Import:
    return keep(reviewer, staff_upload(employer, CONTENT))


def upload(app: AppTest, content: bytes, name: str = "人员.xlsx") -> AppTest:
    app.file_uploader[0].set_value((name, content, "application/octet-stream")).run()
    return button(app, "检查文件").click().run()


def test_a_list_is_looked_through_before_anything_is_imported(open_page: OpenPage, account: Account) -> None:
    app = upload(open_page(PAGE, account), CONTENT)
    assert [metric.value for metric in app.metric] == ["3", "1", "2", "0"]
    assert "导入" in buttons(app)
    assert how_many(Person) == 0
    table = app.table[0].value
    assert list(table["行"]) == ["3", "4"]
    assert "手机号码：请填写有效的电话号码" in table["原因"].iloc[0].replace("\\", "")


def test_the_valid_rows_are_imported_with_one_click(open_page: OpenPage, account: Account, kept: Import) -> None:
    app = button(open_page(PAGE, account), "导入").click().run()
    assert stored(kept).status is ImportStatus.IMPORTED
    assert how_many(Person) == 1
    assert "1 人还没有登录过" in said(app)


def test_a_refused_workbook_leaves_the_page_as_it_was(open_page: OpenPage, account: Account) -> None:
    app = upload(open_page(PAGE, account), files.bomb(40))
    assert "为安全起见不予读取" in app.error[0].value
    assert how_many(Import) == 0
    assert "检查文件" in buttons(app)


def test_without_a_file_the_button_says_so(open_page: OpenPage, account: Account) -> None:
    app = button(open_page(PAGE, account), "检查文件").click().run()
    assert "还没有选择文件" in app.warning[0].value


def test_a_press_that_comes_with_the_file_is_not_lost(open_page: OpenPage, account: Account) -> None:
    app = open_page(PAGE, account)
    button(app, "检查文件").click()
    app.file_uploader[0].set_value(("人员.xlsx", CONTENT, "application/octet-stream"))
    assert [metric.value for metric in app.run().metric] == ["3", "1", "2", "0"]


def test_a_list_of_nothing_but_errors_offers_no_import(
    open_page: OpenPage, account: Account, reviewer: Actor, employer: Organisation
) -> None:
    keep(reviewer, staff_upload(employer, staff_list([staff_row("<>")])))
    app = open_page(PAGE, account)
    assert "导入" not in buttons(app)
    assert "没有可以导入的行" in said(app)


def test_an_import_is_taken_back_after_its_outlook_was_read(
    open_page: OpenPage, account: Account, reviewer: Actor, employer: Organisation
) -> None:
    numbers = [factories.invented_id_number(885), factories.invented_id_number(886)]
    done = carry_out(reviewer, staff_upload(employer, staff_list([staff_row("林知夏", n) for n in numbers])))
    with transaction() as session:
        used = session.scalars(select(Person.account_id).order_by(Person.id).limit(1)).one()
        session.get_one(Account, used).must_change_password = False
    app = open_page(PAGE, account)
    assert "将撤回 1 行" in said(app)
    assert "不会撤回：林知夏" in said(app)
    button(app, "撤销导入").click().run()
    assert stored(done).status is ImportStatus.UNDONE
    assert how_many(Person) == 1


def test_new_first_passwords_replace_the_old_ones(
    open_page: OpenPage, account: Account, reviewer: Actor, employer: Organisation
) -> None:
    done = carry_out(reviewer, staff_upload(employer, staff_list([staff_row()])))
    button(open_page(PAGE, account), "重新生成").click().run()
    assert stored(done).passwords_from != done.passwords_from


def test_who_has_imported_nothing_is_told_how(open_page: OpenPage, account: Account) -> None:
    assert "还没有导入过" in said(open_page(PAGE, account))


def test_a_list_of_hours_names_all_that_its_training_lacks(open_page: OpenPage, account: Account) -> None:
    app = open_page(PAGE, account, view="hours")
    app.file_uploader[1].set_value(("学时.xlsx", CONTENT, "application/octet-stream"))
    app.checkbox[0].check()
    button(app, "检查文件").click().run()
    assert app.error[0].value == "年度、学时类别、活动名称、开始日期、结束日期：请填写。"


def test_another_employers_import_is_not_opened_by_its_number(open_page: OpenPage, kept: Import) -> None:
    with transaction() as session:
        stranger = factories.create_reviewer(session, factories.create_employer(session))
    assert "人员.xlsx" not in repr(open_page(PAGE, stranger, id=str(kept.id)).main)
    client = new_client(token=token_for(stranger))
    for name in ("import-errors", "first-passwords"):
        assert client.get(f"/exports/{name}", params={"id": kept.id}).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "²"])
def test_an_odd_number_of_an_import_is_not_found(account: Account, number: str) -> None:
    client = new_client(token=token_for(account))
    assert client.get("/exports/import-errors", params={"id": number}).status_code == HTTPStatus.NOT_FOUND


def test_the_page_costs_the_same_with_more_imports(
    open_page: OpenPage, account: Account, reviewer: Actor, employer: Organisation, count_queries: CountQueries
) -> None:
    for _ in range(4):
        keep(reviewer, staff_upload(employer, CONTENT))
    app = open_page(PAGE, account)
    with count_queries() as queries:
        app.run()
    assert len(queries) <= 12, queries


def test_the_file_of_errors_holds_the_rows_to_be_corrected_and_the_reasons(account: Account, kept: Import) -> None:
    response = new_client(token=token_for(account)).get("/exports/import-errors", params={"id": kept.id})
    header, first, second = files.rows_of(response.content)
    assert header[-1] == "错误原因"
    assert first[:3] == ("-林1", "4.4E+17", "1")
    assert first[-1].count("：") == 3
    assert second[1] == NUMBER
    assert second[-1] == "与第 2 行重复，请只保留一行。"
    cell = files.first_sheet(response.content)["A2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    event = last_event()
    assert (event.action, event.object_id, event.after) == ("import_errors_take", kept.id, {"rows": 2})


def test_the_corrected_file_of_errors_is_uploaded_as_it_is(
    open_page: OpenPage, account: Account, employer: Organisation, kept: Import
) -> None:
    content = new_client(token=token_for(account)).get("/exports/import-errors", params={"id": kept.id}).content
    book = files.first_sheet(content).parent
    assert book is not None
    sheet = book.worksheets[0]
    sheet["A2"], sheet["B2"], sheet["C2"] = "陈望舒", factories.invented_id_number(882), "13900000002"
    app = upload(open_page(PAGE, account), files.saved(book))
    assert [metric.value for metric in app.metric] == ["2", "2", "0", "0"]


def test_the_accounts_to_hand_out_leave_as_a_file_for_the_employer_alone(
    account: Account, reviewer: Actor, employer: Organisation
) -> None:
    done = carry_out(reviewer, staff_upload(employer, staff_list([staff_row("林知夏", NUMBER)])))
    with transaction() as session:
        (handout,) = first_passwords.handouts(session, reviewer, done.id)
        administrator = factories.create_account(session, Role.ADMINISTRATOR)
    header, row = files.rows_of(
        new_client(token=token_for(account)).get("/exports/first-passwords", params={"id": done.id}).content
    )
    assert dict(zip(header, row, strict=True))["首次登录密码"] == handout.password
    assert NUMBER not in repr(row)
    answer = new_client(token=token_for(administrator)).get("/exports/first-passwords", params={"id": done.id})
    assert answer.status_code == HTTPStatus.NOT_FOUND
