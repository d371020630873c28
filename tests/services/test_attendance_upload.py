"""A list of attendance that comes back: everything that is wrong with it at once, or all of it."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.classes import CourseClass
from db.enrolments import Attendance, Enrolment
from db.people import Person
from services import attendance, attendance_upload, class_sessions, clock, completion, spreadsheets
from services.attendance_upload import (
    AlreadyPosted,
    Examined,
    HasErrors,
    NameDiffers,
    NothingToRegister,
    NotOnTheRoster,
)
from services.enrolment_moves import OwnEnrolment
from services.errors import InvalidField, LeftOut, NotFound
from services.import_verdicts import Repeated
from services.permissions import Actor
from services.spreadsheets import CheckedSpreadsheet
from tests import classes, factories
from tests import spreadsheet_files as files
from tests.services import taught as over
from tests.services.taught import Taught
from web.attendance_list import vocabulary


def header(taught: Taught, *more: str) -> list[str]:
    return ["报名号", "姓名", "工作单位", *(attendance.title(each) for each in taught.course_class.sessions), *more]


def name(enrolment: Enrolment) -> str:
    with reading() as session:
        return session.get_one(Person, enrolment.person_id).name


def row(enrolment: Enrolment, *cells: Any) -> list[Any]:
    return [enrolment.id, name(enrolment), "", *cells]


def file(taught: Taught, *rows: Sequence[Any], titles: Sequence[str] | None = None) -> CheckedSpreadsheet:
    return spreadsheets.check("出勤.xlsx", files.workbook([titles or header(taught), *rows]))


def examine(taught: Taught, sheet: CheckedSpreadsheet, actor: Actor | None = None) -> Examined:
    with reading() as session:
        course_class = attendance.of_class(session, taught.trainer, taught.course_class.id)
        words = vocabulary(course_class)
        return attendance_upload.examine(session, actor or taught.trainer, course_class.id, sheet, words)


def take_over(taught: Taught, sheet: CheckedSpreadsheet) -> int:
    words = vocabulary(taught.course_class)
    with transaction() as session:
        return attendance_upload.take_over(session, taught.trainer, taught.course_class.id, sheet, words)


def registered() -> dict[tuple[int, int], bool]:
    with reading() as session:
        return {(row.enrolment_id, row.session_id): row.present for row in session.scalars(select(Attendance))}


def refusals(examined: Examined) -> dict[int, list[type]]:
    return {each.line: [type(error) for error in each.errors] for each in examined.rejections}


def test_what_a_list_says_is_registered_and_empty_cells_change_nothing() -> None:
    taught, (first, second) = over.new((False, True), ())
    one, two = taught.sessions
    sheet = file(taught, row(first, "出勤", ""), row(second, "√", "缺勤"))
    assert take_over(taught, sheet) == 2
    assert registered() == {
        (first.id, one): True,
        (first.id, two): True,
        (second.id, one): True,
        (second.id, two): False,
    }


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("出勤", True),
        ("Present", True),
        ("√", True),
        (1, True),
        ("缺勤", False),
        ("Absent", False),
        ("×", False),
        (0, False),
    ],
)
def test_attendance_is_written_in_either_language_or_with_a_sign(written: str | int, meant: bool) -> None:
    taught, (enrolment,) = over.new(())
    take_over(taught, file(taught, row(enrolment, written)))
    assert list(registered().values()) == [meant]


def test_a_list_may_name_some_sessions_in_any_order_of_columns_and_rows() -> None:
    taught, people = over.new((), (), ())
    two = attendance.title(taught.course_class.sessions[1])
    rows = [["出勤", each.id, name(each)] for each in people]
    random.Random(7).shuffle(rows)
    assert take_over(taught, file(taught, *rows, titles=[two, "报名号", "姓名"])) == 3
    assert {number for _, number in registered()} == {taught.sessions[1]}


def test_the_list_of_the_longest_class_is_read_to_its_last_column() -> None:
    with transaction() as session:
        taught = over.create(session, days=class_sessions.MOST_SESSIONS)
        enrolment = over.accept(session, taught)
        session.get_one(CourseClass, taught.course_class.id).has_exam = True
    sheet = file(taught, row(enrolment, *["出勤"] * len(taught.sessions), "合格"), titles=header(taught, "考试结果"))
    assert take_over(taught, sheet) == 1
    assert {number for _, number in registered()} == set(taught.sessions)
    assert over.stored(enrolment).passed


def test_an_exam_is_registered_with_the_list() -> None:
    taught, (first, second) = over.new((), ())
    with transaction() as session:
        session.get_one(CourseClass, taught.course_class.id).has_exam = True
    taught.course_class.has_exam = True
    titles = header(taught, "考试结果")
    sheet = file(taught, row(first, "出勤", "出勤", "合格"), row(second, "", "", "Failed"), titles=titles)
    assert take_over(taught, sheet) == 2
    assert (over.stored(first).passed, over.stored(second).passed) == (True, False)


def test_all_errors_are_named_at_once_and_nothing_is_registered() -> None:
    taught, (good, renamed, unclear, twice) = over.new((), (), (), ())
    _other, (stranger,) = over.new(())
    sheet = file(
        taught,
        row(good, "出勤", "出勤"),
        [renamed.id, "改名的人", "", "出勤", "迟到"],
        row(unclear, "也许", "也许"),
        ["没有号", "林知夏", "", "出勤", ""],
        row(stranger, "出勤", "出勤"),
        row(twice, "出勤", ""),
        row(twice, "", "缺勤"),
        ["", "", "", "出勤", ""],
    )
    examined = examine(taught, sheet)
    assert refusals(examined) == {
        3: [InvalidField, NameDiffers],
        4: [InvalidField, InvalidField],
        5: [InvalidField],
        6: [NotOnTheRoster],
        8: [Repeated],
        9: [LeftOut, LeftOut],
    }
    with pytest.raises(HasErrors) as refusal:
        take_over(taught, sheet)
    assert refusal.value.params == {"count": 6}
    assert registered() == {}


def test_what_is_registered_already_is_counted_and_not_written_again() -> None:
    taught, (known, new) = over.new((True, False), ())
    examined = examine(taught, file(taught, row(known, "出勤", "缺勤"), row(new, "出勤", "")))
    assert (examined.known, list(examined.marks)) == (1, [new.id])


def test_a_session_that_has_not_begun_is_refused() -> None:
    taught, (enrolment,) = over.new(())
    last = taught.course_class.sessions[-1]
    with clock.at(clock.moment(last.held_on, last.begins) - timedelta(minutes=1)):
        examined = examine(taught, file(taught, row(enrolment, "出勤", "出勤")))
    assert refusals(examined) == {2: [attendance.SessionNotBegun]}


def test_posted_people_may_stand_on_the_list_as_they_are_and_not_otherwise() -> None:
    taught, (enrolment,) = over.new((True, True))
    completion.post(transaction, taught.trainer, taught.course_class.id)
    assert examine(taught, file(taught, row(enrolment, "出勤", "出勤"))).known == 1
    assert refusals(examine(taught, file(taught, row(enrolment, "缺勤", "")))) == {2: [AlreadyPosted]}


def test_nobody_registers_himself_with_a_list() -> None:
    with transaction() as session:
        taught = over.create(session)
        account = classes.create_trainer(session, taught.provider)
        person = factories.create_person(session, employer=taught.employer, account=account)
        own = over.accept(session, taught, person=person)
        himself = factories.actor_of(session, account)
    assert refusals(examine(taught, file(taught, row(own, "出勤")), himself)) == {2: [OwnEnrolment]}


def test_a_list_without_sessions_or_without_names_is_refused() -> None:
    taught, (enrolment,) = over.new(())
    with pytest.raises(NothingToRegister):
        examine(taught, file(taught, [enrolment.id, "林知夏"], titles=["报名号", "姓名"]))
    with pytest.raises(LeftOut):
        examine(taught, file(taught, [enrolment.id, "出勤"], titles=["报名号", "出勤情况"]))


def test_another_providers_class_is_not_found() -> None:
    taught, (enrolment,) = over.new(())
    other, _ = over.new()
    with pytest.raises(NotFound):
        examine(taught, file(taught, row(enrolment, "出勤")), other.trainer)
