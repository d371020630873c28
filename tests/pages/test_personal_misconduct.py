"""失信信息查看: one's own records from the notice on, what can be done now, and who has looked."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.claims import ClaimStatus
from db.misconduct import MisconductFile, MisconductLook, MisconductRecord, MisconductStatus
from db.organisations import Organisation
from db.people import Person
from services.clock import now
from tests import factories, hostile_files
from tests.misconduct_cases import create_case
from tests.pages.conftest import OpenPage
from tests.pages.reading import errors_in_popovers, said

PAGE = "personal/misconduct"
Stage = tuple[Account, Person, Organisation]


@pytest.fixture
def stage() -> Stage:
    with transaction() as session:
        employer = factories.create_employer(session)
        person = factories.create_person(session, employer=employer)
        return session.get_one(Account, person.account_id), person, employer


def create(stage: Stage, status: MisconductStatus, *, days_ago: int = 120) -> MisconductRecord:
    with transaction() as session:
        return create_case(session, stage[1], stage[2], status=status, at=now() - timedelta(days=days_ago))


def status() -> MisconductStatus:
    with reading() as session:
        return session.scalars(select(MisconductRecord.status)).one()


def test_nothing_is_told_before_the_notice(open_page: OpenPage, stage: Stage) -> None:
    create(stage, MisconductStatus.INVESTIGATING)
    assert "没有失信信息" in said(open_page(PAGE, stage[0]))


@pytest.mark.parametrize(
    ("before", "action", "after", "days_ago"),
    [
        (MisconductStatus.NOTIFIED, "reply", MisconductStatus.NOTIFIED, 0),
        (MisconductStatus.CONFIRMED, "object", MisconductStatus.OBJECTED, 1),
        (MisconductStatus.CONFIRMED, "request_repair", MisconductStatus.REPAIR_REQUESTED, 120),
    ],
)
def test_what_can_be_done_is_done_with_words_and_files(
    open_page: OpenPage,
    stage: Stage,
    before: MisconductStatus,
    action: str,
    after: MisconductStatus,
    days_ago: int,
) -> None:
    case = create(stage, before, days_ago=days_ago)
    app = open_page(PAGE, stage[0])
    assert case.facts in said(app)
    form = f"{action}_{case.id}_{case.version}"
    app.button(key=f"FormSubmitter:{form}-提交").click().run()
    assert "说明" in errors_in_popovers(app)
    app.text_area(key=f"opinion_{form}").input("证明由单位统一提供。")
    uploader = next(each for each in app.file_uploader if each.key == f"{form}_files")
    uploader.set_value(("说明.pdf", hostile_files.pdf(), "application/pdf"))
    app.button(key=f"FormSubmitter:{form}-提交").click().run()
    assert not app.error
    assert status() is after
    with reading() as session:
        assert session.scalars(select(MisconductFile.file_name)).all() == ["说明.pdf"]
    assert "证明由单位统一提供。" in said(app)


def test_repair_says_from_when_it_can_be_asked_for(open_page: OpenPage, stage: Stage) -> None:
    case = create(stage, MisconductStatus.CONFIRMED, days_ago=1)
    assert f"自 {case.repair_from} 起可以申请信用修复" in said(open_page(PAGE, stage[0]))


def test_the_note_beside_a_claim_is_seen_by_the_reviewer_and_the_look_by_the_person(
    open_page: OpenPage, stage: Stage
) -> None:
    create(stage, MisconductStatus.CONFIRMED)
    with transaction() as session:
        factories.create_claim(session, session.merge(stage[1]), status=ClaimStatus.SUBMITTED)
        reviewer = factories.create_reviewer(session, stage[2])
    assert "失信提示" in said(open_page("employer/claims", reviewer))
    with reading() as session:
        assert session.scalars(select(MisconductLook.actor_id)).all() == [reviewer.id]
    app = open_page(PAGE, stage[0])
    assert reviewer.display_name in app.dataframe[0].value.to_string()
