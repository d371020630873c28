"""Two organisations that are one and the same become one: what goes over, what stays, and what refuses it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account, Grant, Role
from db.claims import Claim, ClaimAction, ClaimStatus
from db.classes import ClassStatus, CourseClass
from db.enrolments import LIVE, Enrolment, EnrolmentStatus
from db.organisation_changes import OrganisationChange, OrganisationChangeStatus
from db.organisations import Organisation, OrganisationAction, OrganisationStatus
from db.people import Binding, BindingAction, BindingStatus, BindingStep, EndReason, Person
from db.resemblances import NameGram, Resemblance
from services import (
    bindings,
    claims,
    mergers,
    organisation_changes,
    organisation_history,
    organisations,
    people,
    resemblances,
)
from services.clock import today
from services.errors import PermissionDenied, WrongStatus
from services.mergers import Merger, Moved
from services.organisation_changes import Wanted
from services.permissions import Actor, Permission
from tests import classes, factories
from tests.services.acting import refused

GUANGZHOU, YUEXIU, TIANHE, SHENZHEN = "440100", "440104", "440106", "440300"


@pytest.fixture
def kept() -> Organisation:
    with transaction() as session:
        return factories.create_employer(session, name="晴川桥隧设计院")


@pytest.fixture
def gone() -> Organisation:
    with transaction() as session:
        return factories.create_employer(session, name="晴川桥隧设计研究院", division=TIANHE)


@pytest.fixture
def supervisor() -> Actor:
    with transaction() as session:
        return factories.actor_of(session, factories.create_supervisor(session, GUANGZHOU))


def merge(actor: Actor, gone: Organisation, kept: Organisation, *, take_reviewers: bool = False) -> Merger:
    with transaction() as session:
        versions = [session.get_one(Organisation, each.id).version for each in (gone, kept)]
        seen = (versions[0], versions[1])
        return mergers.merge(session, actor, gone.id, kept.id, seen=seen, take_reviewers=take_reviewers)


def member(employer: Organisation, status: BindingStatus = BindingStatus.ACTIVE) -> tuple[Person, Binding]:
    with transaction() as session:
        person = factories.create_person(session)
        return person, factories.create_binding(session, person, employer, status=status)


def stored(row: Binding) -> Binding:
    with reading() as session:
        return session.get_one(Binding, row.id)


def test_what_would_go_over_is_counted_and_nothing_happens(
    gone: Organisation, kept: Organisation, supervisor: Actor
) -> None:
    person, _ = member(gone)
    member(gone, BindingStatus.REQUESTED)
    with transaction() as session:
        factories.create_claim(session, person, status=ClaimStatus.SUBMITTED)
        factories.create_claim(session, person, status=ClaimStatus.APPROVED)
        factories.create_reviewer(session, gone)
    with reading() as session:
        planned = mergers.preview(session, supervisor, gone.id, kept.id)
    assert planned.counts == {
        Moved.STAFF: 1,
        Moved.REQUESTS: 1,
        Moved.CLAIMS: 1,
        Moved.ENROLMENTS: 0,
        Moved.EXEMPTIONS: 0,
    }
    assert planned.reviewers == 1
    with reading() as session:
        assert session.get_one(Organisation, gone.id).status is OrganisationStatus.APPROVED


def test_who_is_still_in_a_class_is_in_it_for_the_employer_that_stays(
    gone: Organisation, kept: Organisation, supervisor: Actor
) -> None:
    with transaction() as session:
        provider = classes.create_provider(session)
        enrolled = {
            status: classes.create_enrolment(
                session,
                classes.create_class(session, provider),
                factories.create_person(session),
                employer=gone,
                status=status,
            ).id
            for status in EnrolmentStatus
        }
    with reading() as session:
        assert mergers.preview(session, supervisor, gone.id, kept.id).counts[Moved.ENROLMENTS] == len(LIVE)
    merge(supervisor, gone, kept)
    with reading() as session:
        of_kept = set(session.scalars(select(Enrolment.id).where(Enrolment.employer_id == kept.id)))
    assert of_kept == {enrolled[status] for status in LIVE}


def test_the_classes_of_a_provider_go_over_those_of_the_past_too(supervisor: Actor) -> None:
    with transaction() as session:
        gone, kept = (classes.create_provider(session, division=division) for division in (TIANHE, YUEXIU))
        moved = [classes.create_class(session, gone, status=status).id for status in ClassStatus]
        stays = classes.create_class(session, kept).id
    with reading() as session:
        assert mergers.preview(session, supervisor, gone.id, kept.id).counts == {Moved.CLASSES: len(moved)}
    merge(supervisor, gone, kept)
    with reading() as session:
        of_kept = set(session.scalars(select(CourseClass.id).where(CourseClass.provider_id == kept.id)))
    assert of_kept == {*moved, stays}


def test_staff_requests_and_waiting_claims_go_over_and_the_past_stays(
    gone: Organisation, kept: Organisation, supervisor: Actor
) -> None:
    person, works = member(gone)
    _, asks = member(gone, BindingStatus.REQUESTED)
    _, refused_once = member(gone, BindingStatus.REFUSED)
    with transaction() as session:
        in_each = {
            status: factories.create_claim(session, person, status=status)
            for status in ClaimStatus
            if status is not ClaimStatus.DRAFT
        }
    merge(supervisor, gone, kept)
    assert [stored(each).organisation_id for each in (works, asks, refused_once)] == [kept.id, kept.id, gone.id]
    assert stored(works).started_on == works.started_on
    with reading() as session:
        owners = {status: session.get_one(Claim, claim.id).employer_id for status, claim in in_each.items()}
        ended = session.get_one(Organisation, gone.id)
    assert {status for status, owner in owners.items() if owner == kept.id} == {ClaimStatus.SUBMITTED}
    assert (ended.status, ended.merged_into_id) == (OrganisationStatus.MERGED, kept.id)


def test_the_reviewers_of_the_one_that_stays_decide_about_what_came(
    gone: Organisation, kept: Organisation, supervisor: Actor
) -> None:
    person, _ = member(gone)
    with transaction() as session:
        claim = factories.create_claim(session, person, status=ClaimStatus.SUBMITTED)
        account = factories.create_reviewer(session, gone)
        own = factories.actor_of(session, factories.create_reviewer(session, kept))
    merge(supervisor, gone, kept)
    with reading() as session:
        dismissed = factories.actor_of(session, session.get_one(Account, account.id))
        assert people.find_employer(session, person.id).id == kept.id  # type: ignore[union-attr]  # there is one
    assert Permission.CLAIM_REVIEW not in dismissed.permissions
    act, seen = claims.act, claim.version
    assert refused(act, dismissed, claim.id, ClaimAction.APPROVE, seen=seen + 1) is PermissionDenied
    assert refused(act, own, claim.id, ClaimAction.APPROVE, seen=seen) is WrongStatus
    assert refused(act, own, claim.id, ClaimAction.APPROVE, seen=seen + 1) is None


@pytest.mark.parametrize("taken", [True, False])
def test_reviewers_go_over_only_if_the_supervisor_says_so(
    gone: Organisation, kept: Organisation, supervisor: Actor, taken: bool
) -> None:
    with transaction() as session:
        of_both = factories.create_reviewer(session, gone)
        factories.grant(session, of_both, Role.EMPLOYER, organisation=kept)
        of_one = factories.create_reviewer(session, gone)
    merge(supervisor, gone, kept, take_reviewers=taken)
    with reading() as session:
        grants = session.scalars(select(Grant).where(Grant.organisation_id == kept.id)).all()
        moved = [grant for grant in grants if grant.account_id == of_one.id]
        assert organisations.list_own(session, factories.actor_of(session, of_one))[0].merged_into is not None
    assert len(grants) == 1 + taken
    assert [grant.granted_by_id for grant in moved] == [supervisor.account_id] * taken


def test_each_ones_history_and_both_organisations_tell_what_happened(
    gone: Organisation, kept: Organisation, supervisor: Actor
) -> None:
    person, works = member(gone)
    merge(supervisor, gone, kept)
    with reading() as session:
        (step,) = session.scalars(select(BindingStep).where(BindingStep.binding_id == works.id))
        left, stays = (organisation_history.of(session, each)[0] for each in (gone, kept))
        own = people.own_profile(session, factories.actor_for(session, person))
        assert own.bindings[0].steps[-1].reason == f"{gone.name} {gone.uscc}"
    assert (step.action, step.actor_id) == (BindingAction.MERGE, supervisor.account_id)
    assert (left.action, left.about) == (OrganisationAction.MERGE, f"{kept.name} {kept.uscc}")
    assert (stays.action, stays.about) == (OrganisationAction.ABSORB, f"{gone.name} {gone.uscc}")


@pytest.mark.parametrize("is_towards_the_kept_one", [True, False])
@pytest.mark.parametrize("status", [BindingStatus.REQUESTED, BindingStatus.SCHEDULED])
def test_who_was_on_his_way_between_the_two_has_arrived(
    gone: Organisation, kept: Organisation, supervisor: Actor, is_towards_the_kept_one: bool, status: BindingStatus
) -> None:
    start, goal = (gone, kept) if is_towards_the_kept_one else (kept, gone)
    person, works = member(start)
    with transaction() as session:
        coming = factories.create_binding(session, person, goal, status=BindingStatus.REQUESTED)
        coming.wished_on = today() + timedelta(days=9)
    if status is BindingStatus.SCHEDULED:
        with transaction() as session:
            reviewer = factories.actor_of(session, factories.create_reviewer(session, goal))
            bindings.confirm(session, reviewer, coming.id, starts_on=today() + timedelta(days=9))
    merge(supervisor, gone, kept)
    assert (stored(works).status, stored(works).organisation_id) == (BindingStatus.ACTIVE, kept.id)
    assert stored(works).successor_id is None
    assert stored(coming).status is BindingStatus.WITHDRAWN


def test_who_goes_to_or_comes_from_a_third_one_still_does(
    gone: Organisation, kept: Organisation, supervisor: Actor
) -> None:
    with transaction() as session:
        third = factories.create_employer(session)
    leaving, _ = member(gone)
    arriving, _ = member(third)
    with transaction() as session:
        to_third = factories.create_binding(session, leaving, third, status=BindingStatus.REQUESTED)
        from_third = factories.create_binding(session, arriving, gone, status=BindingStatus.REQUESTED)
    merge(supervisor, gone, kept)
    assert (stored(to_third).status, stored(to_third).organisation_id) == (BindingStatus.REQUESTED, third.id)
    assert (stored(from_third).status, stored(from_third).organisation_id) == (BindingStatus.REQUESTED, kept.id)


def test_an_ended_binding_stays_where_it_was(gone: Organisation, kept: Organisation, supervisor: Actor) -> None:
    _, left = member(gone)
    with transaction() as session:
        ended = session.get_one(Binding, left.id)
        ended.status, ended.ended_on, ended.end_reason = BindingStatus.ENDED, today(), EndReason.LEFT
    merge(supervisor, gone, kept)
    assert stored(left).organisation_id == gone.id


def test_what_it_had_asked_for_is_dropped_and_its_name_resembles_nobody(
    gone: Organisation, kept: Organisation, supervisor: Actor
) -> None:
    with transaction() as session:
        for each in (kept, gone):
            resemblances.note(session, each)
        actor = factories.actor_of(session, factories.create_reviewer(session, gone))
        wanted = Wanted("晴川院", gone.uscc or "", gone.division, "更名")
        change = organisation_changes.request(session, actor, gone.id, wanted)
    merge(supervisor, gone, kept)
    with reading() as session:
        assert session.get_one(OrganisationChange, change.id).status is OrganisationChangeStatus.WITHDRAWN
        assert session.scalars(select(Resemblance)).all() == []
        assert set(session.scalars(select(NameGram.organisation_id))) == {kept.id}
