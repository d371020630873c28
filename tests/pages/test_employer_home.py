"""What waits for an employer, and where its registration stands."""

import pytest

from db import reading, transaction
from db.accounts import Account, Role
from db.claims import ClaimStatus
from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from db.people import BindingStatus
from services.clock import now
from tests import factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, links, said

PAGE = "employer/home"


def administrator(
    status: OrganisationStatus, kind: OrganisationKind = OrganisationKind.EMPLOYER
) -> tuple[Organisation, Account]:
    with transaction() as session:
        organisation = factories.create_organisation(session, name="晴川设计院", status=status, kind=kind)
        organisation.opinion, organisation.decided_at = "名称应为全称。", now()
        account = factories.create_account(session)
        factories.grant(session, account, Role(kind), organisation=organisation)
    return organisation, account


def test_what_waits_is_counted(open_page: OpenPage, count_queries: CountQueries) -> None:
    organisation, account = administrator(OrganisationStatus.APPROVED)
    with transaction() as session:
        person = factories.create_person(session, employer=organisation)
        factories.create_claim(session, person, status=ClaimStatus.SUBMITTED)
        newcomer = factories.create_person(session)
        factories.create_binding(session, newcomer, organisation, status=BindingStatus.REQUESTED)
    app = open_page(PAGE, account)
    assert list(links(app)) == ["1 人等待确认", "1 条学时等待审核"]
    assert "本单位人员]  \n1" in said(app)
    with count_queries() as queries:
        app.run()
    assert len(queries) <= 4, queries


@pytest.mark.parametrize("kind", OrganisationKind)
def test_an_applicant_learns_who_decides(open_page: OpenPage, kind: OrganisationKind) -> None:
    app = open_page(PAGE, administrator(OrganisationStatus.APPLIED, kind)[1])
    assert "等待广东省广州市越秀区的主管部门审核" in app.info[0].value
    assert not links(app)


def test_a_returned_application_is_corrected_and_sent_again(open_page: OpenPage) -> None:
    organisation, account = administrator(OrganisationStatus.RETURNED)
    app = open_page(PAGE, account)
    assert "名称应为全称。" in said(app).replace("\\", "")
    name = next(field for field in app.text_input if field.label == "单位名称")
    phone = next(field for field in app.text_input if field.label == "联系电话")
    name.set_value("晴川工程设计研究院")
    phone.set_value("电话")
    button(app, "重新提交").click().run()
    assert "联系电话" in app.error[0].value
    assert next(field for field in app.text_input if field.label == "单位名称").value == "晴川工程设计研究院"
    next(field for field in app.text_input if field.label == "联系电话").set_value("020-81234567")
    button(app, "重新提交").click().run()
    with reading() as session:
        stored = session.get_one(Organisation, organisation.id)
    assert (stored.status, stored.name) == (OrganisationStatus.APPLIED, "晴川工程设计研究院")
    assert stored.division == organisation.division


def test_who_belongs_to_a_suspended_employer_reads_why_and_whom_to_ask(open_page: OpenPage) -> None:
    account = administrator(OrganisationStatus.SUSPENDED)[1]
    app = open_page(PAGE, account)
    assert "本单位已被停用" in app.error[0].value
    assert "广东省广州市越秀区的主管部门" in app.error[0].value
    assert "名称应为全称。" in said(app).replace("\\", "")
    assert not app.metric


def test_who_belongs_to_a_merged_employer_reads_where_its_work_goes_on(open_page: OpenPage) -> None:
    organisation, account = administrator(OrganisationStatus.APPROVED)
    with transaction() as session:
        kept = factories.create_employer(session, name="晴川工程设计研究院")
        merged = session.get_one(Organisation, organisation.id)
        merged.status, merged.merged_into_id = OrganisationStatus.MERGED, kept.id
    assert f"已并入“晴川工程设计研究院”（{kept.uscc}）" in open_page(PAGE, account).info[0].value
