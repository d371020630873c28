"""What an employer decides about its people besides who works there, and what a supervisor decides after it."""

import pytest

from db import reading, transaction
from db.accounts import Account
from db.events import Event
from db.identity_changes import IdentityChange, IdentityChangeStatus
from db.organisations import Organisation
from db.people import Person
from db.profile_changes import ProfileChange, ProfileChangeStatus
from services import profile_changes, storage
from tests import factories, hostile_files, profiles
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said

PEOPLE, ORGANISATIONS = "employer/people", "authority/organisations"
NUMBER = factories.invented_id_number(412)


@pytest.fixture
def change(employer: Organisation) -> ProfileChange:
    with transaction() as session:
        person = factories.create_person(session, name="苏清和", employer=employer)
        return profiles.create_profile_change(session, person, after={"department": "桥梁所"})


@pytest.fixture
def correction(employer: Organisation) -> IdentityChange:
    with transaction() as session:
        person = factories.create_person(session, name="苏清和", employer=employer)
        correction = profiles.create_identity_change(session, person, name="苏若谷", id_number=NUMBER)
        correction.files[0].sha256 = storage.put(hostile_files.pdf())
    return correction


def kept(change: ProfileChange) -> tuple[ProfileChangeStatus, str, str]:
    with reading() as session:
        found = session.get_one(ProfileChange, change.id)
        return found.status, found.reason, session.get_one(Person, found.person_id).department


def corrected(correction: IdentityChange) -> tuple[IdentityChangeStatus, str]:
    with reading() as session:
        found = session.get_one(IdentityChange, correction.id)
        return found.status, session.get_one(Person, found.person_id).name


def test_a_change_is_shown_before_and_after_and_confirmed(
    open_page: OpenPage, reviewer: Account, change: ProfileChange
) -> None:
    app = open_page(PEOPLE, reviewer, view="changes")
    assert "苏清和" in app.header[0].value
    assert app.table[0].value.iloc[0].to_list() == ["所在部门", "未填写", "桥梁所"]
    button(app, "确认").click().run()
    assert kept(change) == (ProfileChangeStatus.CONFIRMED, "", "桥梁所")
    assert "没有待确认的资料变更" in said(app)


def test_a_change_is_sent_back_with_a_reason(open_page: OpenPage, reviewer: Account, change: ProfileChange) -> None:
    app = open_page(PEOPLE, reviewer, view="changes")
    button(app, "退回").click().run()
    assert [error.value for error in app.error] == ["退回原因：请填写。"]
    app.text_area[0].set_value("请附聘书")
    button(app, "退回").click().run()
    assert kept(change) == (ProfileChangeStatus.RETURNED, "请附聘书", "")
    assert "请附聘书" in said(open_page(PEOPLE, reviewer, view="changes", status="returned"))


def test_a_change_that_was_withdrawn_meanwhile_is_not_confirmed(
    open_page: OpenPage, reviewer: Account, change: ProfileChange
) -> None:
    app = open_page(PEOPLE, reviewer, view="changes")
    with transaction() as session:
        session.get_one(ProfileChange, change.id).status = ProfileChangeStatus.DRAFT
    button(app, "确认").click().run()
    assert kept(change)[0] is ProfileChangeStatus.DRAFT


def test_how_much_waits_stands_behind_each_view(
    open_page: OpenPage, reviewer: Account, change: ProfileChange, correction: IdentityChange
) -> None:
    views = open_page(PEOPLE, reviewer).segmented_control(key="view_filter")
    assert list(views.options) == ["人员", "资料变更 1", "身份更正 1"]


def test_qualifications_stand_beside_the_decision_about_a_person(
    open_page: OpenPage, reviewer: Account, employer: Organisation
) -> None:
    with transaction() as session:
        profiles.create_title(session, factories.create_person(session, employer=employer))
    app = open_page(PEOPLE, reviewer, status="active")
    assert any("工程师" in expander.label for expander in app.expander)


def test_a_correction_is_endorsed_by_the_employer_and_approved_by_the_supervisor(
    open_page: OpenPage, reviewer: Account, supervisor: Account, correction: IdentityChange
) -> None:
    assert "没有待批准的身份更正" in said(open_page(ORGANISATIONS, supervisor, view="identities"))
    app = open_page(PEOPLE, reviewer, view="identities")
    assert NUMBER not in repr(app.main)
    button(app, "核实无误").click().run()
    assert corrected(correction) == (IdentityChangeStatus.ENDORSED, "苏清和")
    app = open_page(ORGANISATIONS, supervisor, view="identities")
    button(app, "批准更正").click().run()
    assert corrected(correction) == (IdentityChangeStatus.APPROVED, "苏若谷")
    assert "没有待批准的身份更正" in said(app)


@pytest.mark.parametrize("status", [IdentityChangeStatus.REQUESTED, IdentityChangeStatus.ENDORSED])
def test_a_correction_is_sent_back_with_a_reason(
    open_page: OpenPage,
    reviewer: Account,
    supervisor: Account,
    employer: Organisation,
    correction: IdentityChange,
    status: IdentityChangeStatus,
) -> None:
    if status is IdentityChangeStatus.ENDORSED:
        with transaction() as session:
            found = session.get_one(IdentityChange, correction.id)
            found.status, found.employer_id, found.endorsed_by_id = status, employer.id, reviewer.id
            found.endorsed_at = found.requested_at
        app = open_page(ORGANISATIONS, supervisor, view="identities")
    else:
        app = open_page(PEOPLE, reviewer, view="identities")
    button(app, "退回").click().run()
    assert [error.value for error in app.error] == ["退回原因：请填写。"]
    app.text_area[0].set_value("看不清")
    button(app, "退回").click().run()
    assert corrected(correction) == (IdentityChangeStatus.RETURNED, "苏清和")


def test_the_numbers_are_masked_until_a_recorded_look_of_who_decides(
    open_page: OpenPage, reviewer: Account, correction: IdentityChange
) -> None:
    app = open_page(PEOPLE, reviewer, view="identities")
    assert NUMBER not in repr(app.main)
    button(app, "显示新旧证件号码").click().run()
    assert NUMBER in app.code[0].value
    app.run()
    assert NUMBER not in repr(app.main)
    with reading() as session:
        assert session.query(Event).filter_by(action="id_number_reveal").one().actor_id == reviewer.id
    button(app, "核实无误").click().run()
    assert "显示新旧证件号码" not in buttons(open_page(PEOPLE, reviewer, view="identities", status="endorsed"))


@pytest.mark.parametrize("view", ["changes", "identities"])
def test_the_number_of_queries_does_not_grow_with_the_list(
    open_page: OpenPage, reviewer: Account, employer: Organisation, view: str, count_queries: CountQueries
) -> None:
    with transaction() as session:
        for _ in range(profile_changes.PAGE_SIZE + 1):
            person = factories.create_person(session, employer=employer)
            profiles.create_profile_change(session, person)
            profiles.create_identity_change(session, person)
    app = open_page(PEOPLE, reviewer, view=view)
    with count_queries() as queries:
        app.run()
    assert len(app.dataframe[0].value) == profile_changes.PAGE_SIZE
    assert len(queries) <= 4, queries
    button(app, "下一页").click().run()
    assert len(app.dataframe[0].value) == 1
