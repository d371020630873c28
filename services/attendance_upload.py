"""A list of who was present, as it comes back filled in: everything that is wrong with it at once, or all of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from db.classes import CourseClass
from db.enrolments import Enrolment, EnrolmentStatus
from services import attendance, fields, registration, spreadsheet_cells, spreadsheets
from services.attendance import Marks, SessionNotBegun
from services.class_sessions import has_begun
from services.enrolment_moves import OwnEnrolment
from services.errors import N_, DomainError, InvalidField
from services.import_verdicts import Repeated
from services.permissions import Actor
from services.spreadsheet_cells import Value, halfwidth
from services.spreadsheets import CheckedSpreadsheet, Column, Line, Vocabulary

NUMBER = N_("报名号")
EMPLOYER = N_("工作单位")
RESULT = N_("考试结果")


class Presence(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"


class ExamResult(StrEnum):
    PASSED = "passed"
    FAILED = "failed"


class NotOnTheRoster(DomainError):
    message = N_("该报名号不在本班的学员名单中，请下载最新的名单填写。")


class NameDiffers(DomainError):
    message = N_("姓名与该报名号的学员不一致，请核对是否填错了行。")


class AlreadyPosted(DomainError):
    message = N_("该学员的学时已经登记，名单不能再修改他的出勤；请在下方逐人更正。")


class NothingToRegister(DomainError):
    message = N_("名单中没有上课日期或考试结果的列，请下载名单并保留其表头。")


class HasErrors(DomainError):
    message = N_("名单中有 %(count)s 行不能登记，请改正后重新上传；现在一行也没有登记。")


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row, by its number in the file, with everything that is wrong with it."""

    line: int
    errors: Sequence[DomainError]


@dataclass(frozen=True, slots=True)
class Examined:
    """What a list would register, by enrolment; `known` rows say nothing new."""

    marks: Mapping[int, Marks]
    known: int
    rejections: Sequence[Rejection]


def columns(course_class: CourseClass) -> list[Column]:
    """Of the list of a class; of its sessions it may name some only, and an empty cell changes nothing."""
    return [
        Column(NUMBER, _number, required=True),
        Column(registration.NAME, _name, required=True),
        *(Column(attendance.title(each), spreadsheet_cells.text, choices=Presence) for each in course_class.sessions),
        *([Column(RESULT, spreadsheet_cells.text, choices=ExamResult)] if course_class.has_exam else []),
    ]


def _number(value: Value) -> int:
    number = fields.row_number(halfwidth(value))
    if number is None:
        raise InvalidField(NUMBER, N_("请填写名单中的报名号。"))
    return number


def _name(value: Value) -> str:
    return registration.person_name(spreadsheet_cells.text(value))


def examine(session: Session, actor: Actor, class_id: int, file: CheckedSpreadsheet, words: Vocabulary) -> Examined:
    """Look through all rows and change nothing. Raises NotFound, NothingToRegister, and what `table` raises."""
    course_class = attendance.of_class(session, actor, class_id)
    people = {each.id: each for each in session.scalars(attendance.everybody(course_class))}
    marks: dict[int, Marks] = {}
    rejections = []
    known, seen = 0, dict[int, int]()
    for line in _lines(course_class, file, words):
        number = line.values.get(NUMBER, 0)
        wanted = _marks(course_class, line)
        errors = [*line.errors, *_refusals(actor, course_class, line, people.get(number), wanted)]
        if number and (first := seen.setdefault(number, line.number)) != line.number:
            errors.append(Repeated(line=first))
        if errors:
            rejections.append(Rejection(line.number, errors))
        elif _is_known(people[number], wanted):
            known += 1
        else:
            marks[number] = wanted
    return Examined(marks, known, rejections)


def _lines(course_class: CourseClass, file: CheckedSpreadsheet, words: Vocabulary) -> Iterator[Line]:
    asked = columns(course_class)
    table = spreadsheets.table(file, asked, words)
    if table.places.keys() <= {NUMBER, registration.NAME}:
        raise NothingToRegister
    return (spreadsheets.understood(row, table.places, asked, words) for row in table.rows)


def _marks(course_class: CourseClass, line: Line) -> Marks:
    said = {each.id: line.values.get(attendance.title(each)) for each in course_class.sessions}
    present = {number: answer is Presence.PRESENT for number, answer in said.items() if answer is not None}
    result = line.values.get(RESULT)
    return Marks(present, None if result is None else result is ExamResult.PASSED)


def _refusals(
    actor: Actor, course_class: CourseClass, line: Line, enrolment: Enrolment | None, wanted: Marks
) -> Iterator[DomainError]:
    for each in course_class.sessions:
        if each.id in wanted.present and not has_begun(each):
            yield SessionNotBegun(session=attendance.title(each))
    if NUMBER not in line.values:
        return
    if enrolment is None:
        yield NotOnTheRoster()
        return
    if line.values.get(registration.NAME, enrolment.person.name) != enrolment.person.name:
        yield NameDiffers()
    if _is_known(enrolment, wanted):
        return
    if enrolment.status is not EnrolmentStatus.ACCEPTED:
        yield AlreadyPosted()
    elif enrolment.person_id == actor.person_id:
        yield OwnEnrolment()


def _is_known(enrolment: Enrolment, wanted: Marks) -> bool:
    """Whether everything that a row says is registered already."""
    registered = attendance.present(enrolment)
    same = all(registered.get(number) is here for number, here in wanted.present.items())
    return same and wanted.passed in {None, enrolment.passed}


def take_over(session: Session, actor: Actor, class_id: int, file: CheckedSpreadsheet, words: Vocabulary) -> int:
    """Register the whole list; for how many people. Raises HasErrors and the refusals of `examine`."""
    attendance.of_class(session, actor, class_id, to_change=True)
    examined = examine(session, actor, class_id, file, words)
    if examined.rejections:
        raise HasErrors(count=len(examined.rejections))
    attendance.register(session, actor, class_id, examined.marks)
    return len(examined.marks)
