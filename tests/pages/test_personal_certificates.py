"""The certificate is printed exactly when all three categories are met officially."""

from decimal import Decimal
from http import HTTPStatus

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account
from db.certificates import Certificate, CertificateStatus, InvalidityReason
from db.claims import Category, Claim, ClaimStatus
from db.people import Person
from services import certificate_revocation, statistics, verification
from services.clock import today
from services.permissions import SYSTEM
from tests import factories
from tests.certificates import printed
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, links, said
from tests.services.pdf import reading as reading_back
from tests.web.client import new_client, token_for

PAGE = "personal/certificates"
FULL = {Category.GENERAL: Decimal(30), Category.PROFESSIONAL: Decimal(42), Category.ELECTIVE: Decimal(18)}


def professional(hours: dict[Category, Decimal], name: str = "林知夏") -> Account:
    """With these hours in the official figures."""
    with transaction() as session:
        person = factories.create_person(session, name=name, employer=factories.create_employer(session))
        for category, awarded in hours.items():
            factories.create_claim(session, person, status=ClaimStatus.APPROVED, category=category, hours=awarded)
        account = session.get_one(Account, person.account_id)
    statistics.recompute(transaction, SYSTEM)
    return account


def files(app: AppTest) -> set[str]:
    return {link.proto.url for link in app.get("link_button")}


def test_whoever_met_all_three_prints(open_page: OpenPage) -> None:
    app = open_page(PAGE, professional(FULL))
    button(app, "查询").click().run()
    button(app, "打印证书").click().run()
    with reading() as session:
        certificate = session.scalars(select(Certificate)).one()
    assert certificate.number in said(app)
    assert f"/certificates/{certificate.id}" in files(app)
    button(app, "打印证书").click().run()
    with reading() as session:
        assert session.scalars(select(Certificate.id)).all() == [certificate.id]


@pytest.mark.parametrize("category", Category)
def test_half_an_hour_short_shows_no_button(open_page: OpenPage, category: Category) -> None:
    app = open_page(PAGE, professional(FULL | {category: FULL[category] - Decimal("0.5")}))
    assert "打印证书" not in buttons(app)
    assert "还差 0.5 学时" in said(app)


def test_another_year_is_asked_for(open_page: OpenPage) -> None:
    app = open_page(PAGE, professional(FULL))
    app.selectbox(key="year").set_value(2020)
    button(app, "查询").click().run()
    assert "2020 年度还差" in said(app)
    assert "打印证书" not in buttons(app)


def test_the_page_asks_four_questions(open_page: OpenPage, count_queries: CountQueries) -> None:
    app = open_page(PAGE, professional(FULL))
    with count_queries() as queries:
        app.run()
    assert not app.exception
    assert len(queries) <= 4, queries


def test_a_name_without_a_glyph_asks_for_a_spelling_and_keeps_what_was_typed(open_page: OpenPage) -> None:
    app = open_page(PAGE, professional(FULL, name="王\U0003134a"))
    button(app, "查询").click().run()
    button(app, "打印证书").click().run()
    assert "U+3134A" in app.text_input(key="spelling_\U0003134a").label
    app.text_input(key="spelling_\U0003134a").set_value("允")
    button(app, "确认并打印证书").click().run()
    assert "请勾选确认替代写法" in app.error[0].value
    assert app.text_input(key="spelling_\U0003134a").value == "允"
    app.checkbox(key="spelling_confirmed").check()
    button(app, "确认并打印证书").click().run()
    with reading() as session:
        certificate = session.scalars(select(Certificate)).one()
    assert certificate.statement["name"] == "王允"
    assert certificate.number in said(app)
    assert "确认并打印证书" not in buttons(app)


def test_the_holder_sees_how_often_the_certificate_was_checked(open_page: OpenPage) -> None:
    account = professional(FULL)
    app = open_page(PAGE, account)
    button(app, "打印证书").click().run()
    assert "已被核验" not in said(app)
    with transaction() as session:
        verification.verify(session, session.scalars(select(Certificate.code)).one(), address="10.0.0.1")
    app.run()
    assert "已被核验 1 次" in said(app)


