"""Anybody checks a certificate, with nothing but what is printed on it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.certificates import Certificate, CertificateStatus, InvalidityReason
from db.people import Person
from services import certificate_revocation
from services.clock import now
from tests import factories
from tests.certificates import printed
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, said

PAGE = "account/verify"


@pytest.fixture
def certificate() -> Certificate:
    return printed(name="林知夏")


def test_the_code_in_the_address_is_answered_at_once(open_page: OpenPage, certificate: Certificate) -> None:
    app = open_page(PAGE, None, code=certificate.code)
    assert "证书有效" in app.success[0].value
    assert "林*夏" in said(app)
    assert [metric.value for metric in app.metric] == ["30 / 30", "42 / 42", "18 / 18"]


def test_a_number_typed_by_hand_is_answered(open_page: OpenPage, certificate: Certificate) -> None:
    app = open_page(PAGE, None)
    app.text_input(key="code").set_value(f" {certificate.number} ")
    button(app, "验证").click().run()
    assert "证书有效" in app.success[0].value


def test_the_qr_code_is_checked_by_itself_and_in_the_records(open_page: OpenPage, certificate: Certificate) -> None:
    code = certificate.statement["verify_url"].rpartition("code=")[2]
    app = open_page(PAGE, None, code=code)
    assert "二维码的数字签名有效" in app.info[0].value
    assert "42 / 42 学时" in app.info[0].value
    assert "证书有效" in app.success[0].value


def test_an_edited_qr_code_is_not_to_be_trusted(open_page: OpenPage, certificate: Certificate) -> None:
    code: str = certificate.statement["verify_url"].rpartition("code=")[2]
    app = open_page(PAGE, None, code=code[:20] + ("0" if code[20] != "0" else "1") + code[21:])
    assert "内容被改动过" in app.error[0].value
    assert not app.info
    assert not app.success


def test_what_nobody_issued_is_called_so(open_page: OpenPage) -> None:
    app = open_page(PAGE, None, code="0000")
    assert "没有找到该编号或验证码对应的证书" in app.error[0].value
    assert not app.success


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(CertificateStatus.SUPERSEDED, "证书已换发，此份作废"), (CertificateStatus.REVOKED, "证书已撤销，无效")],
)
def test_a_certificate_that_no_longer_stands_cannot_be_mistaken(
    open_page: OpenPage, certificate: Certificate, status: CertificateStatus, verdict: str
) -> None:
    with transaction() as session:
        stored = session.get_one(Certificate, certificate.id)
        stored.status, stored.ended_for = status, InvalidityReason.HOURS_TAKEN_BACK
        stored.ended_at = datetime(2026, 11, 1, 20, tzinfo=UTC)
    app = open_page(PAGE, None, code=certificate.code)
    assert verdict in (app.warning or app.error)[0].value
    assert "签发后有学时被撤销，年度学时已经变更（2026-11-02）" in said(app)
    assert not app.success


def test_nobody_is_said_to_have_a_new_one_before_it_is_printed(open_page: OpenPage, certificate: Certificate) -> None:
    with transaction() as session:
        stored = session.get_one(Certificate, certificate.id)
        stored.status, stored.ended_for = CertificateStatus.SUPERSEDED, InvalidityReason.HOURS_TAKEN_BACK
        stored.ended_at = now()
    assert "已取得新的证书" not in open_page(PAGE, None, code=certificate.code).warning[0].value


def test_why_a_supervisor_revoked_it_is_said_and_not_what_he_wrote_to_its_holder(
    open_page: OpenPage, certificate: Certificate, supervisor: Account
) -> None:
    with transaction() as session:
        actor = factories.actor_of(session, supervisor)
        certificate_revocation.revoke(session, actor, certificate.id, InvalidityReason.MISUSED, "证书被他人冒用投标")
    app = open_page(PAGE, None, code=certificate.code)
    assert "证书已撤销，无效" in app.error[0].value
    assert "原因：证书被冒用" in said(app)
    assert "投标" not in said(app)


def test_the_id_number_is_shown_to_nobody(open_page: OpenPage, certificate: Certificate) -> None:
    app = open_page(PAGE, None, code=certificate.code)
    with reading() as session:
        masked = session.scalars(select(Person.id_number_masked)).one()
    assert masked[-4:] not in said(app).replace(certificate.number, "")
