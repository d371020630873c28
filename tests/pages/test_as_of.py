"""How a year stood on a day: asked for by a date, wherever somebody may know."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account
from db.claims import Category, Claim, ClaimStatus
from db.organisations import Organisation
from db.people import Binding, Person
from services.clock import today
from tests import factories
from tests.certificates import create_certificate
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import said
from tests.samples import create_audit

YEAR = today().year


@pytest.fixture
def claim(person: Person) -> Claim:
    """Thirty hours that were approved ten days ago."""
    with transaction() as session:
        made = factories.create_claim(
            session, person, status=ClaimStatus.APPROVED, category=Category.GENERAL, hours=Decimal(30)
        )
        step = factories.create_step(session, made, ClaimStatus.APPROVED)
        step.at, step.hours = step.at - timedelta(days=10), made.hours_awarded
        return made


def address(place: str, claim: Claim) -> tuple[str, dict[str, str]]:
    """A page that asks for the day, and what stands in its address."""
    with transaction() as session:
        if place == "the queue":
            return "authority/claims", {"status": "approved", "id": str(claim.id)}
        if place == "the sample":
            audit = create_audit(session, factories.create_supervisor(session), session.get_one(Claim, claim.id))
            return "authority/claims", {"view": "audits", "audit": str(audit.id)}
        if place == "the certificate":
            certificate = create_certificate(session, session.get_one(Person, claim.person_id))
            return "authority/claims", {"view": "certificates", "text": certificate.number}
        if place == "the staff":
            return "employer/people", {"status": "active"}
        return "personal/home", {}


def ask(app: AppTest, person: Person, day: date) -> AppTest:
    app.date_input(key=f"as_of_day_{person.id}").set_value(day).run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("supervisor", "the queue"),
        ("supervisor", "the sample"),
        ("supervisor", "the certificate"),
        ("reviewer", "the staff"),
        ("owner", "home"),
    ],
)
def test_the_answer_is_that_of_the_day(
    open_page: OpenPage, request: pytest.FixtureRequest, person: Person, claim: Claim, who: str, place: str
) -> None:
    with reading() as session:
        owner = session.get_one(Account, person.account_id)
    account = owner if who == "owner" else request.getfixturevalue(who)
    path, query = address(place, claim)
    app = open_page(path, account, **query)
    earned = {}
    for days in (11, 10, 0):
        day = today() - timedelta(days=days)
        ask(app, person, day)
        assert f"{day}：{YEAR} 年度尚未达到当时的要求" in said(app)
        table = app.dataframe[-1].value
        earned[days] = list(table["当时已通过"])
        assert list(table["当时要求"]) == ["30", "42", "18"]
    assert earned == {11: ["0", "0", "0"], 10: ["30", "0", "0"], 0: ["30", "0", "0"]}


def test_nothing_is_computed_before_a_day_is_chosen(
    open_page: OpenPage, supervisor: Account, person: Person, claim: Claim, count_queries: CountQueries
) -> None:
    app = open_page("authority/claims", supervisor, status="approved", id=str(claim.id))
    with count_queries() as without:
        app.run()
    with count_queries() as asked:
        ask(app, person, today())
    assert len(asked) > len(without)


def test_of_whoever_is_out_of_reach_nothing_is_said(
    open_page: OpenPage, supervisor: Account, person: Person, employer: Organisation
) -> None:
    with transaction() as session:
        certificate = create_certificate(session, session.get_one(Person, person.id))
        elsewhere = factories.create_employer(session, division="440300")
        session.scalars(select(Binding)).one().organisation_id = elsewhere.id
    app = open_page("authority/claims", supervisor, view="certificates", text=certificate.number)
    ask(app, person, today())
    assert "不属于您的管理范围" in app.error[0].value
    assert not app.dataframe
