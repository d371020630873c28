"""What somebody finds of the old systems' data: his own, from whole files, and a copy of each certificate to print."""

from decimal import Decimal
from http import HTTPStatus

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account
from db.events import Event
from db.legacy import LegacyImport, LegacyImportStatus, LegacyKind, LegacyMatch, LegacyRow
from db.organisations import Organisation
from db.people import Person
from services import legacy_undo, own_legacy
from services.errors import NotFound, PermissionDenied
from services.own_legacy import Period
from services.permissions import SYSTEM
from tests import factories, legacy_rows
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, said
from tests.services.pdf.reading import joined
from tests.services.reconciling import certificate, certificates, number_of
from tests.web.client import new_client, token_for

CERTIFICATES, RECORDS = "personal/legacy_certificates", "personal/legacy_records"


def account_of(person: Person) -> Account:
    with reading() as session:
        return session.get_one(Account, person.account_id)


def create(person: Person | None, **values: object) -> LegacyRow:
    matching = LegacyMatch.MATCHED if person else LegacyMatch.AMBIGUOUS
    with transaction() as session:
        return legacy_rows.create_row(session, person, matching=matching, **values)  # type: ignore[arg-type]  # by name


def printed(account: Account, row: LegacyRow) -> tuple[int, bytes]:
    answer = new_client(token=token_for(account)).get("/exports/legacy-certificate", params={"id": row.id})
    return answer.status_code, answer.content


def links(app: AppTest) -> list[str]:
    return [element.proto.url for element in app.get("link_button")]


def test_somebody_sees_his_certificates_and_nobody_elses(open_page: OpenPage, person: Person) -> None:
    with transaction() as session:
        stranger = factories.create_person(session)
    mine = create(person, kind=LegacyKind.CERTIFICATE, number="旧1", year=2016, employer="老单位", result="合格")
    create(stranger, kind=LegacyKind.CERTIFICATE, number="旧2")
    create(None, kind=LegacyKind.CERTIFICATE, number="旧3")
    app = open_page(CERTIFICATES, account_of(person))
    for words in ("**2016 年度** 合格", "证书编号：旧1", "老单位 · 省旧系统", "副本"):
        assert words in said(app)
    assert ("旧2" in said(app), "旧3" in said(app)) == (False, False)
    assert links(app) == [f"/exports/legacy-certificate?id={mine.id}"]


def test_one_year_is_chosen(open_page: OpenPage, person: Person) -> None:
    for year in (2015, 2016):
        create(person, kind=LegacyKind.CERTIFICATE, number=f"旧{year}", year=year)
    app = open_page(CERTIFICATES, account_of(person))
    app.selectbox[0].set_value("2015")
    button(app, "查询").click().run()
    assert ("旧2015" in said(app), "旧2016" in said(app)) == (True, False)


def test_a_certificate_is_printed_as_a_copy_with_its_source(person: Person) -> None:
    certificates(certificate(1, name=person.name, number=number_of(person.id)))
    with reading() as session:
        row = session.scalars(select(LegacyRow)).one()
    status, content = printed(account_of(person), row)
    text = joined(content)
    assert status == HTTPStatus.OK
    for words in ("副本", "不是证书", "旧1", person.name, "72", "省旧系统", "旧数据.csv", "第2行"):
        assert words in text
    assert number_of(person.id) not in text
    with reading() as session:
        assert session.scalars(select(Event.object_id).where(Event.action == "legacy_print")).all() == [row.id]


def test_characters_without_a_glyph_are_printed_by_their_code_point(person: Person) -> None:
    row = create(person, kind=LegacyKind.CERTIFICATE, number="旧1", employer="王\U0003134a单位")
    assert "〔U+3134A〕" in joined(printed(account_of(person), row)[1])


def test_nobody_prints_what_is_anothers_or_no_certificate(person: Person) -> None:
    with transaction() as session:
        stranger = factories.create_person(session, employer=session.scalars(select(Organisation)).first())
    row, record = create(person, kind=LegacyKind.CERTIFICATE, number="旧1"), create(person)
    assert printed(account_of(stranger), row)[0] == HTTPStatus.NOT_FOUND
    assert printed(account_of(person), record)[0] == HTTPStatus.NOT_FOUND
    assert new_client().get("/exports/legacy-certificate", params={"id": row.id}).status_code == HTTPStatus.NOT_FOUND
    with transaction() as session:
        actor = factories.actor_of(session, factories.create_account(session))
        with pytest.raises(PermissionDenied):
            own_legacy.take(session, actor, row.id)


