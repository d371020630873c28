"""The way of a corrected name or ID number: who may take which step, and what changes with it."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.accounts import Account, Role
from db.events import pending
from db.identity_changes import IdentityChange
from db.identity_changes import IdentityChangeAction as Action
from db.identity_changes import IdentityChangeStatus as Status
from db.organisations import Organisation
from db.people import Person, Sex
from services import identity, identity_changes, identity_review
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.identity_changes import NumberTaken, OwnEndorsement
from services.permissions import Actor
from tests import factories, profiles

OWNER, REVIEWER, SUPERVISOR = "the person", "a reviewer of the employer", "a supervisor of its division"
ALLOWED = {
    (OWNER, Role.PROFESSIONAL, Status.REQUESTED, Action.WITHDRAW): Status.WITHDRAWN,
    (OWNER, Role.PROFESSIONAL, Status.ENDORSED, Action.WITHDRAW): Status.WITHDRAWN,
    (OWNER, Role.PROFESSIONAL, Status.RETURNED, Action.WITHDRAW): Status.WITHDRAWN,
    (REVIEWER, Role.EMPLOYER, Status.REQUESTED, Action.ENDORSE): Status.ENDORSED,
    (REVIEWER, Role.EMPLOYER, Status.REQUESTED, Action.RETURN): Status.RETURNED,
    (SUPERVISOR, Role.SUPERVISOR, Status.ENDORSED, Action.APPROVE): Status.APPROVED,
    (SUPERVISOR, Role.SUPERVISOR, Status.ENDORSED, Action.RETURN): Status.RETURNED,
}
ROLES = (Role.PROFESSIONAL, Role.EMPLOYER, Role.SUPERVISOR)
CITY, ELSEWHERE = "440100", "440600"


@pytest.fixture
def endorser(open_session: Session, employer: Organisation) -> Account:
    return factories.create_reviewer(open_session, employer)


@pytest.fixture
def supervisor(open_session: Session) -> Actor:
    return factories.actor_of(open_session, factories.create_supervisor(open_session, CITY))


def cast(session: Session, person: Person, employer: Organisation) -> dict[str, Actor]:
    """Everybody who might try, each as the database knows him."""
    owner = factories.actor_for(session, person)
    others = factories.create_employer(session, division=ELSEWHERE)
    accounts = {
        REVIEWER: factories.create_reviewer(session, employer),
        SUPERVISOR: factories.create_supervisor(session, CITY),
        "another employer": factories.create_reviewer(session, others),
        "a supervisor elsewhere": factories.create_supervisor(session, ELSEWHERE),
        "an administrator": factories.create_account(session, Role.ADMINISTRATOR),
    }
    return {
        OWNER: owner,
        "the person with an initial password": replace(owner, must_change_password=True),
        "a colleague": factories.actor_for(session, factories.create_person(session, employer=employer)),
        **{who: factories.actor_of(session, account) for who, account in accounts.items()},
    }


def endorsed(session: Session, person: Person, employer: Organisation, by: Account, **other: str) -> IdentityChange:
    return profiles.create_identity_change(
        session, person, status=Status.ENDORSED, employer=employer, endorsed_by=by, **other
    )


def act(session: Session, actor: Actor, role: Role, change: IdentityChange, action: Action, reason: str = "") -> None:
    identity_changes.act(session, actor, role, change.id, action, seen=change.version, reason=reason)
    session.flush()


def test_every_role_in_every_status_may_take_exactly_the_steps_of_the_table(
    open_session: Session, person: Person, employer: Organisation, endorser: Account
) -> None:
    taken = {}
    for who, actor in cast(open_session, person, employer).items():
        for role in ROLES:
            for status in Status:
                for action in Action:
                    nested = open_session.begin_nested()
                    change = profiles.create_identity_change(
                        open_session, person, status=status, employer=employer, endorsed_by=endorser
                    )
                    try:
                        act(open_session, actor, role, change, action, reason="请补充")
                    except (PermissionDenied, NotFound, WrongStatus):
                        assert change.status is status
                    else:
                        assert (who, role, status, action) not in taken
                        taken[who, role, status, action] = change.status
                    nested.rollback()
    assert taken == ALLOWED


def test_the_buttons_are_those_of_the_table(open_session: Session, person: Person, employer: Organisation) -> None:
    actors = cast(open_session, person, employer)
    for status in Status:
        change = IdentityChange(person_id=person.id, status=status)
        for who, role in ((OWNER, Role.PROFESSIONAL), (REVIEWER, Role.EMPLOYER), (SUPERVISOR, Role.SUPERVISOR)):
            offered = identity_changes.possible_actions(actors[who], role, change)
            assert offered == [action for action in Action if (who, role, status, action) in ALLOWED]


def test_with_the_approval_everything_changes_that_the_name_and_the_number_stand_for(
    open_session: Session, person: Person, employer: Organisation, endorser: Account, supervisor: Actor
) -> None:
    number = factories.invented_id_number(730)
    change = endorsed(open_session, person, employer, endorser, name="欧阳若谷", id_number=number)
    assert person.name != "欧阳若谷"
    act(open_session, supervisor, Role.SUPERVISOR, change, Action.APPROVE)
    account = open_session.get_one(Account, person.account_id)
    assert (person.name, account.display_name) == ("欧阳若谷", "欧阳若谷")
    assert identity.decrypt(person.id_number) == number
    assert (person.id_number_digest, person.id_number_masked) == (identity.digest(number), identity.mask(number))
    assert (person.birth_date, person.sex) == (identity.birth_date(number), Sex.FEMALE)


def test_a_name_alone_leaves_the_number_alone(
    open_session: Session, person: Person, employer: Organisation, endorser: Account, supervisor: Actor
) -> None:
    before = person.id_number
    change = endorsed(open_session, person, employer, endorser, name="欧阳若谷")
    act(open_session, supervisor, Role.SUPERVISOR, change, Action.APPROVE)
    assert (person.name, person.id_number) == ("欧阳若谷", before)


@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.EMPLOYER, Role.SUPERVISOR])
def test_what_is_taken_back_or_sent_back_changes_nothing(
    open_session: Session,
    person: Person,
    employer: Organisation,
    endorser: Account,
    supervisor: Actor,
    role: Role,
) -> None:
    name = person.name
    if role is Role.SUPERVISOR:
        change, actor = endorsed(open_session, person, employer, endorser), supervisor
    else:
        change = profiles.create_identity_change(open_session, person)
        owner = factories.actor_for(open_session, person)
        actor = owner if role is Role.PROFESSIONAL else factories.actor_of(open_session, endorser)
    act(open_session, actor, role, change, Action.WITHDRAW if role is Role.PROFESSIONAL else Action.RETURN, "看不清")
    assert person.name == name
    if role is not Role.PROFESSIONAL:
        assert (change.reason, change.decided_by_id) == ("看不清", actor.account_id)


def test_sending_back_needs_a_reason(open_session: Session, person: Person, endorser: Account) -> None:
    change = profiles.create_identity_change(open_session, person)
    with pytest.raises(InvalidField, match="退回原因"):
        act(open_session, factories.actor_of(open_session, endorser), Role.EMPLOYER, change, Action.RETURN)


def test_a_number_that_somebody_else_has_got_meanwhile_is_not_given(
    open_session: Session, person: Person, employer: Organisation, endorser: Account, supervisor: Actor
) -> None:
    number = factories.invented_id_number(731)
    change = endorsed(open_session, person, employer, endorser, id_number=number)
    factories.create_person(open_session, id_number=number)
    with pytest.raises(NumberTaken):
        act(open_session, supervisor, Role.SUPERVISOR, change, Action.APPROVE)


def test_nobody_decides_about_himself_in_any_role(open_session: Session, employer: Organisation) -> None:
    account = factories.create_reviewer(open_session, employer)
    factories.grant(open_session, account, Role.SUPERVISOR, division=CITY)
    person = factories.create_person(open_session, employer=employer, account=account)
    other = factories.create_reviewer(open_session, employer)
    actor = factories.actor_of(open_session, account)
    change = profiles.create_identity_change(open_session, person)
    assert identity_review.queue(open_session, actor, Role.EMPLOYER, status=Status.REQUESTED) == []
    with pytest.raises(NotFound):
        act(open_session, actor, Role.EMPLOYER, change, Action.ENDORSE)
    act(open_session, factories.actor_of(open_session, other), Role.EMPLOYER, change, Action.ENDORSE)
    assert identity_review.queue(open_session, actor, Role.SUPERVISOR, status=Status.ENDORSED) == []
    with pytest.raises(NotFound):
        act(open_session, actor, Role.SUPERVISOR, change, Action.APPROVE)


def test_who_endorsed_for_the_employer_does_not_approve_as_the_supervisor(
    open_session: Session, person: Person, endorser: Account
) -> None:
    factories.grant(open_session, endorser, Role.SUPERVISOR, division=CITY)
    both = factories.actor_of(open_session, endorser)
    change = profiles.create_identity_change(open_session, person)
    act(open_session, both, Role.EMPLOYER, change, Action.ENDORSE)
    assert identity_changes.possible_actions(both, Role.SUPERVISOR, change) == []
    assert open_session.scalar(identity_review.waiting(both, Role.SUPERVISOR)) == 0
    with pytest.raises(OwnEndorsement):
        act(open_session, both, Role.SUPERVISOR, change, Action.APPROVE)
    with pytest.raises(IntegrityError), open_session.begin_nested():
        change.status = Status.APPROVED


def test_a_request_goes_on_to_the_next_employer_and_an_endorsed_one_stays_with_its_division(
    open_session: Session, person: Person, employer: Organisation, endorser: Account
) -> None:
    change = profiles.create_identity_change(open_session, person)
    profiles.end_bindings(open_session, person)
    following = factories.create_employer(open_session, division=ELSEWHERE)
    factories.create_binding(open_session, person, following)
    old = factories.actor_of(open_session, endorser)
    new = factories.actor_of(open_session, factories.create_reviewer(open_session, following))
    assert [open_session.scalar(identity_review.waiting(each, Role.EMPLOYER)) for each in (old, new)] == [0, 1]
    act(open_session, new, Role.EMPLOYER, change, Action.ENDORSE)
    assert change.employer_id == following.id
    divisions = (CITY, ELSEWHERE)
    supervisors = [factories.actor_of(open_session, factories.create_supervisor(open_session, d)) for d in divisions]
    assert [open_session.scalar(identity_review.waiting(each, Role.SUPERVISOR)) for each in supervisors] == [0, 1]


def test_the_full_numbers_are_shown_to_the_owner_and_to_who_decides_now_and_each_look_is_recorded(
    open_session: Session, person: Person, employer: Organisation, endorser: Account, supervisor: Actor
) -> None:
    number, old = factories.invented_id_number(732), identity.decrypt(person.id_number)
    change = profiles.create_identity_change(open_session, person, id_number=number)
    owner, reviewer = factories.actor_for(open_session, person), factories.actor_of(open_session, endorser)

    def reveal(actor: Actor, role: Role) -> tuple[str, str]:
        shown = identity_changes.reveal(open_session, actor, role, change.id)
        return shown.old, shown.new

    assert reveal(owner, Role.PROFESSIONAL) == reveal(reviewer, Role.EMPLOYER) == (old, number)
    with pytest.raises(NotFound):
        reveal(supervisor, Role.SUPERVISOR)
    act(open_session, reviewer, Role.EMPLOYER, change, Action.ENDORSE)
    assert reveal(supervisor, Role.SUPERVISOR) == (old, number)
    with pytest.raises(WrongStatus):
        reveal(reviewer, Role.EMPLOYER)
    looks = [event.actor_id for event in pending(open_session) if event.action == "id_number_reveal"]
    assert looks == [owner.account_id, reviewer.account_id, supervisor.account_id]
    logged = str([(event.before, event.after) for event in pending(open_session)])
    assert number not in logged
    assert old not in logged


def test_each_role_lists_what_it_decides_in_its_own_order(
    open_session: Session, employer: Organisation, endorser: Account, supervisor: Actor
) -> None:
    staff = [factories.create_person(open_session, employer=employer) for _ in range(4)]
    first, second = (profiles.create_identity_change(open_session, each) for each in staff[:2])
    third, fourth = (endorsed(open_session, each, employer, endorser) for each in staff[2:])
    reviewer = factories.actor_of(open_session, endorser)

    def listed(actor: Actor, role: Role, status: Status, after_id: int = 0) -> list[IdentityChange]:
        return list(identity_review.queue(open_session, actor, role, status=status, after_id=after_id))

    assert listed(reviewer, Role.EMPLOYER, Status.REQUESTED) == [first, second]
    assert listed(reviewer, Role.EMPLOYER, Status.REQUESTED, first.id) == [second]
    assert listed(reviewer, Role.EMPLOYER, Status.ENDORSED) == [fourth, third]
    assert listed(reviewer, Role.EMPLOYER, Status.ENDORSED, fourth.id) == [third]
    assert listed(supervisor, Role.SUPERVISOR, Status.ENDORSED) == [third, fourth]
    assert identity_review.counts(open_session, reviewer, Role.EMPLOYER) == {Status.REQUESTED: 2, Status.ENDORSED: 2}
    assert identity_review.counts(open_session, supervisor, Role.SUPERVISOR) == {Status.ENDORSED: 2}
