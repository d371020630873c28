"""What a class must say to be kept, and to be published."""

from collections.abc import Iterator
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from db.classes import ClassAction, ClassMode, ClassStatus
from db.organisations import Organisation
from services import class_form, class_sessions, classes, clock
from services.class_form import ClassForm
from services.class_sessions import SessionForm
from services.errors import DomainError, InvalidField, LeftOut
from services.permissions import Actor
from tests.services.class_forms import FIRST, FORM, SESSIONS, TODAY, drafted, step


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"hours": "4.55"}, InvalidField),
        ({"capacity": 0}, InvalidField),
        ({"capacity": class_form.MOST_SEATS + 1}, InvalidField),
        ({"fee": "-1"}, InvalidField),
        ({"fee": "1.234"}, InvalidField),
        ({"fee": "NaN"}, InvalidField),
        ({"fee": "免费"}, InvalidField),
        ({"attendance_needed": 0}, InvalidField),
        ({"attendance_needed": 101}, InvalidField),
        ({"contact_phone": "请来电"}, InvalidField),
        ({"description": "介" * 2001}, InvalidField),
        ({"divisions": ("999999",)}, InvalidField),
        ({"enrol_until": FORM.enrol_from}, InvalidField),
        ({"sessions": (SessionForm(FIRST, time(9)),)}, class_sessions.SessionIncomplete),
        ({"sessions": (SessionForm(FIRST, time(9), time(9)),)}, class_sessions.SessionEndsEarly),
        ({"sessions": (*SESSIONS, SessionForm(FIRST, time(11), time(13)))}, class_sessions.SessionsOverlap),
        ({"sessions": (*SESSIONS, SessionForm(FIRST, time(9), time(10)))}, class_sessions.SessionsOverlap),
        ({"sessions": (*SESSIONS, SessionForm(date(2027, 1, 1), time(9), time(10)))}, class_sessions.SeveralYears),
        (
            {"sessions": tuple(SessionForm(FIRST, time(hour), time(hour, 1)) for hour in range(24)) * 5},
            InvalidField,
        ),
    ],
)
def test_what_a_draft_says_must_be_possible(
    open_session: Session, trainer: Actor, provider: Organisation, change: dict[str, object], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        classes.create(open_session, trainer, provider.id, replace(FORM, **change))  # type: ignore[arg-type]


def test_a_session_may_begin_when_another_one_ends(
    open_session: Session, trainer: Actor, provider: Organisation
) -> None:
    seamless = (SessionForm(FIRST, time(9), time(12)), SessionForm(FIRST, time(12), time(13)))
    assert len(drafted(open_session, trainer, provider, replace(FORM, sessions=seamless)).sessions) == 2


def test_a_division_that_lies_in_another_one_need_not_be_named(
    open_session: Session, trainer: Actor, provider: Organisation
) -> None:
    draft = drafted(open_session, trainer, provider, replace(FORM, divisions=("440104", "440100", "440300")))
    assert [each.division for each in draft.divisions] == ["440100", "440300"]


def test_publishing_names_everything_that_is_missing_at_once(
    open_session: Session, trainer: Actor, provider: Organisation
) -> None:
    draft = drafted(open_session, trainer, provider, ClassForm(name="新班"))
    with pytest.raises(LeftOut) as refusal:
        step(open_session, trainer, draft, ClassAction.PUBLISH)
    assert refusal.value.labels == [
        "学时类别",
        "培训学时",
        "服务区划",
        "上课安排",
        "招生名额",
        "报名开始时间",
        "报名截止时间",
        "联系人",
        "联系电话",
        "上课地点",
    ]
    assert draft.status is ClassStatus.DRAFT


def test_only_what_is_held_somewhere_needs_a_place() -> None:
    nowhere = replace(FORM, place="")
    assert class_form.missing(nowhere) == ["上课地点"]
    assert class_form.missing(replace(nowhere, mode=ClassMode.ONLINE)) == []
    named = tuple(replace(each, place="第一教室") for each in SESSIONS)
    assert class_form.missing(replace(nowhere, sessions=named)) == []


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"hours": "12.1"}, class_form.MoreThanSessionsHold),
        ({"enrol_until": datetime(2026, 7, 6, 1, 1, tzinfo=UTC)}, class_form.EnrolmentEndsLate),
        (
            {"enrol_from": TODAY - timedelta(days=3), "enrol_until": TODAY - timedelta(days=1)},
            class_form.EnrolmentIsOver,
        ),
        ({"sessions": (SessionForm(date(2026, 6, 10), time(8), time(17)),), "hours": 8}, class_form.HasBegun),
    ],
)
def test_what_is_published_fits_together(
    open_session: Session, trainer: Actor, provider: Organisation, change: dict[str, object], refusal: type[DomainError]
) -> None:
    draft = drafted(open_session, trainer, provider, replace(FORM, **change))  # type: ignore[arg-type]
    with pytest.raises(refusal):
        step(open_session, trainer, draft, ClassAction.PUBLISH)


def test_enrolment_may_end_at_the_very_beginning_of_the_first_session(
    open_session: Session, trainer: Actor, provider: Organisation
) -> None:
    at_nine = datetime(2026, 7, 6, 1, tzinfo=UTC)
    draft = drafted(open_session, trainer, provider, replace(FORM, enrol_until=at_nine))
    assert step(open_session, trainer, draft, ClassAction.PUBLISH).status is ClassStatus.OPEN


def test_every_field_of_the_form_is_kept() -> None:
    named = {*class_form.ALIKE, "fee", "divisions", "audience", "sessions"}
    assert {each.name for each in dataclass_fields(ClassForm)} == named
