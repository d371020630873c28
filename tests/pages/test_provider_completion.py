"""结业登记: attendance, the hours that come of it, and putting right what was posted."""

import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account
from db.claims import Claim, ClaimAction, ClaimStatus
from db.classes import ClassSession, ClassStatus, CourseClass
from db.enrolments import Attendance, Enrolment, EnrolmentStatus
from db.people import Person
from services import claims, completion
from services.attendance import Marks
from services.clock import today
from tests import classes, factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said
from tests.services import taught as over
from tests.services.taught import Taught
from web import attendance_grid
from web.text import escape_markdown

PAGE = "provider/completion"
ALL, HALF = (True, True), (True, False)


def trainer(taught: Taught) -> Account:
    with reading() as session:
        return session.get_one(Account, taught.trainer.account_id)


def registered(enrolment: Enrolment) -> dict[int, bool]:
    with reading() as session:
        found = session.scalars(select(Attendance).where(Attendance.enrolment_id == enrolment.id))
        return {row.session_id: row.present for row in found}


def post(taught: Taught) -> None:
    completion.post(transaction, taught.trainer, taught.course_class.id)


def edit(monkeypatch: pytest.MonkeyPatch, edited: Mapping[int, Mapping[str, Any]]) -> None:
    """AppTest cannot write into a grid, so it is told what the grid would tell."""
    told = attendance_grid.changed
    monkeypatch.setattr(attendance_grid, "changed", lambda people, _nothing: told(people, edited))


