"""What refuses a merger of two organisations, and who may make it."""

import pytest

from db import reading, transaction
from db.accounts import Role
from db.organisations import Organisation, OrganisationAction, OrganisationKind, OrganisationStatus
from services import (
    mergers,
    organisations,
)
from services.errors import NotFound, PermissionDenied, WrongStatus
from services.mergers import DifferentKinds, KeptNotApproved, Merger, SameOrganisation
from services.organisations import OwnOrganisation
from services.permissions import Actor
from tests import factories
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


NOT_MERGED = [status for status in OrganisationStatus if status is not OrganisationStatus.MERGED]


@pytest.mark.parametrize("status", NOT_MERGED)
def test_a_duplicate_is_given_up_in_any_state(
    kept: Organisation, supervisor: Actor, status: OrganisationStatus
) -> None:
    with transaction() as session:
        duplicate = factories.create_organisation(session, status=status)
    merge(supervisor, duplicate, kept)
    with reading() as session:
        assert session.get_one(Organisation, duplicate.id).status is OrganisationStatus.MERGED
    assert refused(mergers.preview, supervisor, duplicate.id, kept.id) is WrongStatus
    assert refused(mergers.preview, supervisor, kept.id, duplicate.id) is KeptNotApproved


@pytest.mark.parametrize("status", [s for s in OrganisationStatus if s is not OrganisationStatus.APPROVED])
def test_only_an_approved_one_stays(gone: Organisation, supervisor: Actor, status: OrganisationStatus) -> None:
    with transaction() as session:
        other = factories.create_employer(session)
        kept = factories.create_employer(session)
        kept.status, kept.merged_into_id = status, other.id if status is OrganisationStatus.MERGED else None
    assert refused(mergers.preview, supervisor, gone.id, kept.id) is KeptNotApproved


def test_unlike_ones_are_not_merged(gone: Organisation, kept: Organisation, supervisor: Actor) -> None:
    with transaction() as session:
        provider = factories.create_organisation(session, kind=OrganisationKind.PROVIDER)
        holding = factories.create_employer(session)
        holding.uscc = None
    assert refused(mergers.preview, supervisor, gone.id, gone.id) is SameOrganisation
    for other in (provider, holding):
        assert refused(mergers.preview, supervisor, gone.id, other.id) is DifferentKinds
        assert refused(mergers.preview, supervisor, other.id, kept.id) is DifferentKinds


@pytest.mark.parametrize(
    ("division", "may_merge"),
    [(GUANGZHOU, True), ("440000", True), (YUEXIU, False), (TIANHE, False), (SHENZHEN, False)],
)
def test_two_are_merged_by_whoever_supervises_both(
    gone: Organisation, kept: Organisation, division: str, may_merge: bool
) -> None:
    with transaction() as session:
        actor = factories.actor_of(session, factories.create_supervisor(session, division))
    seen = (gone.version, kept.version)
    refusal = refused(mergers.merge, actor, gone.id, kept.id, seen=seen, take_reviewers=True)
    assert refusal is (None if may_merge else NotFound)


def test_nobody_else_merges_and_nobody_his_own(gone: Organisation, kept: Organisation) -> None:
    with transaction() as session:
        account = factories.create_reviewer(session, kept)
        reviewer = factories.actor_of(session, account)
        factories.grant(session, account, Role.SUPERVISOR, division=GUANGZHOU)
        both = factories.actor_of(session, account)
        administrator = factories.actor_of(session, factories.create_account(session, Role.ADMINISTRATOR))
    for actor, refusal in ((reviewer, PermissionDenied), (administrator, PermissionDenied), (both, OwnOrganisation)):
        seen = (gone.version, kept.version)
        assert refused(mergers.merge, actor, gone.id, kept.id, seen=seen, take_reviewers=True) is refusal
        assert refused(mergers.preview, actor, kept.id, gone.id) is refusal


def test_what_has_changed_since_it_was_looked_at_is_not_merged(
    gone: Organisation, kept: Organisation, supervisor: Actor
) -> None:
    with transaction() as session:
        session.get_one(Organisation, kept.id).contact_name = "苏清和"
    seen = (gone.version, kept.version)
    assert refused(mergers.merge, supervisor, gone.id, kept.id, seen=seen, take_reviewers=False) is WrongStatus


def test_merging_is_no_decision_about_one_alone(gone: Organisation, supervisor: Actor) -> None:
    action = OrganisationAction.MERGE
    assert refused(organisations.decide, supervisor, gone.id, action, seen=gone.version) is WrongStatus


def test_the_other_one_is_found_by_its_code(gone: Organisation, kept: Organisation, supervisor: Actor) -> None:
    with transaction() as session:
        elsewhere = factories.create_employer(session, division=SHENZHEN)
        provider = factories.create_organisation(session, kind=OrganisationKind.PROVIDER)
    with reading() as session:
        assert mergers.find_other(session, supervisor, gone, f" {(kept.uscc or '').lower()}\0 ").id == kept.id
    for code in (elsewhere.uscc, provider.uscc, "", "x"):
        assert refused(mergers.find_other, supervisor, gone, code) is NotFound
