"""What has become of one's enrolments, and what one can still do about them."""

from datetime import datetime, timedelta
from http import HTTPStatus

import icalendar
import pytest

from db import reading, transaction
from db.accounts import Account
from db.claims import Claim, ClaimSource, ClaimStatus
from db.classes import ClassStatus, CourseClass
from db.enrolments import Enrolment, EnrolmentAction, EnrolmentStatus
from db.organisations import Organisation
from db.people import Person
from db.settings import settings
from services import enrolling, enrolments
from services.clock import now, today
from services.permissions import Actor
from tests import classes, factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, links, said
from tests.web.client import new_client, token_for

PAGE = "personal/enrolments"
A, S = EnrolmentAction, EnrolmentStatus


@pytest.fixture
def account(person: Person) -> Account:
    with reading() as session:
        return session.get_one(Account, person.account_id)


@pytest.fixture
def provider() -> Organisation:
    with transaction() as session:
        return classes.create_provider(session, name="晴川学院")


@pytest.fixture
def trainer(provider: Organisation) -> Actor:
    with transaction() as session:
        return factories.actor_of(session, classes.create_trainer(session, provider))


@pytest.fixture
def applied(person: Person, provider: Organisation) -> Enrolment:
    """Enrolled by himself in a class of one seat."""
    with transaction() as session:
        course_class = classes.create_class(session, provider, name="桥梁检测实务", capacity=1)
        actor = factories.actor_for(session, person)
        return enrolling.enrol(session, actor, course_class.id, seen=course_class.version)


def decide(trainer: Actor, enrolment: Enrolment, action: EnrolmentAction, opinion: str = "") -> None:
    with transaction() as session:
        seen = session.get_one(Enrolment, enrolment.id).version
        enrolments.act(session, trainer, enrolment.id, action, seen=seen, opinion=opinion)


def stored(enrolment: Enrolment) -> Enrolment:
    with reading() as session:
        return session.get_one(Enrolment, enrolment.id)


def test_every_step_is_shown_with_the_providers_opinion(
    open_page: OpenPage, account: Account, trainer: Actor, applied: Enrolment
) -> None:
    decide(trainer, applied, A.DECLINE, "本期面向 *二级* 人员")
    decide(trainer, applied, A.RECONSIDER)
    decide(trainer, applied, A.ACCEPT, "欢迎参加")
    app = open_page(PAGE, account)
    assert "施教机构意见：欢迎参加" in said(app)
    assert "二级" not in said(app)
    button(app, "查看").click().run()
    text = said(app)
    way = ["报名", "不通过", "恢复待审核", "通过"]
    places = [text.index(f"radio_button_checked:] **{step}**") for step in way]
    assert places == sorted(places)
    assert "施教机构意见：本期面向 \\*二级\\* 人员" in text
    button(app, "返回列表").click().run()
    assert "radio_button_checked" not in said(app)


def test_who_cancels_is_asked_once_more_and_gives_his_seat_back(
    open_page: OpenPage, account: Account, applied: Enrolment
) -> None:
    app = open_page(PAGE, account)
    assert "将让给其他人" in said(app)
    button(app, "确认取消").click().run()
    assert stored(applied).status is S.CANCELLED
    assert "已取消" in said(app)
    assert "确认取消" not in buttons(app)
    with reading() as session:
        assert session.get_one(CourseClass, applied.class_id).taken == 0


def test_who_waits_sees_his_place_then_the_offer_and_takes_it(
    open_page: OpenPage, account: Account, employer: Organisation, applied: Enrolment
) -> None:
    with transaction() as session:
        second = factories.create_person(session, employer=employer)
        actor = factories.actor_for(session, second)
        course_class = session.get_one(CourseClass, applied.class_id)
        waiting = enrolling.enrol(session, actor, course_class.id, seen=course_class.version)
        his = session.get_one(Account, second.account_id)
    app = open_page(PAGE, his)
    assert "第 **1** 位" in said(app)
    assert "接受名额" not in buttons(app)
    first = open_page(PAGE, account)
    button(first, "确认取消").click().run()
    app = open_page(PAGE, his)
    assert "有名额了，为您保留至" in said(app)
    assert "知道了" not in buttons(app)
    button(app, "接受名额").click().run()
    assert stored(waiting).status is S.APPLIED
    assert "有名额了" not in said(app)


def test_an_offer_that_is_over_meanwhile_cannot_be_taken_any_more(
    open_page: OpenPage, account: Account, employer: Organisation, person: Person, provider: Organisation
) -> None:
    with transaction() as session:
        full = classes.create_class(session, provider, capacity=1)
        offered = classes.create_enrolment(
            session, full, person, employer=employer, status=S.WAITLISTED, offered_until=now() + timedelta(hours=1)
        )
    app = open_page(PAGE, account)
    with transaction() as session:
        session.get_one(Enrolment, offered.id).offered_until = now() - timedelta(minutes=1)
    button(app, "接受名额").click().run()
    assert stored(offered).status is S.WAITLISTED
    assert "名额保留时间已过" in said(app)
    assert "接受名额" not in buttons(app)


def test_news_waits_on_the_home_page_until_it_is_noted(
    open_page: OpenPage, account: Account, trainer: Actor, applied: Enrolment
) -> None:
    assert "1 个培训班报名有新进展" not in links(open_page("personal/home", account))
    decide(trainer, applied, A.ACCEPT)
    assert links(open_page("personal/home", account))["1 个培训班报名有新进展"] == "personal-enrolments"
    app = open_page(PAGE, account)
    assert "新进展" in said(app)
    button(app, "知道了").click().run()
    assert stored(applied).news_at is None
    assert "知道了" not in buttons(app)
    assert "1 个培训班报名有新进展" not in links(open_page("personal/home", account))