def test_what_was_revoked_is_told_with_the_reason_until_the_holder_has_taken_note(
    open_page: OpenPage, supervisor: Account
) -> None:
    certificate = printed()
    with transaction() as session:
        account = session.get_one(Account, certificate.person.account_id)
        actor = factories.actor_of(session, supervisor)
        certificate_revocation.revoke(session, actor, certificate.id, InvalidityReason.WRONG_CONTENT, "姓名**有误**")
    assert "1 份证书已失效" in links(open_page("personal/home", account))
    app = open_page(PAGE, account)
    assert "失效：证书内容有误" in said(app)
    assert r"姓名\*\*有误\*\*" in said(app)
    assert not [file for file in files(app) if file.startswith("/certificates/")]
    button(app, "知道了").click().run()
    assert "知道了" not in buttons(app)
    assert "失效：证书内容有误" in said(app)
    assert "1 份证书已失效" not in links(open_page("personal/home", account))
    button(app, "打印证书").click().run()
    with reading() as session:
        first, second = session.scalars(select(Certificate).order_by(Certificate.id)).all()
    assert (first.status, second.status) == (CertificateStatus.REVOKED, CertificateStatus.ISSUED)
    assert [file for file in files(app) if file.startswith("/certificates/")] == [f"/certificates/{second.id}"]


def test_the_transcript_is_offered_for_the_years_that_are_chosen(open_page: OpenPage) -> None:
    account = professional(FULL)
    year = today().year
    with transaction() as session:
        person = session.scalars(select(Person)).one()
        factories.create_claim(session, person, status=ClaimStatus.APPROVED, year=year - 1)
    statistics.recompute(transaction, SYSTEM)
    app = open_page(PAGE, account)
    assert f"/exports/transcript?years={year}" in files(app)
    app.multiselect[0].set_value([year, year - 1]).run()
    address = f"/exports/transcript?years={year - 1}-{year}"
    assert address in files(app)
    response = new_client(token=token_for(account)).get(address)
    assert response.status_code == HTTPStatus.OK
    assert response.headers["content-type"] == "application/pdf"
    pages = "".join(reading_back.pages(response.content))
    assert f"{year}年度" in pages
    assert f"{year - 1}年度" in pages


def test_the_transcript_is_in_chinese_for_readers_of_english_too(open_page: OpenPage) -> None:
    account = professional(FULL)
    with transaction() as session:
        session.get_one(Account, account.id).language = "en"
    response = new_client(token=token_for(account)).get(f"/exports/transcript?years={today().year}")
    assert "Training" not in "".join(reading_back.pages(response.content))
    assert "Transcript" in response.headers["content-disposition"]


def test_whoever_has_no_counted_hours_learns_when_there_will_be_a_transcript(open_page: OpenPage) -> None:
    app = open_page(PAGE, professional({}))
    assert "官方统计计入学时后" in said(app)
    assert not files(app)


@pytest.mark.parametrize("years", ["", "1999", "x", "2026-1999", "²⁰²⁶", "2026" * 500])
def test_a_transcript_of_odd_years_is_not_found(years: str) -> None:
    client = new_client(token=token_for(professional(FULL)))
    assert client.get("/exports/transcript", params={"years": years}).status_code == HTTPStatus.NOT_FOUND


def test_certificates_of_several_years_are_issued_together_and_opened_as_one_file(open_page: OpenPage) -> None:
    account = professional(FULL)
    year = today().year
    with transaction() as session:
        person = session.scalars(select(Person)).one()
        for category, hours in FULL.items():
            factories.create_claim(
                session, person, status=ClaimStatus.APPROVED, category=category, hours=hours, year=year - 1
            )
    statistics.recompute(transaction, SYSTEM)
    app = open_page(PAGE, account)
    address = f"/exports/certificates?years={year - 1}-{year}"
    client = new_client(token=token_for(account))
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    button(app, "合并打印证书").click().run()
    assert address in files(app)
    assert "合并打印证书" not in buttons(app)
    with reading() as session:
        numbers = session.scalars(select(Certificate.number).order_by(Certificate.year.desc())).all()
    pages = reading_back.pages(client.get(address).content)
    assert len(pages) == len(numbers) == 2
    assert all(number in page for number, page in zip(numbers, pages, strict=True))
    app.multiselect(key="bound_years").set_value([]).run()
    assert button(app, "合并打印证书").disabled


def test_a_single_year_is_not_bound(open_page: OpenPage) -> None:
    assert "多个年度的证书" not in said(open_page(PAGE, professional(FULL)))


def test_a_year_whose_records_do_not_explain_its_figures_says_when_it_can_be_printed(open_page: OpenPage) -> None:
    account = professional(FULL)
    with transaction() as session:
        session.scalars(select(Claim).where(Claim.category == Category.GENERAL)).one().hours_awarded = Decimal(1)
    app = open_page(PAGE, account)
    assert "下次官方统计后再打印学时明细" in said(app)
    assert not [file for file in files(app) if file.startswith("/exports/transcript")]
