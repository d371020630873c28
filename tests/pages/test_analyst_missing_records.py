"""历史数据核对, 缺失申报: the evidence beside the answer, and where to look for what is missing."""

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account, Role
from db.legacy import LegacyKind, LegacyMatch, LegacyRow
from db.missing_records import MissingRecord, MissingRecordFile, MissingRecordStatus
from db.organisations import Organisation
from db.people import Person
from services import storage
from tests import factories, hostile_files, legacy_rows
from tests.counting import CountQueries
from tests.missing_cases import create_file, create_missing
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said
from web import pause

PAGE = "analyst/reconciliation"
EVIL = "![x](http://evil.example/x.png)"


@pytest.fixture
def analyst() -> Account:
    with transaction() as session:
        return factories.create_account(session, Role.ANALYST)


def create(person: Person, **values: object) -> MissingRecord:
    with transaction() as session:
        report = create_missing(session, person, **values)  # type: ignore[arg-type]  # by name
        create_file(session, report, sha256=storage.put(hostile_files.pdf()))
        return report


def create_row(owner: Person | None, **values: object) -> LegacyRow:
    matching = LegacyMatch.MATCHED if owner else LegacyMatch.ORPHAN
    values = {"kind": LegacyKind.CERTIFICATE, "matching": matching, **values}
    with transaction() as session:
        return legacy_rows.create_row(session, owner, **values)  # type: ignore[arg-type]  # by name


def stored() -> MissingRecord:
    with reading() as session:
        return session.scalars(select(MissingRecord)).one()


def test_its_evidence_stands_beside_the_answer_and_below_it_where_it_may_be(
    open_page: OpenPage, analyst: Account, person: Person
) -> None:
    create(person, system="省旧系统", explanation="当时姓王。")
    with reading() as session:
        (file_id,) = session.scalars(select(MissingRecordFile.id))
    row = create_row(None, name=person.name, number="旧7", employer="老单位")
    app = open_page(PAGE, analyst, view="missing")
    assert any(f"/files/missing/{file_id}/pages/1" in each.proto.body for each in app.get("html"))
    for words in (person.name, person.id_number_masked[-4:], "旧404", "当时姓王。", "省旧系统", "旧7", "无匹配"):
        assert words in said(app)
    links = [(each.proto.label, each.proto.query_string) for each in app.get("page_link")]
    assert any(label == "核对" and f"id={row.id}" in address for label, address in links)
    assert any("旧404" in label and "status=orphan" in address for label, address in links)


def test_it_is_found_in_a_row_that_is_matched(open_page: OpenPage, analyst: Account, person: Person) -> None:
    report, row = create(person), create_row(person, number="旧7")
    create_row(None, name=person.name, number="旧8")
    app = open_page(PAGE, analyst, view="missing")
    choice = app.selectbox(key=f"row_{report.id}_{report.version}")
    assert len(choice.options) == 1
    choice.select_index(0)
    button(app, "已找到").click().run()
    assert not app.error
    assert (stored().status, stored().row_key, stored().answer) == (MissingRecordStatus.FOUND, row.key, "")
    assert app.toast[0].value == "已答复：已找到"
    app = open_page(PAGE, analyst, view="missing", status="found")
    assert "答复中的一行" in said(app)


@pytest.mark.parametrize(
    ("label", "status"), [("未找到", MissingRecordStatus.NOT_FOUND), ("已找到", MissingRecordStatus.FOUND)]
)
def test_without_a_row_an_answer_is_asked_for_and_the_page_kept(
    open_page: OpenPage, analyst: Account, person: Person, label: str, status: MissingRecordStatus
) -> None:
    report = create(person)
    app = open_page(PAGE, analyst, view="missing")
    button(app, label).click().run()
    assert "审核意见" in app.error[0].value
    app.text_area(key=f"opinion_{report.id}_{report.version}").input("档案中有。")
    button(app, label).click().run()
    assert (stored().status, stored().answer, stored().row_key) == (status, "档案中有。", None)


def test_after_an_answer_the_next_one_rests_for_a_moment(open_page: OpenPage, analyst: Account) -> None:
    with transaction() as session:
        people = [factories.create_person(session) for _ in range(2)]
    first, second = [create(person) for person in people]
    app = open_page(PAGE, analyst, view="missing")
    app.text_area(key=f"opinion_{first.id}_{first.version}").input("没有。")
    button(app, "未找到").click().run()
    assert people[1].name in said(app)
    assert button(app, "未找到").disabled
    del app.session_state[pause.RESTING]
    assert not button(app.run(), "未找到").disabled
    assert f"opinion_{second.id}_{second.version}" in {area.key for area in app.text_area}


def test_what_was_answered_offers_nothing(open_page: OpenPage, analyst: Account, person: Person) -> None:
    create(person, status=MissingRecordStatus.NOT_FOUND)
    app = open_page(PAGE, analyst, view="missing", status="not_found")
    assert "已在档案中核对。" in said(app)
    assert not {"已找到", "未找到"} & set(buttons(app))


def test_an_analyst_does_not_find_his_own(open_page: OpenPage, employer: Organisation) -> None:
    with transaction() as session:
        account = factories.create_account(session, Role.ANALYST, Role.PROFESSIONAL)
        person = factories.create_person(session, account=account, employer=employer)
    report = create(person)
    app = open_page(PAGE, account, view="missing", id=str(report.id))
    assert not app.dataframe
    assert not {"已找到", "未找到"} & set(buttons(app))


def test_it_is_searched_by_a_part_of_the_name(open_page: OpenPage, analyst: Account, person: Person) -> None:
    create(person)
    app = open_page(PAGE, analyst, view="missing", text=person.name)
    assert list(app.dataframe[0].value["姓名"]) == [person.name]
    assert "没有找到符合条件的申报" in said(open_page(PAGE, analyst, view="missing", text="没有的人"))


def test_an_empty_list_says_what_comes_there(open_page: OpenPage, analyst: Account) -> None:
    assert "这里没有申报" in said(open_page(PAGE, analyst, view="missing"))


def test_where_nothing_is_found_it_says_what_to_do(open_page: OpenPage, analyst: Account, person: Person) -> None:
    create(person)
    assert "前后一年内没有同名或同证件号码的历史数据" in said(open_page(PAGE, analyst, view="missing"))


def test_stored_words_are_shown_as_they_are(open_page: OpenPage, analyst: Account, person: Person) -> None:
    create(person, title=EVIL, employer=EVIL, system=EVIL, explanation=EVIL)
    create_row(None, name=person.name, number=EVIL, employer=EVIL)
    app = open_page(PAGE, analyst, view="missing")
    labels = "\n".join(each.proto.label for each in app.get("page_link"))
    assert "evil" in said(app) + labels
    assert "![x](http" not in said(app) + labels


def test_many_cost_no_more_queries_than_one(open_page: OpenPage, analyst: Account, count_queries: CountQueries) -> None:
    costs = []
    for many in (1, 20):
        for _ in range(many):
            with transaction() as session:
                person = factories.create_person(session, name="同名人")
            create(person)
            create_row(None, name="同名人")
        with count_queries() as queries:
            open_page(PAGE, analyst, view="missing")
        costs.append(len(queries))
    assert costs[0] == costs[1]