def test_until_an_employer_has_confirmed_who_somebody_is_he_finds_nothing(open_page: OpenPage) -> None:
    with transaction() as session:
        person = factories.create_person(session)
    row = create(person, kind=LegacyKind.CERTIFICATE, number="旧1")
    for page in (CERTIFICATES, RECORDS):
        text = said(open_page(page, account_of(person)))
        assert "历史数据在单位确认您的身份后才能查询" in text
        assert "旧1" not in text
    assert printed(account_of(person), row)[0] == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("period", "shown"), [(Period.THAT_YEAR, [2018]), (Period.BEFORE, [2017, 2012]), (Period.LATER, [2019])]
)
def test_records_are_listed_by_the_years_of_the_old_system(
    open_page: OpenPage, person: Person, period: Period, shown: list[int]
) -> None:
    for year in (2012, 2017, 2018, 2019):
        create(person, year=year, title=f"课程{year}")
    app = open_page(RECORDS, account_of(person))
    app.selectbox[0].set_value(period)
    button(app, "查询").click().run()
    assert list(app.dataframe[0].value["年度"]) == shown


def test_the_third_period_is_offered_only_where_there_is_something_in_it(open_page: OpenPage, person: Person) -> None:
    create(person, year=2018)
    assert open_page(RECORDS, account_of(person)).selectbox[0].options == ["2018 年", "2017 年及以前"]
    create(person, year=2020)
    assert len(open_page(RECORDS, account_of(person)).selectbox[0].options) == 3


def test_what_the_old_system_did_not_let_pass_is_counted_and_not_listed(open_page: OpenPage, person: Person) -> None:
    create(person, year=2018, title="通过的课程", result="通过", hours=Decimal("4.5"))
    create(person, year=2018, title="没通过的课程", result="不通过")
    app = open_page(RECORDS, account_of(person))
    assert list(app.dataframe[0].value["活动名称"]) == ["通过的课程"]
    assert list(app.dataframe[0].value["学时"]) == ["4.5"]
    assert "另有 1 条" in said(app)


def test_an_empty_page_says_why(open_page: OpenPage, person: Person) -> None:
    assert "没有匹配到您的历史证书" in said(open_page(CERTIFICATES, account_of(person)))
    assert "没有匹配到您的学时记录" in said(open_page(RECORDS, account_of(person)))


@pytest.mark.parametrize("status", sorted(set(LegacyImportStatus) - {LegacyImportStatus.IMPORTED}))
def test_of_a_file_that_is_not_whole_nothing_is_shown(
    open_page: OpenPage, person: Person, status: LegacyImportStatus
) -> None:
    row = create(person, kind=LegacyKind.CERTIFICATE, number="旧1")
    with transaction() as session:
        importing = session.get_one(LegacyImport, row.import_id)
        importing.row_count, importing.status = 2, status
        if status is LegacyImportStatus.CHECKED:
            importing.row_count = 1
    assert "旧1" not in said(open_page(CERTIFICATES, account_of(person)))
    assert printed(account_of(person), row)[0] == HTTPStatus.NOT_FOUND


def test_after_an_import_was_taken_back_its_rows_are_gone(open_page: OpenPage, person: Person) -> None:
    importing = certificates(certificate(1, name=person.name, number=number_of(person.id)))
    with reading() as session:
        row = session.scalars(select(LegacyRow)).one()
    assert "旧1" in said(open_page(CERTIFICATES, account_of(person)))
    legacy_undo.undo(transaction, SYSTEM, importing.id)
    assert "旧1" not in said(open_page(CERTIFICATES, account_of(person)))
    with reading() as session, pytest.raises(NotFound):
        own_legacy.take(session, factories.actor_for(session, person), row.id)


@pytest.mark.parametrize("page", [CERTIFICATES, RECORDS])
def test_the_pages_cost_the_same_for_one_row_and_for_many(
    open_page: OpenPage, person: Person, count_queries: CountQueries, page: str
) -> None:
    costs = []
    for many in (1, 30):
        for number in range(many):
            create(person, kind=LegacyKind.CERTIFICATE, number=f"旧{many}{number}")
            create(person, year=2018)
        with count_queries() as queries:
            open_page(page, account_of(person))
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_what_old_systems_say_is_shown_as_it_stands(open_page: OpenPage, person: Person) -> None:
    create(person, kind=LegacyKind.CERTIFICATE, number="旧1", employer="[x](http://x)", result=":red[好]")
    text = said(open_page(CERTIFICATES, account_of(person)))
    assert ("\\[x\\]" in text, ":red[好]" in text) == (True, False)
