"""缺少记录: reported with evidence on the pages of the old systems' data, withdrawn, and the answer taken note of."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account
from db.legacy import LegacyKind
from db.missing_records import MissingRecord, MissingRecordStatus
from db.people import Person
from tests import factories, hostile_files
from tests.counting import CountQueries
from tests.missing_cases import create_file, create_missing
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said

PAGES = {LegacyKind.CERTIFICATE: "personal/legacy_certificates", LegacyKind.RECORD: "personal/legacy_records"}
EVIL = "![x](http://evil.example/x.png)"


@pytest.fixture
def owner(person: Person) -> Account:
    with transaction() as session:
        return session.get_one(Account, person.account_id)


def create(person: Person, **values: object) -> MissingRecord:
    with transaction() as session:
        report = create_missing(session, person, **values)  # type: ignore[arg-type]  # by name
        create_file(session, report)
        return report


def stored() -> MissingRecord:
    with reading() as session:
        return session.scalars(select(MissingRecord)).one()


def filled(app: AppTest, kind: LegacyKind) -> AppTest:
    key = f"missing_{kind}_0"
    app.number_input(key=f"year_{key}").set_value(2016)
    app.text_input(key=f"title_{key}").input("旧 404")
    app.text_input(key=f"employer_{key}").input("老单位")
    app.number_input(key=f"professional_{key}").set_value(42.5)
    app.text_area(key=f"explanation_{key}").input("当时姓王。")
    return app


@pytest.mark.parametrize("kind", list(LegacyKind))
def test_it_is_reported_with_its_proof_and_a_refusal_keeps_what_was_typed(
    open_page: OpenPage, owner: Account, kind: LegacyKind
) -> None:
    app = filled(open_page(PAGES[kind], owner), kind)
    button(app, "提交申报").click().run()
    assert "请上传证明材料" in app.error[0].value
    assert app.number_input(key=f"year_missing_{kind}_0").value == 2016
    assert app.text_area(key=f"explanation_missing_{kind}_0").value == "当时姓王。"
    app.file_uploader[0].set_value(("旧证书.pdf", hostile_files.pdf(), "application/pdf"))
    button(app, "提交申报").click().run()
    assert not app.error
    made = stored()
    assert (made.kind, made.year, made.professional) == (kind, 2016, Decimal("42.5"))
    for words in ("待答复", "**2016 年度**", "老单位", "专业科目 42.5", "当时姓王。", "旧证书.pdf"):
        assert words in said(app).replace("\\", "")
    assert app.text_input(key=f"employer_missing_{kind}_1").value == ""


def test_what_is_left_out_is_named_at_once(open_page: OpenPage, owner: Account) -> None:
    app = open_page(PAGES[LegacyKind.RECORD], owner)
    button(app, "提交申报").click().run()
    assert "年度、活动名称、当时的工作单位" in app.error[0].value


def test_a_file_that_is_none_sends_nothing(open_page: OpenPage, owner: Account) -> None:
    app = filled(open_page(PAGES[LegacyKind.CERTIFICATE], owner), LegacyKind.CERTIFICATE)
    app.file_uploader[0].set_value(("证明.pdf", b"MZ\x90", "application/pdf"))
    button(app, "提交申报").click().run()
    assert "证明" in app.error[0].value
    assert app.text_input(key="employer_missing_certificate_0").value == "老单位"
    with reading() as session:
        assert session.scalar(select(MissingRecord.id)) is None


def test_each_page_lists_its_own_kind_and_nobody_elses(open_page: OpenPage, person: Person, owner: Account) -> None:
    with transaction() as session:
        stranger = factories.create_person(session)
    create(person, title="旧1")
    create(person, title="桥梁检测培训", kind=LegacyKind.RECORD)
    create(stranger, title="旧2")
    certificates, records = (said(open_page(PAGES[kind], owner)) for kind in LegacyKind)
    assert ("旧1" in certificates, "桥梁检测培训" in certificates, "旧2" in certificates) == (True, False, False)
    assert ("旧1" in records, "桥梁检测培训" in records) == (False, True)


def test_it_is_withdrawn_behind_a_second_click(open_page: OpenPage, owner: Account, person: Person) -> None:
    create(person)
    app = open_page(PAGES[LegacyKind.CERTIFICATE], owner)
    button(app, "确认撤回").click().run()
    assert stored().status is MissingRecordStatus.WITHDRAWN
    assert "确认撤回" not in buttons(app)


@pytest.mark.parametrize("status", [MissingRecordStatus.FOUND, MissingRecordStatus.NOT_FOUND])
def test_what_was_answered_is_read_and_taken_note_of(
    open_page: OpenPage, owner: Account, person: Person, status: MissingRecordStatus
) -> None:
    key = "k" * 32 if status is MissingRecordStatus.FOUND else None
    create(person, status=status, row_key=key)
    app = open_page(PAGES[LegacyKind.CERTIFICATE], owner)
    assert "已在档案中核对。" in said(app)
    assert ("已匹配到您" in said(app)) is (key is not None)
    assert "确认撤回" not in buttons(app)
    button(app, "知道了").click().run()
    assert (stored().news_at, "知道了" in buttons(app)) == (None, False)


def test_until_an_employer_has_confirmed_who_somebody_is_no_form_is_there(open_page: OpenPage) -> None:
    with transaction() as session:
        person = factories.create_person(session)
        account = session.get_one(Account, person.account_id)
    for page in PAGES.values():
        assert "提交申报" not in buttons(open_page(page, account))


def test_a_certificate_of_unknown_number_says_so(open_page: OpenPage, owner: Account, person: Person) -> None:
    create(person, title="")
    assert "编号不详" in said(open_page(PAGES[LegacyKind.CERTIFICATE], owner))


def test_stored_words_are_shown_as_they_are(open_page: OpenPage, owner: Account, person: Person) -> None:
    report = create(person, status=MissingRecordStatus.NOT_FOUND)
    with transaction() as session:
        again = session.get_one(MissingRecord, report.id)
        again.title = again.employer = again.system = again.explanation = again.answer = EVIL
        again.decided_by_name = EVIL
    app = open_page(PAGES[LegacyKind.CERTIFICATE], owner)
    assert "evil" in said(app)
    assert "![x](http" not in said(app)


@pytest.mark.parametrize("kind", list(LegacyKind))
def test_many_cost_no_more_queries_than_one(
    open_page: OpenPage, owner: Account, person: Person, count_queries: CountQueries, kind: LegacyKind
) -> None:
    costs = []
    for many in (1, 10):
        for number in range(many):
            create(person, kind=kind, title=f"旧{many}{number}")
        with count_queries() as queries:
            open_page(PAGES[kind], owner)
        costs.append(len(queries))
    assert costs[0] == costs[1]