def test_the_cells_that_were_changed_are_saved(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    taught, (first, second) = over.new((), ())
    one, two = taught.sessions
    app = open_page(PAGE, trainer(taught))
    edit(monkeypatch, {0: {f"session_{one}": True}, 1: {f"session_{one}": True, f"session_{two}": False}})
    button(app, "保存出勤").click().run()
    assert not app.error
    assert (registered(first), registered(second)) == ({one: True}, {one: True, two: False})


def test_a_topic_is_no_markdown_in_the_help_of_its_column(open_page: OpenPage) -> None:
    taught, _ = over.new(())
    with transaction() as session:
        session.get_one(ClassSession, taught.sessions[0]).topic = "![x](https://example.net/x.png)"
    (grid,) = open_page(PAGE, trainer(taught)).dataframe
    helps = [column.get("help") for column in json.loads(grid.proto.columns).values()]
    assert [each for each in helps if each] == [escape_markdown("![x](https://example.net/x.png)")]


def test_saving_nothing_says_so(open_page: OpenPage) -> None:
    taught, _ = over.new(())
    app = open_page(PAGE, trainer(taught))
    button(app, "保存出勤").click().run()
    assert "还没有改动" in said(app)


def test_what_is_not_registered_is_blank(open_page: OpenPage) -> None:
    taught, _ = over.new(())
    app = open_page(PAGE, trainer(taught))
    assert "空白为未登记" in said(app)
    assert app.dataframe[0].proto.placeholder == ""
    assert app.dataframe[0].proto.HasField("placeholder")


def test_what_the_grid_tells_is_understood() -> None:
    people = [Enrolment(id=7), Enrolment(id=8), Enrolment(id=9)]
    edited: dict[int, dict[str, Any]] = {0: {"session_3": True, "result": "合格"}, 1: {"session_3": None}}
    edited[2] = {"result": "不合格"}
    assert attendance_grid.changed(people, edited) == {7: Marks({3: True}, passed=True), 9: Marks(passed=False)}


def test_everybody_who_is_left_is_registered_for_a_session(open_page: OpenPage) -> None:
    taught, (absent, unknown) = over.new((False,), ())
    app = open_page(PAGE, trainer(taught))
    button(app, "全部记为出勤").click().run()
    one = taught.sessions[0]
    assert (registered(absent), registered(unknown)) == ({one: False}, {one: True})


def test_hours_are_posted_and_the_class_stays_on_the_page(open_page: OpenPage) -> None:
    taught, (whole, none) = over.new(ALL, HALF)
    other, _ = over.new(ALL)
    app = open_page(PAGE, trainer(taught))
    assert [metric.value for metric in app.metric] == ["1", "0", "1"]
    button(app, "确认登记学时").click().run()
    assert over.stored(whole).hours_awarded == Decimal(8)
    assert over.stored(none).status is EnrolmentStatus.NOT_COMPLETED
    assert taught.course_class.name in said(app)
    assert "确认登记学时" not in buttons(app)
    assert "保存出勤" not in buttons(app)
    assert list(app.dataframe[-1].value["已登记的学时"]) == ["8", "0"]
    assert over.stored_class(other).status is ClassStatus.CLOSED


def test_what_stands_in_the_way_is_said_all_at_once_and_there_is_no_button(open_page: OpenPage) -> None:
    with transaction() as session:
        taught = over.create(session, status=ClassStatus.OPEN)
        over.accept(session, taught, True)
        person = factories.create_person(session, employer=taught.employer)
        classes.create_enrolment(session, taught.course_class, person, employer=taught.employer)
    app = open_page(PAGE, trainer(taught))
    warnings = "\n".join(each.value for each in app.warning)
    assert "截止报名" in warnings
    assert "1 人待审核或候补" in warnings
    assert "1 人的出勤没有登记完" in warnings
    assert "确认登记学时" not in buttons(app)


def test_before_the_first_session_there_is_nothing_to_register(open_page: OpenPage) -> None:
    with transaction() as session:
        provider = classes.create_provider(session)
        account = classes.create_trainer(session, provider)
        classes.create_class(session, provider, starts=today() + timedelta(days=3))
    app = open_page(PAGE, account)
    assert "还没有开课" in said(app)
    assert "保存出勤" not in buttons(app)


def test_a_cancelled_class_and_one_without_people_say_so(open_page: OpenPage) -> None:
    with transaction() as session:
        cancelled = over.create(session, status=ClassStatus.CANCELLED)
        empty = over.create(session)
    assert "培训班已取消" in said(open_page(PAGE, trainer(cancelled)))
    assert "还没有审核通过的学员" in said(open_page(PAGE, trainer(empty)))


def corrected(app: AppTest, sessions: list[int], opinion: str) -> AppTest:
    app.pills[0].set_value(sessions)
    app.run()
    app.text_area[0].input(opinion)
    return button(app, "更正学时").click().run()


def test_posted_hours_are_corrected_with_a_reason(open_page: OpenPage) -> None:
    taught, (enrolment,) = over.new(ALL)
    with transaction() as session:
        session.get_one(CourseClass, taught.course_class.id).attendance_needed = 50
    post(taught)
    app = corrected(open_page(PAGE, trainer(taught)), taught.sessions[:1], "")
    assert "更正原因：请填写。" in app.error[0].value
    app = corrected(app, taught.sessions[:1], "第二天请假")
    assert not app.error
    assert over.stored(enrolment).hours_awarded == Decimal(4)
    assert "第二天请假" in said(app)


def test_a_correction_that_a_colleague_was_faster_with_is_refused(open_page: OpenPage) -> None:
    taught, (enrolment,) = over.new(ALL)
    post(taught)
    app = open_page(PAGE, trainer(taught))
    app.pills[0].set_value([])
    app.run()
    with transaction() as session:
        session.get_one(Enrolment, enrolment.id).opinion = "同事已处理"
    app.text_area[0].input("没有到场")
    button(app, "更正学时").click().run()
    assert over.stored(enrolment).status is EnrolmentStatus.COMPLETED


def test_hours_that_a_supervisor_revoked_are_shown_so_and_not_corrected(open_page: OpenPage) -> None:
    taught, (enrolment,) = over.new(ALL)
    post(taught)
    (claim,) = over.claims_of(enrolment)
    with transaction() as session:
        supervisor = factories.actor_of(session, factories.create_supervisor(session))
        claims.act(session, supervisor, claim.id, ClaimAction.REVOKE, seen=claim.version, opinion="签到不实")
    app = open_page(PAGE, trainer(taught))
    assert list(app.dataframe[-1].value["结果"]) == ["学时已被主管部门撤销"]
    assert "已由主管部门撤销" in said(app)
    assert "更正学时" not in buttons(app)


def test_the_persons_record_says_where_the_hours_come_from(open_page: OpenPage) -> None:
    taught, (enrolment,) = over.new(ALL)
    post(taught)
    with reading() as session:
        claim = session.scalars(select(Claim).where(Claim.enrolment_id == enrolment.id)).one()
        account = session.get_one(Account, session.get_one(Person, enrolment.person_id).account_id)
    app = open_page("personal/claims", account, id=str(claim.id))
    assert claim.status is ClaimStatus.APPROVED
    assert taught.course_class.name in said(app)


def test_the_page_costs_no_more_queries_for_many_people(open_page: OpenPage, count_queries: CountQueries) -> None:
    taught, _ = over.new(ALL)
    account = trainer(taught)
    with count_queries() as few:
        open_page(PAGE, account)
    with transaction() as session:
        session.get_one(CourseClass, taught.course_class.id).capacity = 100
        for _number in range(60):
            over.accept(session, taught, *ALL)
    with count_queries() as many:
        open_page(PAGE, account)
    assert len(many) == len(few)
