"""The list of attendance to fill in: for its provider, with everybody in it, and taken back as it was given out."""

from http import HTTPStatus

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.events import Event
from services import attendance, attendance_upload, spreadsheets
from tests import classes
from tests import spreadsheet_files as files
from tests.services import taught as over
from tests.services.taught import Taught
from tests.web.client import new_client, token_for
from web.attendance_list import vocabulary


def account(taught: Taught) -> Account:
    with reading() as session:
        return session.get_one(Account, taught.trainer.account_id)


def downloaded(taught: Taught, by: Account) -> bytes:
    response = new_client(token=token_for(by)).get(f"/exports/attendance-list?class={taught.course_class.id}")
    assert response.status_code == HTTPStatus.OK
    return response.content


def test_it_holds_everybody_with_what_is_registered() -> None:
    taught, (first, second) = over.new((True, False), ())
    titles, *rows = files.rows_of(downloaded(taught, account(taught)))
    sessions = tuple(attendance.title(each) for each in taught.course_class.sessions)
    assert titles == ("报名号", "姓名", "工作单位", *sessions)
    assert [(line[0], line[2], line[3] or "", line[4] or "") for line in rows] == [
        (str(first.id), taught.employer.name, "出勤", "缺勤"),
        (str(second.id), taught.employer.name, "", ""),
    ]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_what_was_downloaded_can_be_uploaded_in_any_language(language: str) -> None:
    taught, _ = over.new((True, False), (False, True))
    with transaction() as session:
        session.get_one(Account, taught.trainer.account_id).language = language
    sheet = spreadsheets.check("list.xlsx", downloaded(taught, account(taught)))
    with reading() as session:
        words = vocabulary(attendance.of_class(session, taught.trainer, taught.course_class.id))
        examined = attendance_upload.examine(session, taught.trainer, taught.course_class.id, sheet, words)
    assert (examined.known, examined.marks, examined.rejections) == (2, {}, [])


def test_that_it_was_taken_along_is_in_the_log() -> None:
    taught, _ = over.new(())
    downloaded(taught, account(taught))
    with reading() as session:
        event = session.scalars(select(Event).where(Event.action == "attendance_export")).one()
    assert (event.actor_id, event.object_id, event.after) == (
        taught.trainer.account_id,
        taught.course_class.id,
        {"people": 1},
    )


def test_there_is_none_for_another_provider_and_none_without_a_class() -> None:
    taught, _ = over.new(())
    with transaction() as session:
        stranger = classes.create_trainer(session, classes.create_provider(session))
    client = new_client(token=token_for(stranger))
    for query in (f"class={taught.course_class.id}", "class=0", "class=x", ""):
        assert client.get(f"/exports/attendance-list?{query}").status_code == HTTPStatus.NOT_FOUND
