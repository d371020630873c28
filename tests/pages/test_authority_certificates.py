"""The supervisor's view of one certificate: found by its number, read, and taken out of force."""

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account
from db.certificates import Certificate, CertificateStatus, InvalidityReason
from db.statistics import AnnualSummary
from tests import factories
from tests.certificates import printed
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said

PAGE, VIEW = "authority/claims", {"view": "certificates"}


@pytest.fixture
def certificate() -> Certificate:
    return printed(name="林知夏")


def stored(certificate: Certificate) -> Certificate:
    with reading() as session:
        return session.get_one(Certificate, certificate.id)


def fill(app: AppTest, reason: InvalidityReason, opinion: str) -> AppTest:
    next(box for box in app.selectbox if box.label == "原因").set_value(reason)
    next(area for area in app.text_area if area.label == "说明").set_value(opinion)
    return button(app, "确认撤销证书").click().run()


def test_nothing_is_asked_before_a_number_is_given(
    open_page: OpenPage, supervisor: Account, count_queries: CountQueries
) -> None:
    app = open_page(PAGE, supervisor, **VIEW)
    assert "输入证书编号" in said(app)
    with count_queries() as queries:
        app.run()
    assert not any("certificate" in query for query in queries)


def test_it_is_found_by_its_number_and_read(open_page: OpenPage, supervisor: Account, certificate: Certificate) -> None:
    app = open_page(PAGE, supervisor, **VIEW)
    app.text_input(key="text_filter").set_value(f" {certificate.number} ").run()
    assert "林知夏" in app.header[0].value
    assert certificate.person.id_number_masked in said(app).replace("\\", "")
    assert [metric.value for metric in app.metric] == ["30 / 30 学时", "42 / 42 学时", "18 / 18 学时"]


def test_it_is_revoked_with_a_reason_and_words_after_what_follows_was_said(
    open_page: OpenPage, supervisor: Account, certificate: Certificate
) -> None:
    app = open_page(PAGE, supervisor, text=certificate.number, **VIEW)
    assert "本人可以立即打印新的证书" in said(app)
    assert stored(certificate).status is CertificateStatus.ISSUED
    fill(app, InvalidityReason.WRONG_CONTENT, "姓名与身份证不符")
    revoked = stored(certificate)
    assert (revoked.status, revoked.ended_for) == (CertificateStatus.REVOKED, InvalidityReason.WRONG_CONTENT)
    assert "失效：证书内容有误" in said(app)
    assert "姓名与身份证不符" in said(app)
    assert "确认撤销证书" not in buttons(app)


def test_what_is_left_out_is_said_where_it_is_asked_and_nothing_is_lost(
    open_page: OpenPage, supervisor: Account, certificate: Certificate
) -> None:
    app = fill(open_page(PAGE, supervisor, text=certificate.number, **VIEW), InvalidityReason.DECEIT, " ")
    assert "说明：请填写。" in app.error[0].value
    assert next(box for box in app.selectbox if box.label == "原因").value is InvalidityReason.DECEIT
    assert stored(certificate).status is CertificateStatus.ISSUED


def test_whoever_could_not_print_again_is_said(
    open_page: OpenPage, supervisor: Account, certificate: Certificate
) -> None:
    with transaction() as session:
        session.scalars(select(AnnualSummary)).one().general -= 1
    app = open_page(PAGE, supervisor, text=certificate.number, **VIEW)
    assert "补足学时之前不能打印新的证书" in said(app)


@pytest.mark.parametrize("text", ["44010420260000099", "**粗体** [链接](/x)", "<script>"])
def test_what_is_not_found_is_said_to_be_out_of_reach(open_page: OpenPage, supervisor: Account, text: str) -> None:
    app = open_page(PAGE, supervisor, text=text, **VIEW)
    assert "在您管理的区划内没有找到" in app.error[0].value
    assert "确认撤销证书" not in buttons(app)


def test_a_supervisor_of_elsewhere_finds_nothing(open_page: OpenPage, certificate: Certificate) -> None:
    with transaction() as session:
        elsewhere = factories.create_supervisor(session, "440300")
    app = open_page(PAGE, elsewhere, text=certificate.number, **VIEW)
    assert "在您管理的区划内没有找到" in app.error[0].value
    assert "林知夏" not in said(app)


def test_what_others_wrote_is_no_markdown(open_page: OpenPage, supervisor: Account, certificate: Certificate) -> None:
    app = open_page(PAGE, supervisor, text=certificate.number, **VIEW)
    fill(app, InvalidityReason.OTHER, "**粗体** [链接](https://example.com)")
    assert r"\*\*粗体\*\* \[链接\]" in said(app)