def test_an_offer_waits_on_the_home_page(
    open_page: OpenPage, account: Account, employer: Organisation, person: Person, provider: Organisation
) -> None:
    with transaction() as session:
        full = classes.create_class(session, provider, capacity=1)
        classes.create_enrolment(
            session, full, person, employer=employer, status=S.WAITLISTED, offered_until=now() + timedelta(hours=1)
        )
    assert "1 个培训班有名额了" in links(open_page("personal/home", account))


def test_after_the_first_day_whoever_is_in_is_told_whom_to_ask(
    open_page: OpenPage, account: Account, trainer: Actor, applied: Enrolment
) -> None:
    decide(trainer, applied, A.ACCEPT)
    with transaction() as session:
        begun = session.get_one(CourseClass, applied.class_id)
        begun.start_on, begun.status, begun.contact_phone = today(), ClassStatus.CLOSED, "020-81234567"
    app = open_page(PAGE, account)
    assert f"培训班已于 {today()} 开班" in said(app).replace("\\", "")
    assert "020-81234567" in said(app).replace("\\", "")
    assert "确认取消" not in buttons(app)


def test_a_cancelled_class_tells_everybody_why(
    open_page: OpenPage, account: Account, trainer: Actor, applied: Enrolment
) -> None:
    with transaction() as session:
        course_class = session.get_one(CourseClass, applied.class_id)
        course_class.status = ClassStatus.CANCELLED
        enrolments.cancel_all(session, trainer, course_class, "报名人数不足")
    app = open_page(PAGE, account)
    assert "培训班已取消" in said(app)
    assert "取消原因：报名人数不足" in said(app)
    with reading() as session:
        assert session.get_one(CourseClass, applied.class_id).taken == 0


def test_posted_hours_lead_to_their_claim_and_say_when_they_were_revoked(
    open_page: OpenPage, account: Account, employer: Organisation, person: Person, provider: Organisation
) -> None:
    with transaction() as session:
        done = classes.create_class(session, provider, status=ClassStatus.COMPLETED)
        enrolment = classes.create_enrolment(session, done, person, employer=employer, status=S.COMPLETED)
        claim = factories.create_claim(session, person, status=ClaimStatus.APPROVED)
        claim.source, claim.enrolment_id = ClaimSource.CLASS, enrolment.id
    app = open_page(PAGE, account)
    assert "已登记 **8** 学时" in said(app)
    assert links(app)["查看学时记录"] == f"personal-claims?id={claim.id}"
    with transaction() as session:
        session.get_one(Claim, claim.id).status = ClaimStatus.REVOKED
    app = open_page(PAGE, account)
    assert "登记的学时已被撤销" in said(app)
    assert "已登记" not in said(app)


def test_an_accepted_class_goes_into_the_calendar(
    open_page: OpenPage, account: Account, trainer: Actor, applied: Enrolment
) -> None:
    address = f"/exports/class-calendar?id={applied.id}"
    client = new_client(token=token_for(account))
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    assert not open_page(PAGE, account).get("link_button")
    decide(trainer, applied, A.ACCEPT)
    assert {found.proto.url for found in open_page(PAGE, account).get("link_button")} == {address}
    response = client.get(address)
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    first, _second = icalendar.Calendar.from_ical(response.content).events
    with reading() as session:
        first_day = session.get_one(CourseClass, applied.class_id).start_on or today()
    assert first.start == datetime.combine(first_day, classes.MORNING, settings().timezone)
    assert first.summary == "桥梁检测实务"


def test_somebody_elses_enrolment_does_not_exist(open_page: OpenPage, applied: Enrolment, trainer: Actor) -> None:
    decide(trainer, applied, A.ACCEPT)
    with transaction() as session:
        stranger = factories.create_person(session, employer=factories.create_employer(session))
        other = session.get_one(Account, stranger.account_id)
    app = open_page(PAGE, other, id=str(applied.id))
    assert "没有找到该内容" in said(app)
    assert "桥梁检测实务" not in said(app)
    calendar = f"/exports/class-calendar?id={applied.id}"
    for address in (calendar, "/exports/class-calendar?id=" + "9" * 30, "/exports/class-calendar?id=x"):
        assert new_client(token=token_for(other)).get(address).status_code == HTTPStatus.NOT_FOUND


def test_without_any_enrolment_the_page_says_where_to_begin(open_page: OpenPage, account: Account) -> None:
    app = open_page(PAGE, account)
    assert "还没有报名" in said(app)
    assert links(app)["培训班报名申请"] == "personal-classes"


def test_page_follows_page_in_a_fixed_number_of_queries(
    open_page: OpenPage,
    account: Account,
    person: Person,
    employer: Organisation,
    provider: Organisation,
    count_queries: CountQueries,
) -> None:
    app = open_page(PAGE, account)
    with count_queries() as few:
        app.run()
    with transaction() as session:
        for minute in range(enrolments.PAGE_SIZE + 1):
            full = classes.create_class(session, provider, name=f"第{minute}班")
            enrolment = classes.create_enrolment(session, full, person, employer=employer, status=S.WAITLISTED)
            enrolment.applied_at = now() + timedelta(minutes=minute)
    with count_queries() as many:
        app.run()
    assert len(many) <= len(few) + 1
    assert "第50班" in said(app)
    assert "第0班" not in said(app)
    button(app, "下一页").click().run()
    assert "第0班" in said(app)
    assert "第1班" not in said(app)
