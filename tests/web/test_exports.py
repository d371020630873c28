"""Files that are made for whoever asks, and for nobody else."""

from http import HTTPStatus
from urllib.parse import quote

import pytest

from db import transaction
from db.accounts import Account, Role
from services import workbooks
from services.clock import today
from tests import factories
from tests import spreadsheet_files as files
from tests.rare_names import NAMES
from tests.web.client import new_client, token_for
from web.download import address
from web.exports import EXPORTS

TEMPLATE = "/exports/staff-template"


@pytest.fixture
def reviewer() -> Account:
    with transaction() as session:
        return factories.create_reviewer(session, factories.create_employer(session))


def test_a_download_is_kept_nowhere_guessed_by_nobody_and_run_by_nothing(reviewer: Account) -> None:
    response = new_client(token=token_for(reviewer)).get(TEMPLATE)
    assert response.status_code == HTTPStatus.OK
    assert response.headers["content-type"] == workbooks.MEDIA_TYPE
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert response.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote('人员导入模板.xlsx')}"


def test_the_template_speaks_the_readers_language(reviewer: Account) -> None:
    client = new_client(token=token_for(reviewer))
    assert files.rows_of(client.get(TEMPLATE).content)[0][:2] == ("姓名（必填）", "证件号码（必填）")
    with transaction() as session:
        session.get_one(Account, reviewer.id).language = "en"
    assert files.rows_of(client.get(TEMPLATE).content)[0][:2] == ("Name (required)", "ID number (required)")


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.ANALYST])
def test_an_export_does_not_exist_for_a_role_that_may_not_make_it(name: str, role: Role) -> None:
    with transaction() as session:
        account = factories.create_account(session, role)
    assert new_client(token=token_for(account)).get(f"/exports/{name}").status_code == HTTPStatus.NOT_FOUND
    assert new_client().get(f"/exports/{name}").status_code == HTTPStatus.NOT_FOUND


def test_whoever_must_change_his_password_first_gets_nothing(reviewer: Account) -> None:
    with transaction() as session:
        session.get_one(Account, reviewer.id).must_change_password = True
    assert new_client(token=token_for(reviewer)).get(TEMPLATE).status_code == HTTPStatus.NOT_FOUND


def test_a_link_of_another_site_makes_nothing(reviewer: Account) -> None:
    client = new_client(token=token_for(reviewer))
    assert client.get(TEMPLATE, headers={"sec-fetch-site": "cross-site"}).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("unknown", ["/exports/nothing", "/exports/", "/exports/a/b", "/exports/%00"])
def test_what_nobody_exports_is_not_found(reviewer: Account, unknown: str) -> None:
    assert new_client(token=token_for(reviewer)).get(unknown).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.no_database
def test_an_address_carries_what_the_page_is_filtered_by() -> None:
    assert (
        address("staff", text="林 & 陈", status="", year=2026)
        == "/exports/staff?text=%E6%9E%97+%26+%E9%99%88&year=2026"
    )
    assert address("staff") == "/exports/staff"


@pytest.mark.parametrize("name", ["staff", "progress"])
def test_rare_names_leave_in_the_workbook_as_what_they_are(name: str) -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
        reviewer = factories.create_reviewer(session, employer)
        for each in NAMES:
            factories.create_person(session, name=each, employer=employer)
    client = new_client(token=token_for(reviewer))
    _headings, *rows = files.rows_of(client.get(address(name, status="active", year=today().year)).content)
    assert [row[0] for row in rows][: len(NAMES)] == list(NAMES)
    found = client.get(address(name, status="active", year=today().year, text="䶮")).content
    assert [row[0] for row in files.rows_of(found)[1:]] == [each for each in NAMES if "䶮" in each]


def test_the_event_log_is_taken_along_as_it_is_narrowed_down() -> None:
    with transaction() as session:
        administrator = factories.create_account(session, Role.ADMINISTRATOR)
    client = new_client(token=token_for(administrator))
    everything = files.rows_of(client.get("/exports/events").content)
    narrowed = files.rows_of(client.get("/exports/events?action=event_export").content)
    assert everything[0][:4] == narrowed[0][:4] == ("编号", "时间", "操作人", "操作")
    assert {row[3] for row in narrowed[1:]} == {"导出操作日志"}
    assert len(narrowed) == 3
