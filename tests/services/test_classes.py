"""The classes of a provider: drafts, publishing, and the way that follows."""

from collections.abc import Iterator
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import Account
from db.classes import ClassAction, ClassMode, ClassSession, ClassStatus, ClassStep, CourseClass
from db.enrolments import EnrolmentStatus
from db.events import pending
from db.organisations import Organisation, OrganisationStatus
from db.people import TitleSeries
from services import class_form, class_moves, class_sessions, classes, clock
from services.class_form import ClassForm
from services.class_sessions import SessionForm
from services.errors import DomainError, InvalidField, LeftOut, NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor
from tests import classes as built
from tests import factories
from tests.services.class_forms import FIRST, FORM, SECOND, SESSIONS, TODAY


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def provider(open_session: Session) -> Organisation:
    return built.create_provider(open_session)


@pytest.fixture
def trainer(open_session: Session, provider: Organisation) -> Actor:
    return factories.actor_of(open_session, built.create_trainer(open_session, provider))


def drafted(session: Session, trainer: Actor, provider: Organisation, form: ClassForm = FORM) -> CourseClass:
    course_class = classes.create(session, trainer, provider.id, form)
    session.flush()
    return course_class


def published(session: Session, trainer: Actor, provider: Organisation) -> CourseClass:
    draft = drafted(session, trainer, provider)
    return step(session, trainer, draft, ClassAction.PUBLISH)


def step(
    session: Session, actor: Actor, course_class: CourseClass, action: ClassAction, opinion: str = ""
) -> CourseClass:
    moved = classes.act(session, actor, course_class.id, action, seen=course_class.version, opinion=opinion)
    session.flush()
    return moved


def test_a_draft_comes_back_as_it_was_typed(open_session: Session, trainer: Actor, provider: Organisation) -> None:
    draft = drafted(open_session, trainer, provider)
    kept = classes.get_own(open_session, trainer, draft.id)
    assert replace(class_form.form_of(kept), fee="380.50") == FORM
    assert (kept.fee_fen, kept.year, kept.start_on, kept.end_on) == (38050, 2026, FIRST, SECOND)
    assert (kept.status, kept.code, kept.taken) == (ClassStatus.DRAFT, None, 0)


def test_a_draft_needs_its_name_only(open_session: Session, trainer: Actor, provider: Organisation) -> None:
    kept = classes.get_own(open_session, trainer, drafted(open_session, trainer, provider, ClassForm(name="新班")).id)
    assert class_form.form_of(kept) == ClassForm(name="新班")
    with pytest.raises(InvalidField, match="培训班名称"):
        classes.create(open_session, trainer, provider.id, ClassForm(name=" "))


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


def test_publishing_gives_a_code_of_its_own_and_keeps_the_step(
    open_session: Session, trainer: Actor, provider: Organisation
) -> None:
    one, other = (published(open_session, trainer, provider) for _ in range(2))
    assert one.code == f"{factories.DIVISION}-2026-{one.id:06d}"
    assert one.code != other.code
    assert one.published_at == TODAY
    kept = open_session.scalars(select(ClassStep).where(ClassStep.class_id == one.id).order_by(ClassStep.id))
    assert [(each.actor_id, each.action, each.from_status, each.to_status) for each in kept] == [
        (trainer.account_id, ClassAction.CREATE, None, ClassStatus.DRAFT),
        (trainer.account_id, ClassAction.PUBLISH, ClassStatus.DRAFT, ClassStatus.OPEN),
    ]
    assert [event.action for event in pending(open_session)][:2] == ["class_create", "class_publish"]


def test_a_changed_draft_has_the_new_sessions_and_no_others(
    open_session: Session, trainer: Actor, provider: Organisation
) -> None:
    draft = drafted(open_session, trainer, provider)
    shorter = replace(FORM, sessions=SESSIONS[:1], hours=4, audience=(TitleSeries.ECONOMICS, TitleSeries.ARTS))
    classes.update(open_session, trainer, draft.id, shorter, seen=draft.version)
    open_session.flush()
    kept = open_session.scalars(select(ClassSession).where(ClassSession.class_id == draft.id)).all()
    assert [(each.held_on, each.topic) for each in kept] == [(FIRST, "新标准解读")]
    assert (draft.end_on, [each.series for each in draft.audience]) == (
        FIRST,
        [TitleSeries.ARTS, TitleSeries.ECONOMICS],
    )


def test_a_draft_that_changed_meanwhile_is_not_overwritten(
    open_session: Session, trainer: Actor, provider: Organisation
) -> None:
    draft = drafted(open_session, trainer, provider)
    seen = draft.version
    classes.update(open_session, trainer, draft.id, replace(FORM, name="改名"), seen=seen)
    open_session.flush()
    with pytest.raises(WrongStatus):
        classes.update(open_session, trainer, draft.id, FORM, seen=seen)


def test_what_is_published_is_not_edited_as_a_draft(
    open_session: Session, trainer: Actor, provider: Organisation
) -> None:
    course_class = published(open_session, trainer, provider)
    with pytest.raises(classes.ContentIsFixed, match="复制为新的培训班"):
        classes.update(open_session, trainer, course_class.id, FORM, seen=course_class.version)


def test_only_a_draft_is_deleted(open_session: Session, trainer: Actor, provider: Organisation) -> None:
    draft, course_class = drafted(open_session, trainer, provider), published(open_session, trainer, provider)
    classes.delete(open_session, trainer, draft.id, seen=draft.version)
    open_session.flush()
    with pytest.raises(NotFound):
        classes.get_own(open_session, trainer, draft.id)
    with pytest.raises(WrongStatus):
        classes.delete(open_session, trainer, course_class.id, seen=course_class.version)


