"""The page of old systems' files: upload, columns, dry run, import, and taking it back."""

from http import HTTPStatus

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account, Role
from db.legacy import LegacyImportStatus, LegacyKind, LegacyRow, LegacySystem
from services import legacy_imports
from services.permissions import SYSTEM
from tests import factories
from tests import legacy_files as files
from tests import spreadsheet_files as sheets
from tests.counting import CountQueries
from tests.legacy_rows import OLD
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said
from tests.services.legacy import received, stored
from tests.web.client import new_client, token_for

PAGE = "analyst/imports"
NUMBER = factories.invented_id_number(100_001)
ROWS = [*files.certificates(3), files.certificate(1), files.certificate(8, 年度="=1+1", 合计="71")]


@pytest.fixture
def account() -> Account:
    with transaction() as session:
        session.add(LegacySystem(name=OLD))  # AppTest cannot type a new one into the box
        return factories.create_account(session, Role.ANALYST)


def upload(app: AppTest, content: bytes, name: str = "证书.csv") -> AppTest:
    app.selectbox[0].set_value(OLD)
    app.segmented_control[0].set_value(LegacyKind.CERTIFICATE)
    app.file_uploader[0].set_value((name, content, "application/octet-stream")).run()
    return button(app, "上传文件").click().run()


def figures(app: AppTest) -> list[str]:
    return [metric.value for metric in app.metric]


def stored_rows() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(LegacyRow)) or 0


def test_a_file_is_uploaded_tried_out_imported_and_taken_back(open_page: OpenPage, account: Account) -> None:
    app = upload(open_page(PAGE, account), files.text(ROWS, encoding="gb18030"))
    assert app.toast[0].value == "已上传 5 行，还没有导入。"
    assert "导入" not in buttons(app)
    button(app, "试算").click().run()
    assert figures(app) == ["5", "3", "1", "1"]
    assert stored_rows() == 1
    assert app.table[0].value["原因"][0].count("：") == 1
    button(app, "导入").click().run()
    assert figures(app) == ["5", "3", "1", "1"]
    assert stored_rows() == 5
    button(app, "撤销导入").click().run()
    assert (app.toast[0].value, stored_rows()) == ("已删除该文件的全部行。", 0)


def test_the_same_file_again_opens_what_became_of_it(open_page: OpenPage, account: Account) -> None:
    content = files.text(ROWS)
    app = upload(open_page(PAGE, account), content)
    button(app, "试算").click().run()
    again = upload(app, content)
    assert again.toast[0].value == "该文件以前上传过，已打开那一次。"
    assert figures(again) == ["5", "3", "1", "1"]


def test_what_the_columns_mean_is_corrected_by_hand(open_page: OpenPage, account: Account) -> None:
    header = ["号码", *files.CERTIFICATE_HEADER[1:]]
    app = upload(open_page(PAGE, account), files.text([header, files.certificate(1)]))
    button(app, "试算").click().run()
    assert app.error[0].value == "证书编号：请指定文件中对应的列。"
    next(box for box in app.selectbox if box.label == "证书编号 *").set_value(0)
    button(app, "保存对应关系").click().run()
    button(app, "试算").click().run()
    assert figures(app) == ["1", "1", "0", "0"]


def test_no_id_number_stands_on_the_page(open_page: OpenPage, account: Account) -> None:
    received([*ROWS, files.certificate(1, 年度="x")])
    app = open_page(PAGE, account)
    offered = repr([box.options for box in app.selectbox])
    assert factories.invented_id_number(100_000)[:3] in offered
    assert factories.invented_id_number(100_000)[:9] not in offered + said(app)
    assert NUMBER not in offered + said(app)


def test_what_is_left_out_of_the_form_is_named_and_the_rest_stays(open_page: OpenPage, account: Account) -> None:
    app = open_page(PAGE, account)
    app.segmented_control[0].set_value(LegacyKind.RECORD)
    button(app, "上传文件").click().run()
    assert app.warning[0].value == "请填写来源系统、选择内容和文件。"
    assert app.segmented_control[0].value == LegacyKind.RECORD


def test_a_file_that_cannot_be_read_says_why(open_page: OpenPage, account: Account) -> None:
    app = upload(open_page(PAGE, account), b"\xff\xfe\x00\xd8")
    assert "GB18030" in app.error[0].value


def test_what_is_refused_while_it_is_read_is_no_longer_being_read(open_page: OpenPage, account: Account) -> None:
    app = upload(open_page(PAGE, account), "姓名\n".encode())
    assert "没有数据" in app.error[0].value
    assert not app.get("progress")


def test_a_run_that_broke_off_can_be_continued(open_page: OpenPage, account: Account) -> None:
    kept = received(ROWS)
    with transaction() as session:
        legacy_imports._begin(session, SYSTEM, kept.id, LegacyImportStatus.RUNNING)
    button(open_page(PAGE, account), "继续导入").click().run()
    assert stored(kept).status is LegacyImportStatus.IMPORTED


def test_the_errors_leave_as_a_workbook_for_analysts_alone(account: Account) -> None:
    done = legacy_imports.run(transaction, SYSTEM, received(ROWS).id)
    address, parameters = "/exports/legacy-errors", {"id": done.id}
    content = new_client(token=token_for(account)).get(address, params=parameters).content
    header, row = sheets.rows_of(content)
    assert header == (*files.CERTIFICATE_HEADER, "行", "错误原因")
    assert row[1] == "=1+1"
    assert sheets.first_sheet(content)["B2"].data_type == "s"
    assert row[-2] == "6"
    with transaction() as session:
        stranger = factories.create_account(session, Role.ADMINISTRATOR)
    answer = new_client(token=token_for(stranger)).get(address, params=parameters)
    assert answer.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN}


def test_the_page_costs_the_same_with_more_imports(
    open_page: OpenPage, account: Account, count_queries: CountQueries
) -> None:
    for number in range(4):
        received(files.certificates(number + 1))
    app = open_page(PAGE, account)
    with count_queries() as queries:
        app.run()
    assert len(queries) <= 10, queries
