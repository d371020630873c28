"""Employers and providers apply, and the supervisor of their division decides."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import Account, Grant, Role
from db.events import pending
from db.organisations import Organisation, OrganisationAction, OrganisationKind, OrganisationStatus
from services import organisations
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.organisation_form import Application
from services.organisations import AlreadyRegistered, OwnOrganisation
from services.permissions import Actor
from tests import factories

APPROVE, RETURN = OrganisationAction.APPROVE, OrganisationAction.RETURN
GUANGZHOU, YUEXIU, TIANHE, SHENZHEN = "440100", "440104", "440106", "440300"


def application(**changes: object) -> Application:
    form = Application(
        uscc=factories.invented_uscc(),
        name="晴川桥隧设计有限公司",
        division=YUEXIU,
        kind=OrganisationKind.EMPLOYER,
        contact_name="林知夏",
        contact_phone="020-00000000",
    )
    return replace(form, **changes)  # type: ignore[arg-type]  # a test may hand in what the type forbids


def register(session: Session, form: Application, username: str = "qingchuan") -> Organisation:
    return organisations.register(session, form, username=username, password="River-2031-sky", address="10.0.0.1")


def supervisor_of(session: Session, division: str) -> Actor:
    return factories.actor_of(session, factories.create_supervisor(session, division))


def test_registering_makes_an_application_and_its_administrators_account(open_session: Session) -> None:
    organisation = register(open_session, application(name="  晴川桥隧设计有限公司 "))
    grant = open_session.scalars(select(Grant).where(Grant.organisation_id == organisation.id)).one()
    account = open_session.get_one(Account, grant.account_id)
    assert (organisation.status, organisation.name) == (OrganisationStatus.APPLIED, "晴川桥隧设计有限公司")
    assert (grant.role, account.username, account.must_change_password) == (Role.EMPLOYER, "qingchuan", True)
    assert "organisation_apply" in [event.action for event in pending(open_session)]


def test_the_same_code_is_refused_for_the_same_kind_only(open_session: Session) -> None:
    form = application()
    register(open_session, form)
    with pytest.raises(AlreadyRegistered):
        register(open_session, form, "another")
    assert register(open_session, replace(form, kind=OrganisationKind.PROVIDER), "provider1").id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"uscc": "91440104000000001X"}, "统一社会信用代码"),
        ({"uscc": "123"}, "统一社会信用代码"),
        ({"name": " "}, "单位名称"),
        ({"name": "设" * 101}, "单位名称"),
        ({"division": "440102"}, "行政区划"),
        ({"division": "999999"}, "行政区划"),
        ({"contact_name": ""}, "联系人"),
        ({"contact_phone": "call me"}, "联系电话"),
    ],
)
def test_a_wrong_field_is_named(open_session: Session, changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidField, match=field):
        register(open_session, application(**changes))


def test_a_supervisor_sees_and_decides_in_his_division_and_below_only(open_session: Session) -> None:
    organisation = register(open_session, application())
    open_session.flush()
    for division, sees in ((GUANGZHOU, True), ("440000", True), (YUEXIU, True), (TIANHE, False), (SHENZHEN, False)):
        actor = supervisor_of(open_session, division)
        found = organisations.queue(open_session, actor, status=OrganisationStatus.APPLIED)
        assert [o.id for o in found] == ([organisation.id] if sees else [])
        if not sees:
            with pytest.raises(NotFound):
                organisations.decide(open_session, actor, organisation.id, APPROVE, seen=organisation.version)
        assert open_session.scalar(organisations.waiting(actor)) == int(sees)
    assert organisation.status is OrganisationStatus.APPLIED


def test_nobody_but_a_supervisor_decides(open_session: Session) -> None:
    organisation = register(open_session, application())
    for role in (Role.PROFESSIONAL, Role.ANALYST, Role.ADMINISTRATOR):
        actor = factories.actor_of(open_session, factories.create_account(open_session, role))
        with pytest.raises(PermissionDenied):
            organisations.decide(open_session, actor, organisation.id, APPROVE, seen=organisation.version)


def test_an_application_is_decided_once(open_session: Session) -> None:
    organisation = register(open_session, application())
    actor = supervisor_of(open_session, GUANGZHOU)
    seen = organisation.version
    organisations.decide(open_session, actor, organisation.id, APPROVE, seen=seen)
    open_session.flush()
    with pytest.raises(WrongStatus):
        organisations.decide(open_session, actor, organisation.id, RETURN, opinion="重复", seen=seen)
    assert organisation.status is OrganisationStatus.APPROVED
    assert organisations.counts(open_session, actor) == {OrganisationStatus.APPROVED: 1}


def test_returning_says_what_to_correct_and_the_correction_comes_back(open_session: Session) -> None:
    form = application()
    organisation = register(open_session, form)
    actor = supervisor_of(open_session, GUANGZHOU)
    with pytest.raises(InvalidField, match="审核意见"):
        organisations.decide(open_session, actor, organisation.id, RETURN, opinion=" ", seen=organisation.version)
    organisations.decide(
        open_session, actor, organisation.id, RETURN, opinion="名称与执照不符", seen=organisation.version
    )
    open_session.flush()
    account = open_session.scalars(select(Account).where(Account.username == "qingchuan")).one()
    applicant = replace(factories.actor_of(open_session, account), must_change_password=False)
    changed = replace(form, uscc=factories.invented_uscc())
    with pytest.raises(InvalidField, match="统一社会信用代码"):
        organisations.resubmit(open_session, applicant, organisation.id, changed)
    organisations.resubmit(open_session, applicant, organisation.id, replace(form, name="晴川桥隧设计研究院"))
    assert (organisation.status, organisation.name) == (OrganisationStatus.APPLIED, "晴川桥隧设计研究院")
    with pytest.raises(WrongStatus):
        organisations.resubmit(open_session, applicant, organisation.id, form)


def test_a_stranger_cannot_correct_an_application(open_session: Session) -> None:
    form = application()
    organisation = register(open_session, form)
    stranger = factories.actor_of(
        open_session, factories.create_reviewer(open_session, factories.create_employer(open_session))
    )
    with pytest.raises(NotFound):
        organisations.resubmit(open_session, stranger, organisation.id, form)


def test_until_the_password_is_changed_an_applicant_does_nothing(open_session: Session) -> None:
    form = application()
    organisation = register(open_session, form)
    account = open_session.scalars(select(Account).where(Account.username == "qingchuan")).one()
    actor = factories.actor_of(open_session, account)
    assert actor.must_change_password
    with pytest.raises(PermissionDenied):
        organisations.resubmit(open_session, actor, organisation.id, form)
    with pytest.raises(PermissionDenied):
        organisations.list_own(open_session, actor)


def test_a_search_ignores_what_the_database_would_choke_on(open_session: Session) -> None:
    supervisor = supervisor_of(open_session, GUANGZHOU)
    applied = register(open_session, application())
    queue = organisations.queue(open_session, supervisor, status=OrganisationStatus.APPLIED, text="晴\0川")
    assert [each.id for each in queue] == [applied.id]


def test_one_who_supervises_and_administers_cannot_decide_about_his_own(open_session: Session) -> None:
    organisation = register(open_session, application())
    account = open_session.scalars(select(Account).where(Account.username == "qingchuan")).one()
    factories.grant(open_session, account, Role.SUPERVISOR, division=GUANGZHOU)
    actor = replace(factories.actor_of(open_session, account), must_change_password=False)
    with pytest.raises(OwnOrganisation):
        organisations.decide(open_session, actor, organisation.id, APPROVE, seen=organisation.version)


OWN, SUPERVISOR, AFAR = "its own administrator", "a supervisor of the city", "a supervisor of another city"
BOTH, ADMINISTRATOR = "its administrator who is also a supervisor", "the system's administrator"
ALLOWED = {
    (OWN, OrganisationStatus.RETURNED, OrganisationAction.RESUBMIT): OrganisationStatus.APPLIED,
    (BOTH, OrganisationStatus.RETURNED, OrganisationAction.RESUBMIT): OrganisationStatus.APPLIED,
    (SUPERVISOR, OrganisationStatus.APPLIED, APPROVE): OrganisationStatus.APPROVED,
    (SUPERVISOR, OrganisationStatus.APPLIED, RETURN): OrganisationStatus.RETURNED,
    (SUPERVISOR, OrganisationStatus.APPROVED, OrganisationAction.SUSPEND): OrganisationStatus.SUSPENDED,
    (SUPERVISOR, OrganisationStatus.SUSPENDED, OrganisationAction.REINSTATE): OrganisationStatus.APPROVED,
}


def cast(session: Session, organisation: Organisation) -> dict[str, Actor]:
    """Everybody who might try, each as the database knows him."""
    own, both = (factories.create_reviewer(session, organisation) for _ in range(2))
    factories.grant(session, both, Role.SUPERVISOR, division=GUANGZHOU)
    return {
        OWN: factories.actor_of(session, own),
        BOTH: factories.actor_of(session, both),
        SUPERVISOR: supervisor_of(session, GUANGZHOU),
        AFAR: supervisor_of(session, SHENZHEN),
        ADMINISTRATOR: factories.actor_of(session, factories.create_account(session, Role.ADMINISTRATOR)),
    }


def take(session: Session, actor: Actor, organisation: Organisation, action: OrganisationAction) -> None:
    if action is OrganisationAction.RESUBMIT:
        form = application(uscc=organisation.uscc, division=organisation.division)
        organisations.resubmit(session, actor, organisation.id, form)
    else:
        organisations.decide(session, actor, organisation.id, action, seen=organisation.version, opinion="见附件")


def test_every_role_in_every_status_may_take_exactly_the_steps_of_the_table(open_session: Session) -> None:
    taken = {}
    for status in set(OrganisationStatus) - {OrganisationStatus.MERGED}:
        for action in (OrganisationAction.RESUBMIT, *organisations.DECISIONS):
            for who in (OWN, BOTH, SUPERVISOR, AFAR, ADMINISTRATOR):
                organisation = factories.create_organisation(open_session, status=status)
                actor = cast(open_session, organisation)[who]
                offered = action in organisations.possible_actions(actor, organisation)
                try:
                    take(open_session, actor, organisation, action)
                except (PermissionDenied, NotFound, OwnOrganisation, WrongStatus):
                    assert organisation.status is status
                    assert not offered
                else:
                    assert offered
                    taken[who, status, action] = organisation.status
    assert taken == ALLOWED


@pytest.mark.parametrize("action", [RETURN, OrganisationAction.SUSPEND])
def test_what_takes_something_away_needs_its_reason(open_session: Session, action: OrganisationAction) -> None:
    (status,) = organisations.MOVES[action].sources
    organisation = factories.create_organisation(open_session, status=status)
    with pytest.raises(InvalidField, match="审核意见"):
        organisations.decide(
            open_session,
            supervisor_of(open_session, YUEXIU),
            organisation.id,
            action,
            seen=organisation.version,
            opinion=" ",
        )
