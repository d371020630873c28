"""The classes of a provider: drafts, and the way that follows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import Account
from db.classes import ClassAction, ClassSession, ClassStatus, ClassStep
from db.enrolments import EnrolmentStatus
from db.events import pending
from db.organisations import Organisation, OrganisationStatus
from db.people import TitleSeries
from services import class_form, class_moves, classes, clock
from services.class_form import ClassForm
from services.errors import DomainError, InvalidField, NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor
from tests import classes as built
from tests import factories
from tests.services.class_forms import FIRST, FORM, SECOND, SESSIONS, TODAY, drafted, published, step


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


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


def test_whoever_is_in_a_cancelled_class_or_waits_for_it_is_told_why(
    open_session: Session, trainer: Actor, provider: Organisation
) -> None:
    course_class, employer = published(open_session, trainer, provider), factories.create_employer(open_session)
    taking_part = [
        built.create_enrolment(
            open_session,
            course_class,
            factories.create_person(open_session, employer=employer),
            employer=employer,
            status=status,
        )
        for status in (EnrolmentStatus.APPLIED, EnrolmentStatus.ACCEPTED, EnrolmentStatus.WAITLISTED)
    ]
    open_session.flush()
    step(open_session, trainer, course_class, ClassAction.CANCEL, "讲师生病")
    told = {(each.status, each.opinion, each.news_at) for each in taking_part}
    assert told == {(EnrolmentStatus.CANCELLED, "讲师生病", TODAY)}
    open_session.expire(course_class)
    assert (course_class.status, course_class.opinion, course_class.taken) == (ClassStatus.CANCELLED, "讲师生病", 0)


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
