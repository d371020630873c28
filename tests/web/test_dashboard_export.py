"""The figures of a dashboard taken along: as a workbook and as a report, for whoever supervises the place."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.events import Event
from db.organisations import Organisation
from services import dashboards as service
from services.clock import today
from tests import dashboards, factories
from tests import spreadsheet_files as files
from tests.dashboards import CITY, DISTRICT, HOSPITAL, NEIGHBOUR, SCHOOL, City
from tests.services.pdf import reading as pdf
from tests.web.client import new_client, token_for
from web.download import address

FILES = ("dashboard", "dashboard-report")


@pytest.fixture
def city() -> City:
    return dashboards.create_added_up()


def download(account: Account, name: str, **parameters: str | int) -> bytes:
    answer = new_client(token=token_for(account)).get(address(name, **parameters))
    assert answer.status_code == HTTPStatus.OK
    return answer.content


def sheets(content: bytes) -> Mapping[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for sheet in files.sheets(content):
        head, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(map(str, head), row, strict=True)) for row in rows]
    return found


def test_the_workbook_says_what_the_service_says(city: City) -> None:
    found = sheets(download(city.supervisor, "dashboard"))
    assert list(found) == ["说明", "主要指标", "下级地区和单位", "各月学时", "活动类型学时", "待审核时长", "单位退回率"]
    with reading() as session:
        actor = factories.actor_of(session, city.supervisor)
        overview = service.overview(session, actor, today().year)
        below = service.children(session, actor, today().year)
        months = service.months(session, actor, today().year)
    assert [row["内容"] for row in found["说明"]][:2] == ["广东省肇庆市", today().year]
    figures = {row["指标"]: row["数值"] for row in found["主要指标"]}
    assert figures["登记人员"] == overview.figures.registered == 4
    assert figures["全部达标率（%）"] == 50
    assert [row["全部达标"] for row in found["下级地区和单位"]] == [row.figures.met_all for row in below]
    assert sum(row["合计"] for row in found["各月学时"]) == float(sum(each.hours for each in months)) == 184.5


def test_the_report_says_the_same_as_the_workbook(city: City) -> None:
    content = download(city.supervisor, "dashboard-report")
    assert content.startswith(b"%PDF")
    said = "".join(pdf.pages(content))
    assert "学时看板广东省肇庆市" in said
    assert "数据截至" in said
    for rows in sheets(download(city.supervisor, "dashboard")).values():
        for row in rows:
            first = "".join(str(next(iter(row.values()))).split())
            assert first in said or first in {"地区或单位", "年度", "数据截至", "比较日期"}
    assert "登记人员4" in said
    assert "第1页，共" in said


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_an_event(city: City, name: str) -> None:
    download(city.supervisor, name, employer=city.hospital.id)
    with reading() as session:
        event = session.scalars(select(Event).where(Event.action == "dashboard_export")).one()
    assert event.actor_id == city.supervisor.id
    assert event.after["organisation_id"] == city.hospital.id
    assert event.after["year"] == today().year
    assert event.after["kind"] == ("xlsx" if name == "dashboard" else "pdf")


@pytest.mark.parametrize("name", FILES)
def test_there_is_no_file_of_somebody_elses_place(city: City, name: str) -> None:
    with transaction() as session:
        neighbour = factories.create_supervisor(session, NEIGHBOUR)
    client = new_client(token=token_for(neighbour))
    for place in ({"division": CITY}, {"division": DISTRICT}, {"employer": city.hospital.id}, {"division": "x"}):
        assert client.get(address(name, **place)).status_code == HTTPStatus.NOT_FOUND
    assert client.get(address(name, employer=city.museum.id)).status_code == HTTPStatus.OK
    with reading() as session:
        assert len(session.scalars(select(Event).where(Event.action == "dashboard_export")).all()) == 1


@pytest.mark.parametrize("name", FILES)
def test_there_is_no_file_before_the_first_run(name: str) -> None:
    with transaction() as session:
        supervisor = factories.create_supervisor(session)
    assert new_client(token=token_for(supervisor)).get(address(name)).status_code == HTTPStatus.NOT_FOUND


def test_all_places_below_are_in_the_workbook_and_the_first_ones_in_the_report(city: City) -> None:
    with transaction() as session:
        for number in range(118):
            factories.create_employer(session, name=f"新单位{number}", division=DISTRICT)
    dashboards.add_up()
    rows = sheets(download(city.supervisor, "dashboard", division=DISTRICT))["下级地区和单位"]
    assert len(rows) == len({row["地区或单位"] for row in rows}) == 120
    assert [row["地区或单位"] for row in rows[:2]] == [SCHOOL, HOSPITAL]
    said = "".join(pdf.pages(download(city.supervisor, "dashboard-report", division=DISTRICT)))
    assert "只列出前100个" in said


def test_a_name_that_looks_like_a_formula_is_text(city: City) -> None:
    with transaction() as session:
        session.get_one(Organisation, city.hospital.id).name = "=1+1"
    dashboards.add_up()
    content = download(city.supervisor, "dashboard", division=DISTRICT)
    cells = [row[0] for sheet in files.sheets(content) for row in sheet.iter_rows() if row[0].value == "=1+1"]
    assert cells
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)


def test_a_file_is_named_after_its_place_and_speaks_the_readers_language(city: City) -> None:
    with transaction() as session:
        session.get_one(Account, city.supervisor.id).language = "en"
    found = sheets(download(city.supervisor, "dashboard"))
    assert "Main figures" in found
    assert "Hours dashboard" in pdf.text(download(city.supervisor, "dashboard-report"))
