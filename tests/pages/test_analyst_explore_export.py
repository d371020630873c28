"""What analysts take along from 历史数据分析: the same rows and figures as on the screen, small groups left out."""

import csv
import io
import re
from http import HTTPStatus

import pyarrow.parquet as pq  # type: ignore[import-untyped]  # comes without types
import pytest
from streamlit.testing.v1 import AppTest

from db import transaction
from db.accounts import Account, Role
from services import explored_rows
from services.exploration_files import Exported, FileFormat
from tests import factories, spreadsheet_files
from tests import legacy_files as files
from tests.pages.conftest import OpenPage
from tests.pages.reading import button
from tests.pages.test_analyst_explore import PAGE, make
from tests.services import exploring
from tests.web.client import new_client, token_for

FULL_NUMBER = re.compile(r"\d{17}[\dX]")


@pytest.fixture
def account() -> Account:
    exploring.imported(exploring.records(60))
    exploring.imported([files.RECORD_HEADER, files.record(900, 单位名称="=SUM(1)单位")], name="又.csv")
    make()
    with transaction() as session:
        return factories.create_account(session, Role.ANALYST)


def exported(app: AppTest, content: Exported, file_format: FileFormat) -> AppTest:
    app.radio(key="export_content").set_value(content)
    app.radio(key="export_format").set_value(file_format)
    app = app.run()
    return button(app, "生成文件").click().run()


def download(app: AppTest, account: Account) -> bytes:
    assert not app.exception
    assert not app.error
    link = app.get("link_button")[0].proto
    response = new_client(token=token_for(account)).get(link.url)
    assert response.status_code == HTTPStatus.OK
    return response.content


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("file_format", FileFormat)
def test_rows_leave_masked_and_complete_in_every_format(
    open_page: OpenPage, account: Account, file_format: FileFormat
) -> None:
    content = download(exported(open_page(PAGE, account), Exported.ROWS, file_format), account)
    if file_format is FileFormat.CSV:
        titles, *rows = rows_of(content)
    elif file_format is FileFormat.XLSX:
        titles, *rows = [list(map(str, row)) for row in spreadsheet_files.rows_of(content)]
    else:
        table = pq.read_table(io.BytesIO(content))
        titles, rows = table.column_names, [list(map(str, row.values())) for row in table.to_pylist()]
    assert titles[:3] == ["姓名", "证件号码", "工作单位"]
    assert len(rows) == 61
    assert not FULL_NUMBER.search(str(rows))
    assert all("*" in row[1] for row in rows)


def test_a_formula_is_text(open_page: OpenPage, account: Account) -> None:
    content = download(exported(open_page(PAGE, account), Exported.ROWS, FileFormat.CSV), account)
    assert rows_of(content)[-1][2] == "'=SUM(1)单位"


def test_figures_leave_without_small_groups_and_what_would_give_them_away(
    open_page: OpenPage, account: Account
) -> None:
    app = open_page(PAGE, account, chart="pivot", rows="employer", measure="hours")
    content = download(exported(app, Exported.FIGURES, FileFormat.CSV), account)
    figures = {row[0]: row[-1] for row in rows_of(content)}
    assert figures["'=SUM(1)单位"] == "*"
    assert list(figures.values()).count("*") == 2
    assert figures["合计"] != "*"
    app = open_page(PAGE, account, chart="pivot", rows="employer", measure="hours")
    app.radio(key="export_content").set_value(Exported.FIGURES)
    app = app.run()
    app = app.checkbox(key="export_protecting").uncheck().run()
    content = download(exported(app, Exported.FIGURES, FileFormat.CSV), account)
    assert "*" not in {row[-1] for row in rows_of(content)}


def test_more_than_one_file_holds_is_refused_with_what_to_do(
    open_page: OpenPage, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explored_rows, "MOST_ROWS", 10)
    app = exported(open_page(PAGE, account), Exported.ROWS, FileFormat.CSV)
    assert "共 61 条记录，超过一次导出的上限 10 条" in app.error[0].value
    assert not app.get("link_button")


def test_another_analyst_does_not_get_the_file(open_page: OpenPage, account: Account) -> None:
    app = exported(open_page(PAGE, account), Exported.ROWS, FileFormat.CSV)
    with transaction() as session:
        other = factories.create_account(session, Role.ANALYST)
    response = new_client(token=token_for(other)).get(app.get("link_button")[0].proto.url)
    assert response.status_code == HTTPStatus.NOT_FOUND