def actors(session: Session, provider: Organisation) -> dict[type[DomainError] | None, Actor]:
    """Everybody by what he is told who may not: the first one may."""
    accounts: dict[type[DomainError] | None, Account] = {
        None: built.create_trainer(session, provider),
        NotFound: built.create_trainer(session, built.create_provider(session)),
        PermissionDenied: factories.create_supervisor(session),
    }
    return {told: factories.actor_of(session, account) for told, account in accounts.items()}


@pytest.mark.parametrize("action", class_moves.MOVES)
@pytest.mark.parametrize("status", ClassStatus)
def test_every_action_in_every_status_for_every_role(
    open_session: Session, provider: Organisation, status: ClassStatus, action: ClassAction
) -> None:
    move = class_moves.MOVES[action]
    for refusal, actor in actors(open_session, provider).items():
        course_class = built.create_class(open_session, provider, status=status)
        course_class.contact_name, course_class.contact_phone, course_class.place = "林知夏", "020-80000000", "一楼"
        open_session.flush()
        shown = class_moves.possible_actions(actor, course_class)
        assert (action in shown) == (refusal is None and status in move.sources)
        if action in shown and action is not ClassAction.COMPLETE:
            assert step(open_session, actor, course_class, action, "讲师生病").status is move.target
            continue
        with pytest.raises(refusal or WrongStatus):
            step(open_session, actor, course_class, action, "讲师生病")
        assert course_class.status is status


def test_a_suspended_provider_publishes_nothing(open_session: Session, trainer: Actor, provider: Organisation) -> None:
    draft = drafted(open_session, trainer, provider)
    provider.status = OrganisationStatus.SUSPENDED
    open_session.flush()
    with pytest.raises(WrongStatus):
        step(open_session, trainer, draft, ClassAction.PUBLISH)


def test_cancelling_needs_a_reason(open_session: Session, trainer: Actor, provider: Organisation) -> None:
    course_class = published(open_session, trainer, provider)
    with pytest.raises(InvalidField, match="取消原因"):
        step(open_session, trainer, course_class, ClassAction.CANCEL, " ")
    assert course_class.status is ClassStatus.OPEN


def test_a_class_with_posted_hours_is_not_cancelled(
    open_session: Session, trainer: Actor, provider: Organisation
) -> None:
    course_class = built.create_class(open_session, provider, status=ClassStatus.CLOSED)
    employer = factories.create_employer(open_session)
    person = factories.create_person(open_session, employer=employer)
    built.create_enrolment(open_session, course_class, person, employer=employer, status=EnrolmentStatus.COMPLETED)
    with pytest.raises(classes.HoursPosted):
        step(open_session, trainer, course_class, ClassAction.CANCEL, "场地维修")


def test_a_class_whose_enrolment_has_passed_is_opened_again_with_a_new_end(
    open_session: Session, trainer: Actor, provider: Organisation
) -> None:
    course_class = step(open_session, trainer, published(open_session, trainer, provider), ClassAction.CLOSE)
    with clock.at(datetime(2026, 7, 2, tzinfo=UTC)):
        with pytest.raises(class_form.EnrolmentIsOver):
            step(open_session, trainer, course_class, ClassAction.OPEN)
        until = datetime(2026, 7, 4, tzinfo=UTC)
        seen = course_class.version
        classes.act(open_session, trainer, course_class.id, ClassAction.OPEN, seen=seen, enrol_until=until)
    assert (course_class.status, course_class.enrol_until) == (ClassStatus.OPEN, until)


def test_a_class_that_has_begun_is_not_opened_again(
    open_session: Session, trainer: Actor, provider: Organisation
) -> None:
    course_class = step(open_session, trainer, published(open_session, trainer, provider), ClassAction.CLOSE)
    with clock.at(datetime(2026, 7, 5, 17, tzinfo=UTC)):  # one o'clock of the first day, in China
        assert class_moves.possible_actions(trainer, course_class) == [ClassAction.CANCEL, ClassAction.COMPLETE]
        with pytest.raises(class_moves.AlreadyBegun):
            step(open_session, trainer, course_class, ClassAction.OPEN)


def test_the_list_has_the_own_classes_newest_first(
    open_session: Session, trainer: Actor, provider: Organisation
) -> None:
    older, newer = (built.create_class(open_session, provider) for _ in range(2))
    draft = built.create_class(open_session, provider, status=ClassStatus.DRAFT, name="百分之_百")
    built.create_class(open_session, built.create_provider(open_session))
    listed = [each.id for each in classes.list_own(open_session, trainer)]
    assert listed == [draft.id, newer.id, older.id]
    assert [each.id for each in classes.list_own(open_session, trainer, after_id=newer.id)] == [older.id]
    assert [each.id for each in classes.list_own(open_session, trainer, text="_")] == [draft.id]
    assert [each.id for each in classes.list_own(open_session, trainer, text=str(older.code))] == [older.id]
    assert classes.counts_own(open_session, trainer) == {ClassStatus.OPEN: 2, ClassStatus.DRAFT: 1}


def test_nobody_makes_classes_in_the_name_of_another_provider(open_session: Session, trainer: Actor) -> None:
    with pytest.raises(NotFound):
        classes.create(open_session, trainer, built.create_provider(open_session).id, FORM)


def test_every_field_of_the_form_is_kept() -> None:
    named = {*class_form.ALIKE, "fee", "divisions", "audience", "sessions"}
    assert {each.name for each in dataclass_fields(ClassForm)} == named
