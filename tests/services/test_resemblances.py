"""Organisations that may be registered twice: who is told before, who sees them, and what is done about them."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from db import reading, transaction
from db.accounts import Account, Role
from db.organisation_changes import OrganisationChangeAction
from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from db.resemblances import NameGram, Resemblance, ResemblanceStatus
from services import housekeeping, organisation_changes, organisations, resemblances, throttle
from services.errors import NotFound, PermissionDenied, WrongStatus
from services.organisation_changes import Wanted
from services.organisation_form import Application
from services.organisations import AlreadyRegistered, SimilarRegistered
from services.permissions import Actor
from services.throttle import TooManyAttempts
from tests import factories
from tests.services.acting import last_event, refused

GUANGZHOU, YUEXIU, TIANHE, SHENZHEN, GUANGDONG = "440100", "440104", "440106", "440300", "440000"
APPROVE = OrganisationChangeAction.APPROVE
OPEN, DIFFERENT = ResemblanceStatus.OPEN, ResemblanceStatus.DIFFERENT


@pytest.fixture
def known() -> Organisation:
    """Registered before, with its name noted."""
    return keep("晴川桥隧设计有限公司")


def keep(name: str, division: str = YUEXIU, kind: OrganisationKind = OrganisationKind.EMPLOYER) -> Organisation:
    with transaction() as session:
        organisation = factories.create_organisation(session, name=name, division=division, kind=kind)
        resemblances.note(session, organisation)
    return organisation


def application(name: str = "广州晴川桥隧设计院", **changes: object) -> Application:
    form = Application(
        uscc=factories.invented_uscc(),
        name=name,
        division=TIANHE,
        kind=OrganisationKind.EMPLOYER,
        contact_name="林知夏",
        contact_phone="020-00000000",
    )
    return replace(form, **changes)  # type: ignore[arg-type]  # a test may hand in what the type forbids


def register(form: Application, *different_from: int, username: str = "qiaosui", address: str = "") -> Organisation:
    with transaction() as session:
        return organisations.register(
            session,
            form,
            username=username,
            password="River-2031-sky",  # invented
            address=address,
            different_from=different_from,
        )


def pairs() -> list[tuple[int, int, ResemblanceStatus]]:
    with reading() as session:
        rows = session.scalars(select(Resemblance).order_by(Resemblance.id))
        return [(pair.first_id, pair.second_id, pair.status) for pair in rows]


def supervisor_of(division: str = GUANGZHOU) -> Actor:
    with transaction() as session:
        return factories.actor_of(session, factories.create_supervisor(session, division))


def test_who_registers_a_similar_name_is_shown_it_before_anything_is_stored(known: Organisation) -> None:
    with pytest.raises(SimilarRegistered) as refusal:
        register(application())
    (shown,) = refusal.value.found
    assert (shown.id, shown.name, shown.uscc, shown.division) == (known.id, known.name, known.uscc, YUEXIU)
    assert known.name in str(refusal.value)
    assert known.contact_phone not in repr(shown) + str(refusal.value)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == 1
        assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_who_says_that_his_is_another_one_is_registered_and_the_supervisor_sees_both(known: Organisation) -> None:
    added = register(application(), known.id)
    assert pairs() == [(known.id, added.id, OPEN)]
    with reading() as session:
        assert [each.id for each in resemblances.of(session, added)] == [known.id]
        assert [each.id for each in resemblances.of(session, known)] == [added.id]


def test_one_that_was_not_shown_is_asked_about_again(known: Organisation) -> None:
    keep("晴川桥隧设计研究院", TIANHE)
    with pytest.raises(SimilarRegistered) as refusal:
        register(application(), known.id)
    assert len(refusal.value.found) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "珠江勘测院"},
        {"division": SHENZHEN},
        {"kind": OrganisationKind.PROVIDER},
    ],
)
def test_another_name_city_or_kind_is_not_asked_about(known: Organisation, changes: dict[str, object]) -> None:
    assert register(replace(application(), **changes)).id  # type: ignore[arg-type]  # whatever the type
    assert pairs() == []


def test_what_belongs_to_the_province_is_found_from_its_cities_and_the_other_way_round() -> None:
    of_the_province = keep("晴川桥隧设计有限公司", GUANGDONG)
    with pytest.raises(SimilarRegistered):
        register(application())
    in_the_city = register(application(), of_the_province.id)
    with reading() as session:
        found = resemblances.find(session, "晴川桥隧设计院", GUANGDONG, OrganisationKind.EMPLOYER)
    assert {each.id for each in found} == {of_the_province.id, in_the_city.id}


@pytest.mark.parametrize("is_same_code", [True, False])
def test_guessing_at_what_is_registered_is_slowed_down(known: Organisation, is_same_code: bool) -> None:
    form = application(uscc=known.uscc) if is_same_code else application()
    expected = AlreadyRegistered if is_same_code else SimilarRegistered
    call = {"username": "qiaosui", "password": "River-2031-sky", "address": "192.0.2.1"}
    for _ in range(throttle.REFUSED_REGISTRATIONS.tries):
        assert refused(organisations.register, form, **call) is expected
    assert refused(organisations.register, application("珠江勘测院"), **call) is TooManyAttempts
    assert last_event().action == "account_register_refuse"


def test_a_name_that_changes_is_compared_anew(known: Organisation) -> None:
    other = keep("珠江勘测院")
    assert pairs() == []
    with transaction() as session:
        actor = factories.actor_of(session, factories.create_reviewer(session, other))
        wanted = Wanted("晴川桥隧设计院", other.uscc or "", YUEXIU, "更名")
        change = organisation_changes.request(session, actor, other.id, wanted)
    supervisor = supervisor_of()
    with transaction() as session:
        organisation_changes.decide(session, supervisor, change.id, APPROVE, seen=change.version)
    assert pairs() == [(known.id, other.id, OPEN)]


def test_a_corrected_application_is_compared_anew(known: Organisation) -> None:
    added = register(application(), known.id)
    with transaction() as session:
        session.get_one(Organisation, added.id).status = OrganisationStatus.RETURNED
        account = factories.create_account(session)
        factories.grant(session, account, Role.EMPLOYER, organisation=added)
        applicant = factories.actor_of(session, account)
    with transaction() as session:
        organisations.resubmit(session, applicant, added.id, application("珠江勘测院", uscc=added.uscc))
    assert pairs() == []


def test_a_merged_one_resembles_nobody(known: Organisation) -> None:
    added = register(application(), known.id)
    with transaction() as session:
        resemblances.forget(session, added, decided=True)
    assert pairs() == []
    assert register(application("晴川桥隧设计院有限公司"), known.id, username="another").id


def test_the_supervisor_says_that_two_are_different_and_may_change_his_mind(known: Organisation) -> None:
    added, supervisor = register(application(), known.id), supervisor_of()
    with reading() as session:
        (pair,) = resemblances.queue(session, supervisor, status=OPEN)
        assert resemblances.counts(session, supervisor) == {OPEN: 1}
    with transaction() as session:
        resemblances.set_status(session, supervisor, pair.id, DIFFERENT)
    assert last_event().action == "resemblance_different"
    assert refused(resemblances.set_status, supervisor, pair.id, DIFFERENT) is WrongStatus
    with reading() as session:
        assert resemblances.queue(session, supervisor, status=OPEN) == []
        assert resemblances.of(session, added) == []
    with transaction() as session:
        resemblances.note(session, session.get_one(Organisation, added.id))
    assert pairs() == [(known.id, added.id, DIFFERENT)]
    with transaction() as session:
        resemblances.set_status(session, supervisor, pair.id, OPEN)
    assert pairs() == [(known.id, added.id, OPEN)]


@pytest.mark.parametrize(("division", "sees"), [(GUANGZHOU, True), (YUEXIU, False), (TIANHE, False), (SHENZHEN, False)])
def test_a_pair_is_for_whoever_supervises_both(known: Organisation, division: str, sees: bool) -> None:
    register(application(), known.id)
    actor = supervisor_of(division)
    with reading() as session:
        (number,) = session.scalars(select(Resemblance.id))
        found = resemblances.queue(session, actor, status=OPEN)
    assert bool(found) is sees
    assert refused(resemblances.set_status, actor, number, DIFFERENT) is (None if sees else NotFound)


def test_nobody_but_a_supervisor_sees_the_pairs(known: Organisation) -> None:
    with transaction() as session:
        reviewer = factories.actor_of(session, factories.create_reviewer(session, known))
    assert refused(resemblances.queue, reviewer, status=OPEN) is PermissionDenied
    assert refused(resemblances.counts, reviewer) is PermissionDenied
    assert refused(resemblances.set_status, reviewer, 1, DIFFERENT) is PermissionDenied


def test_names_from_before_are_noted_by_the_housekeeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resemblances, "BATCH", 2)
    with transaction() as session:
        older = [factories.create_employer(session, name=f"晴川桥隧设计{form}") for form in ("院", "公司", "研究院")]
        merged = factories.create_employer(session, name="晴川桥隧设计")
        merged.status, merged.merged_into_id = OrganisationStatus.MERGED, older[0].id
    housekeeping.run_due(transaction)
    with reading() as session:
        noted = set(session.scalars(select(NameGram.organisation_id)))
    assert noted == {each.id for each in older}
    assert len(pairs()) == 3
