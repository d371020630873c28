"""学时要求, 减免审批 and 提出减免: proposed by one, decided by another, and revoked with a reason."""

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.claims import Category
from db.exemptions import WHOLE, Exemption, ExemptionReason, ExemptionStatus
from db.organisations import Organisation
from db.people import Person
from services import standing
from services.clock import today
from tests import factories, hostile_files
from tests.counting import CountQueries
from tests.exemption_cases import create_exemption, create_file
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, errors_in_popovers, said

PAGE = "authority/requirements"


def create(person: Person, employer: Organisation, status: ExemptionStatus) -> Exemption:
    with transaction() as session:
        exemption = create_exemption(session, person, employer, status=status)
        create_file(session, exemption)
        return exemption


def stored() -> Exemption:
    with reading() as session:
        return session.scalars(select(Exemption)).one()


def test_what_waits_is_granted_after_its_effect_was_seen(
    open_page: OpenPage, supervisor: Account, person: Person, employer: Organisation
) -> None:
    create(person, employer, ExemptionStatus.REQUESTED)
    app = open_page(PAGE, supervisor, view="exemptions")
    assert "三月至九月住院治疗。" in said(app)
    effect = app.dataframe[-1].value
    assert list(effect["按本项减免的要求"]) == ["0", "0", "0"]
    assert list(effect["现行要求（已减免）"]) == ["30", "42", "18"]
    button(app, "批准减免").click().run()
    assert not app.error
    assert stored().status is ExemptionStatus.GRANTED
    with reading() as session:
        assert standing.of_year(session, person.id, today().year).official[0].required == 0


def test_a_refusal_asks_for_its_reason_and_keeps_the_page(
    open_page: OpenPage, supervisor: Account, person: Person, employer: Organisation
) -> None:
    made = create(person, employer, ExemptionStatus.REQUESTED)
    app = open_page(PAGE, supervisor, view="exemptions")
    button(app, "不予批准").click().run()
    assert "审核意见" in app.error[0].value
    app.text_area(key=f"opinion_{made.id}_{made.version}").input("证明已过期。")
    button(app, "不予批准").click().run()
    assert (stored().status, stored().opinion) == (ExemptionStatus.DECLINED, "证明已过期。")


def test_what_holds_is_revoked_behind_a_second_click_with_a_reason(
    open_page: OpenPage, supervisor: Account, person: Person, employer: Organisation
) -> None:
    made = create(person, employer, ExemptionStatus.GRANTED)
    app = open_page(PAGE, supervisor, view="exemptions", status="granted")
    app.button(key=f"FormSubmitter:revoke_{made.id}_{made.version}-确认").click().run()
    assert "审核意见" in errors_in_popovers(app)
    app.text_area(key=f"because_{made.id}_{made.version}").input("证明不实。")
    app.button(key=f"FormSubmitter:revoke_{made.id}_{made.version}-确认").click().run()
    assert (stored().status, stored().ended_because) == (ExemptionStatus.REVOKED, "证明不实。")


def test_it_is_proposed_by_one_and_left_to_another(
    open_page: OpenPage, supervisor: Account, person: Person, employer: Organisation
) -> None:
    app = open_page(PAGE, supervisor, view="propose", text=person.name)
    button(app, "选定").click().run()
    key = f"propose_{person.id}"
    app.selectbox(key=f"reason_{key}").select(ExemptionReason.POSTING)
    app.checkbox(key=f"whole_elective_{key}").check()
    app.text_area(key=f"explanation_{key}").input("援藏一年。")
    app.file_uploader[0].set_value(("派遣文件.pdf", hostile_files.pdf(), "application/pdf"))
    button(app, "提出减免").click().run()
    assert not app.error
    assert (stored().elective, stored().requested_by_id) == (WHOLE, supervisor.id)
    app = open_page(PAGE, supervisor, view="exemptions")
    assert "这项减免由您提出" in said(app)
    assert "批准减免" not in buttons(app)
    button(app, "确认撤回").click().run()
    assert stored().status is ExemptionStatus.WITHDRAWN


def test_another_one_is_offered_what_somebody_proposed(
    open_page: OpenPage, supervisor: Account, person: Person, employer: Organisation
) -> None:
    with transaction() as session:
        create_exemption(session, person, employer, requested_by=factories.create_supervisor(session))
    app = open_page(PAGE, supervisor, view="exemptions")
    assert {"批准减免", "不予批准"} <= set(buttons(app))
    assert "确认撤回" not in buttons(app)


@pytest.mark.parametrize("view", ["exemptions", "propose"])
def test_a_supervisor_finds_neither_himself_nor_other_divisions(
    open_page: OpenPage, supervisor: Account, employer: Organisation, view: str
) -> None:
    with transaction() as session:
        own = factories.create_person(session, account=session.get_one(Account, supervisor.id), employer=employer)
        far = factories.create_employer(session, division="440305")
        stranger = factories.create_person(session, name=own.name, employer=far)
        for person, at in ((own, employer), (stranger, far)):
            create_exemption(session, person, at, requested_by=factories.create_supervisor(session))
    app = open_page(PAGE, supervisor, view=view, text=own.name)
    assert not app.dataframe
    assert not {"选定", "批准减免"} & set(buttons(app))
    app = open_page(PAGE, supervisor, view="propose", person=str(own.id))
    assert "您本人" in app.error[0].value


def test_many_cost_no_more_queries_than_one(
    open_page: OpenPage, supervisor: Account, employer: Organisation, count_queries: CountQueries
) -> None:
    def more(count: int) -> None:
        with transaction() as session:
            for _ in range(count):
                create_exemption(session, factories.create_person(session, employer=employer), employer)

    more(1)
    with count_queries() as one:
        open_page(PAGE, supervisor, view="exemptions")
    more(20)
    with count_queries() as many:
        open_page(PAGE, supervisor, view="exemptions")
    assert len(many) == len(one)


def test_an_empty_list_says_what_comes_there(open_page: OpenPage, supervisor: Account) -> None:
    assert "这里没有减免" in said(open_page(PAGE, supervisor, view="exemptions"))
    assert "没有找到" in said(open_page(PAGE, supervisor, view="exemptions", text="没有的人"))


def test_the_hours_of_a_part_are_said_in_the_list(
    open_page: OpenPage, supervisor: Account, person: Person, employer: Organisation
) -> None:
    with transaction() as session:
        create_exemption(session, person, employer, hours={Category.GENERAL: WHOLE, Category.ELECTIVE: WHOLE / 100})
    rows = open_page(PAGE, supervisor, view="exemptions").dataframe[0].value
    assert list(rows["减免学时"]) == ["公需科目全部减免、选修科目减免 10 学时"]
