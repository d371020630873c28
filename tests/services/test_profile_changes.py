"""The way of a change of what the employer answers for: who may take which step, and what comes of it."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.accounts import Role
from db.events import pending
from db.organisations import Organisation
from db.people import Person, TitleSeries
from db.profile_changes import ProfileChange, ProfilePart
from db.profile_changes import ProfileChangeAction as Action
from db.profile_changes import ProfileChangeStatus as Status
from db.qualifications import Degree, Title
from services import profile_changes, profile_drafts
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor
from services.profile_changes import ChangedOtherwise, NothingToSubmit
from services.profile_fields import said
from tests import factories, profiles

OWNER, REVIEWER = "the person", "a reviewer of the employer"
ALLOWED = {
    (OWNER, Status.DRAFT, Action.SUBMIT): Status.REQUESTED,
    (OWNER, Status.RETURNED, Action.SUBMIT): Status.REQUESTED,
    (OWNER, Status.REQUESTED, Action.WITHDRAW): Status.DRAFT,
    (OWNER, Status.DRAFT, Action.DISCARD): Status.DISCARDED,
    (OWNER, Status.RETURNED, Action.DISCARD): Status.DISCARDED,
    (REVIEWER, Status.REQUESTED, Action.CONFIRM): Status.CONFIRMED,
    (REVIEWER, Status.REQUESTED, Action.RETURN): Status.RETURNED,
}


@pytest.fixture
def reviewer(open_session: Session, employer: Organisation) -> Actor:
    return reviewer_of(open_session, employer)


def reviewer_of(session: Session, employer: Organisation) -> Actor:
    return factories.actor_of(session, factories.create_reviewer(session, employer))


def cast(session: Session, person: Person, employer: Organisation) -> dict[str, Actor]:
    """Everybody who might try, each as the database knows him."""
    owner = factories.actor_for(session, person)
    return {
        OWNER: owner,
        REVIEWER: reviewer_of(session, employer),
        "a colleague": factories.actor_for(session, factories.create_person(session, employer=employer)),
        "another employer": reviewer_of(session, factories.create_employer(session)),
        "a supervisor": factories.actor_of(session, factories.create_supervisor(session)),
        "an administrator": factories.actor_of(session, factories.create_account(session, Role.ADMINISTRATOR)),
        "the person with an initial password": replace(owner, must_change_password=True),
    }


def act(session: Session, actor: Actor, change: ProfileChange, action: Action, **given: str) -> None:
    profile_changes.act(session, actor, change.id, action, seen=change.version, **given)
    session.flush()


def test_every_role_in_every_status_may_take_exactly_the_steps_of_the_table(
    open_session: Session, person: Person, employer: Organisation
) -> None:
    taken = {}
    for who, actor in cast(open_session, person, employer).items():
        for status in Status:
            for action in Action:
                nested = open_session.begin_nested()
                change = profiles.create_profile_change(open_session, person, status=status, employer=employer)
                try:
                    act(open_session, actor, change, action, reason="请补充")
                except (PermissionDenied, NotFound, WrongStatus):
                    assert change.status is status
                else:
                    taken[who, status, action] = change.status
                nested.rollback()
    assert taken == ALLOWED


def test_the_buttons_are_those_of_the_table(open_session: Session, person: Person, employer: Organisation) -> None:
    actors = cast(open_session, person, employer)
    for status in Status:
        change = ProfileChange(person_id=person.id, status=status)
        for who in (OWNER, REVIEWER):
            offered = profile_changes.possible_actions(actors[who], change)
            assert offered == [action for action in Action if (who, status, action) in ALLOWED]


def test_nothing_holds_before_the_employer_confirms_it(
    open_session: Session, person: Person, reviewer: Actor, employer: Organisation
) -> None:
    change = profiles.create_profile_change(open_session, person, after={"department": "桥梁所"})
    assert person.department == ""
    act(open_session, reviewer, change, Action.CONFIRM)
    assert person.department == "桥梁所"
    assert (change.employer_id, change.decided_by_id) == (employer.id, reviewer.account_id)
    confirmed = pending(open_session)[-1]
    assert confirmed.action == "profile_change_confirm"
    assert confirmed.after["items"][0]["after"]["department"] == "桥梁所"


@pytest.mark.parametrize("action", [Action.RETURN, Action.WITHDRAW])
def test_what_is_sent_back_or_taken_back_changes_nothing_and_keeps_what_was_typed(
    open_session: Session, person: Person, reviewer: Actor, action: Action
) -> None:
    change = profiles.create_profile_change(open_session, person, after={"department": "桥梁所"})
    actor = reviewer if action is Action.RETURN else factories.actor_for(open_session, person)
    act(open_session, actor, change, action, reason="请附聘书")
    assert person.department == ""
    owner = factories.actor_for(open_session, person)
    kept = profile_changes.own_change(open_session, owner)
    assert kept is change
    assert [item.after["department"] for item in kept.items] == ["桥梁所"]
    act(open_session, owner, change, Action.SUBMIT)
    act(open_session, reviewer, change, Action.CONFIRM)
    assert person.department == "桥梁所"


def test_sending_back_needs_a_reason(open_session: Session, person: Person, reviewer: Actor) -> None:
    change = profiles.create_profile_change(open_session, person)
    with pytest.raises(InvalidField, match="退回原因"):
        profile_changes.act(open_session, reviewer, change.id, Action.RETURN, seen=change.version, reason=" ")
    assert change.status is Status.REQUESTED


def test_a_decision_about_what_has_changed_since_is_refused(
    open_session: Session, person: Person, reviewer: Actor
) -> None:
    change = profiles.create_profile_change(open_session, person)
    seen, owner = change.version, factories.actor_for(open_session, person)
    act(open_session, owner, change, Action.WITHDRAW)
    profile_drafts.put(open_session, owner, ProfilePart.WORK, {"department": "别处"}, entry_id=person.id)
    act(open_session, owner, change, Action.SUBMIT)
    with pytest.raises(WrongStatus):
        profile_changes.act(open_session, reviewer, change.id, Action.CONFIRM, seen=seen)


def test_what_has_changed_otherwise_is_not_overwritten_before_its_owner_has_looked_again(
    open_session: Session, person: Person, reviewer: Actor
) -> None:
    change = profiles.create_profile_change(open_session, person, after={"department": "桥梁所"})
    person.department = "隧道所"
    open_session.flush()
    with pytest.raises(ChangedOtherwise), open_session.begin_nested():
        act(open_session, reviewer, change, Action.CONFIRM)
    assert person.department == "隧道所"
    act(open_session, reviewer, change, Action.RETURN, reason="请核对")
    act(open_session, factories.actor_for(open_session, person), change, Action.SUBMIT)
    assert [item.before["department"] for item in change.items] == ["隧道所"]
    act(open_session, reviewer, change, Action.CONFIRM)
    assert person.department == "桥梁所"


def test_what_was_done_otherwise_meanwhile_is_not_submitted_any_more(open_session: Session, person: Person) -> None:
    owner, title = factories.actor_for(open_session, person), profiles.create_title(open_session, person)
    change = profiles.create_profile_change(open_session, person, status=Status.DRAFT, after={"department": "桥梁所"})
    profile_drafts.remove(open_session, owner, ProfilePart.TITLE, title.id)
    person.department = "桥梁所"
    open_session.delete(title)
    open_session.flush()
    with pytest.raises(NothingToSubmit):
        act(open_session, owner, change, Action.SUBMIT)


def test_a_change_that_waits_goes_on_to_the_next_employer(
    open_session: Session, person: Person, reviewer: Actor
) -> None:
    change = profiles.create_profile_change(open_session, person)
    profiles.end_bindings(open_session, person)
    with pytest.raises(NotFound):
        profile_changes.get(open_session, reviewer, change.id)
    following = factories.create_employer(open_session)
    factories.create_binding(open_session, person, following)
    new = reviewer_of(open_session, following)
    assert open_session.scalar(profile_changes.waiting(new)) == 1
    assert open_session.scalar(profile_changes.waiting(reviewer)) == 0
    act(open_session, new, change, Action.CONFIRM)
    assert change.employer_id == following.id


def test_who_has_lost_his_employer_submits_to_nobody_and_it_holds_at_once(
    open_session: Session, employer: Organisation
) -> None:
    person = factories.create_person(open_session)
    change = profiles.create_profile_change(open_session, person, status=Status.DRAFT)
    act(open_session, factories.actor_for(open_session, person), change, Action.SUBMIT)
    assert change.status is Status.CONFIRMED
    assert (change.employer_id, change.decided_by_id) == (None, None)
    assert open_session.scalars(select(Degree.school)).all() == ["晴川大学"]


def test_an_empty_change_is_not_sent(open_session: Session, person: Person) -> None:
    change = profiles.create_profile_change(open_session, person, status=Status.DRAFT)
    owner = factories.actor_for(open_session, person)
    profile_drafts.drop(open_session, owner, change.items[0].id)
    with pytest.raises(NothingToSubmit):
        act(open_session, owner, change, Action.SUBMIT)


def test_nobody_finds_his_own_change_among_those_he_decides(open_session: Session, employer: Organisation) -> None:
    account = factories.create_reviewer(open_session, employer)
    person = factories.create_person(open_session, employer=employer, account=account)
    change = profiles.create_profile_change(open_session, person)
    actor = factories.actor_of(open_session, account)
    assert profile_changes.queue(open_session, actor, status=Status.REQUESTED) == []
    assert open_session.scalar(profile_changes.waiting(actor)) == 0
    assert profile_changes.possible_actions(actor, change) == [Action.WITHDRAW]
    with pytest.raises(NotFound):
        act(open_session, actor, change, Action.CONFIRM)


def test_an_employer_lists_what_waits_oldest_first_and_what_it_has_decided_newest_first(
    open_session: Session, employer: Organisation, reviewer: Actor
) -> None:
    staff = [factories.create_person(open_session, employer=employer) for _ in range(4)]
    first, second = (profiles.create_profile_change(open_session, each) for each in staff[:2])
    third, fourth = (
        profiles.create_profile_change(open_session, each, status=Status.CONFIRMED, employer=employer)
        for each in staff[2:]
    )
    assert profile_changes.queue(open_session, reviewer, status=Status.REQUESTED) == [first, second]
    assert profile_changes.queue(open_session, reviewer, status=Status.REQUESTED, after_id=first.id) == [second]
    assert profile_changes.queue(open_session, reviewer, status=Status.CONFIRMED) == [fourth, third]
    assert profile_changes.queue(open_session, reviewer, status=Status.CONFIRMED, after_id=fourth.id) == [third]
    assert profile_changes.counts(open_session, reviewer) == {Status.REQUESTED: 2, Status.CONFIRMED: 2}
    stranger = reviewer_of(open_session, factories.create_employer(open_session))
    assert profile_changes.counts(open_session, stranger) == {}


def test_an_employer_does_not_see_what_its_staff_only_draft(
    open_session: Session, person: Person, reviewer: Actor
) -> None:
    change = profiles.create_profile_change(open_session, person, status=Status.DRAFT)
    with pytest.raises(NotFound):
        profile_changes.get(open_session, reviewer, change.id)
    assert profile_changes.counts(open_session, reviewer) == {}


def test_the_database_keeps_one_open_change_a_person(open_session: Session, person: Person) -> None:
    profiles.create_profile_change(open_session, person, status=Status.RETURNED)
    with pytest.raises(IntegrityError), open_session.begin_nested():
        profiles.create_profile_change(open_session, person, status=Status.DRAFT)
    profiles.create_profile_change(open_session, person, status=Status.CONFIRMED)


def test_the_way_of_claims_follows_the_title_that_the_employer_confirmed(
    open_session: Session, person: Person, reviewer: Actor
) -> None:
    profiles.create_title(open_session, person)
    owner = factories.actor_for(open_session, person)
    teacher = {
        "series": TitleSeries.TEACHING,
        "level": "senior",
        "name": "正高级教师",
        "obtained_on": "2025-12-01",
        "is_current": True,
    }
    profile_drafts.put(open_session, owner, ProfilePart.TITLE, teacher)
    change = profile_changes.own_change(open_session, owner)
    assert change is not None
    act(open_session, owner, change, Action.SUBMIT)
    assert (person.title_series, person.title_name) == (TitleSeries.ENGINEERING, "工程师")
    act(open_session, reviewer, change, Action.CONFIRM)
    assert (person.title_series, person.title_level, person.title_name) == ("teaching", "senior", "正高级教师")


@pytest.mark.parametrize("unticked", [True, False])
def test_a_new_title_becomes_the_current_one_whatever_else_changes_about_the_old(
    open_session: Session, person: Person, reviewer: Actor, unticked: bool
) -> None:
    old, owner = profiles.create_title(open_session, person), factories.actor_for(open_session, person)
    renamed = {**said(ProfilePart.TITLE, old), "name": "桥梁工程师", "is_current": not unticked}
    newer = {**renamed, "name": "高级工程师", "is_current": True}
    profile_drafts.put(open_session, owner, ProfilePart.TITLE, newer)
    profile_drafts.put(open_session, owner, ProfilePart.TITLE, renamed, entry_id=old.id)
    change = profile_changes.own_change(open_session, owner)
    assert change is not None
    act(open_session, owner, change, Action.SUBMIT)
    act(open_session, reviewer, change, Action.CONFIRM)
    open_session.expire_all()
    titles = open_session.scalars(select(Title).order_by(Title.id)).all()
    assert [(title.name, title.is_current) for title in titles] == [("桥梁工程师", False), ("高级工程师", True)]
    assert person.title_name == "高级工程师"
