"""How long a browser stays signed in, and what ends it at once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from db import reading, transaction
from db.accounts import Account, AccountStatus, AuthSession, Grant, Role
from services import clock, sealing, sessions
from services.errors import NotFound, PermissionDenied
from services.permissions import SYSTEM, Actor, Permission, Scope
from services.sessions import TicketRefused
from tests import factories, signing_in
from tests.counting import CountQueries

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def account() -> Account:
    return signing_in.create_account(Role.PROFESSIONAL)


def token_at_noon(*, remember: bool = False) -> str:
    with clock.at(NOON):
        return signing_in.enter(remember=remember)


def is_in(token: str, after: timedelta) -> bool:
    with clock.at(NOON + after):
        return signing_in.whose(token) is not None


def use(token: str, after: timedelta) -> bool:
    """Whether this use was due to be written down, and then was."""
    with clock.at(NOON + after):
        actor = signing_in.actor_of(token)
        if due := sessions.needs_touch(actor):
            with transaction() as session:
                sessions.touch(session, actor)
        return due


def test_an_actor_is_what_the_database_says() -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
        person = factories.create_person(session, account=session.get_one(Account, _id_of("mingyue")))
        account = session.get_one(Account, person.account_id)
        factories.grant(session, account, Role.EMPLOYER, organisation=employer)
        session.execute(delete(Grant).where(Grant.account_id == account.id, Grant.role == Role.PROFESSIONAL))
        factories.grant(session, account, Role.SUPERVISOR, division="440104")
        account.language = "en"
    actor = signing_in.actor_of(signing_in.enter())

    assert (actor.account_id, actor.person_id, actor.username) == (account.id, person.id, "mingyue")
    assert actor.scopes == (Scope(Role.EMPLOYER, employer.id), Scope(Role.SUPERVISOR, None, "440104"))
    assert (actor.name, actor.language, actor.address) == (account.display_name, "en", signing_in.ADDRESS)
    assert not actor.must_change_password


def _id_of(username: str) -> int:
    with reading() as session:
        return session.scalars(select(Account.id).where(Account.username == username)).one()


def test_an_account_without_role_or_person_is_signed_in_too() -> None:
    signing_in.create_account(username="newcomer")
    actor = signing_in.actor_of(signing_in.enter("newcomer"))

    assert (actor.scopes, actor.person_id) == ((), None)
    assert Permission.ACCOUNT_OWN in actor.permissions


def test_resolving_takes_one_query(count_queries: CountQueries) -> None:
    token = signing_in.enter()

    with count_queries() as statements:
        signing_in.whose(token)
    assert len(statements) == 1


@pytest.mark.parametrize("token", ["", "invented", "\0", "\ud800"])
def test_an_invented_token_is_nobody(token: str) -> None:
    assert signing_in.whose(token) is None


def test_the_database_holds_only_the_hash_of_a_token_of_256_bits() -> None:
    token = signing_in.enter()

    with reading() as session:
        stored = session.scalars(select(AuthSession)).one()
    assert stored.token_hash == sealing.fingerprint(token) != token
    assert len(token) >= 43


def test_an_idle_session_ends_after_thirty_minutes() -> None:
    token = token_at_noon()

    assert is_in(token, 29 * MINUTE)
    assert not is_in(token, 30 * MINUTE)


def test_a_used_session_goes_on_and_ends_after_twelve_hours() -> None:
    token = token_at_noon()
    for minutes in range(20, 12 * 60, 20):
        use(token, minutes * MINUTE)

    assert is_in(token, 12 * HOUR - MINUTE)
    assert not is_in(token, 12 * HOUR)


def test_looking_without_touching_is_no_activity() -> None:
    token = token_at_noon()
    for minutes in range(30):
        assert is_in(token, minutes * MINUTE)

    assert not is_in(token, 30 * MINUTE)


def test_activity_is_written_down_once_a_minute() -> None:
    token = token_at_noon()

    assert [use(token, timedelta(seconds=seconds)) for seconds in (10, 59, 60, 61, 119, 120)] == [
        *(False, False, True, False, False, True)
    ]


def test_a_remembered_professional_stays_for_fourteen_days_of_silence() -> None:
    token = token_at_noon(remember=True)

    assert is_in(token, 14 * DAY - MINUTE)
    assert not is_in(token, 14 * DAY)


def test_nobody_with_another_role_is_remembered() -> None:
    signing_in.create_account(Role.PROFESSIONAL, Role.ANALYST, username="fenxi")
    with clock.at(NOON):
        token = signing_in.enter("fenxi", remember=True)

    assert not is_in(token, 30 * MINUTE)


def test_a_remembered_professional_who_gets_another_role_is_remembered_no_longer(account: Account) -> None:
    token = token_at_noon(remember=True)
    assert is_in(token, DAY)
    with transaction() as session:
        factories.grant(session, session.get_one(Account, account.id), Role.ANALYST)

    assert is_in(token, 29 * MINUTE)
    assert not is_in(token, DAY)


def test_a_role_counts_from_the_next_interaction_on_both_ways(account: Account) -> None:
    token = signing_in.enter()
    with transaction() as session:
        factories.grant(session, session.get_one(Account, account.id), Role.ANALYST)
    assert Role.ANALYST in signing_in.actor_of(token).roles

    with transaction() as session:
        session.execute(delete(Grant).where(Grant.account_id == account.id))
    assert not signing_in.actor_of(token).roles


def test_a_suspended_account_is_out_at_once_with_its_token_unrevoked(account: Account) -> None:
    token = signing_in.enter()
    with transaction() as session:
        session.execute(update(Account).where(Account.id == account.id).values(status=AccountStatus.SUSPENDED))

    assert signing_in.whose(token) is None


def test_signing_out_ends_this_session_and_no_other() -> None:
    here, there = signing_in.enter(), signing_in.enter()
    with transaction() as session:
        sessions.sign_out(session, signing_in.actor_of(here))

    assert signing_in.whose(here) is None
    assert signing_in.whose(there)
    assert signing_in.logged()[-1] == "sign_out"


def test_who_must_change_the_password_can_still_sign_out(account: Account) -> None:
    with transaction() as session:
        session.get_one(Account, account.id).must_change_password = True
    token = signing_in.enter()
    with transaction() as session:
        sessions.sign_out(session, signing_in.actor_of(token))

    assert signing_in.whose(token) is None


def test_signing_out_elsewhere_keeps_this_session() -> None:
    here, there, elsewhere = signing_in.enter(), signing_in.enter(), signing_in.enter()
    with transaction() as session:
        assert sessions.sign_out_others(session, signing_in.actor_of(here)) == 2

    assert signing_in.whose(here)
    assert not signing_in.whose(there)
    assert not signing_in.whose(elsewhere)


def test_signing_out_elsewhere_stops_a_sign_in_on_its_way() -> None:
    here, ticket = signing_in.enter(), signing_in.get_ticket()
    with transaction() as session:
        sessions.sign_out_others(session, signing_in.actor_of(here))

    with pytest.raises(TicketRefused):
        signing_in.redeem(ticket)


def test_signing_in_again_in_one_browser_ends_its_old_session() -> None:
    old = signing_in.enter()
    signing_in.create_account(username="xingchen")
    new = signing_in.redeem(signing_in.get_ticket("xingchen"), old_token=old)

    assert signing_in.whose(old) is None
    assert signing_in.actor_of(new).username == "xingchen"


def test_the_list_of_devices_shows_the_living_sessions_and_marks_this_one() -> None:
    ended, there = signing_in.enter(), signing_in.redeem(signing_in.get_ticket(), device="Edge\r\n\u202e" + "x" * 300)
    here = signing_in.enter()
    with transaction() as session:
        sessions.sign_out(session, signing_in.actor_of(ended))
    with reading() as session:
        listed = sessions.list_sessions(session, signing_in.actor_of(here))

    assert [(device.device[:8], device.current) for device in listed] == [("Firefox", True), ("Edgexxxx", False)]
    assert max(len(device.device) for device in listed) == sessions.LONGEST_DEVICE
    assert signing_in.actor_of(there).session_id == listed[1].session_id


def test_one_listed_device_can_be_signed_out() -> None:
    here, there = signing_in.enter(), signing_in.enter()
    with transaction() as session:
        sessions.end_session(session, signing_in.actor_of(here), signing_in.actor_of(there).session_id or 0)

    assert signing_in.whose(there) is None
    assert signing_in.whose(here)


def test_the_session_of_somebody_else_does_not_exist() -> None:
    signing_in.create_account(username="xingchen")
    mine, theirs = signing_in.enter(), signing_in.enter("xingchen")

    with pytest.raises(NotFound), transaction() as session:
        sessions.end_session(session, signing_in.actor_of(mine), signing_in.actor_of(theirs).session_id or 0)
    assert signing_in.whose(theirs)


@pytest.mark.parametrize("actor", [SYSTEM, Actor(1, "", must_change_password=True), Actor(1, "", must_enrol_totp=True)])
def test_devices_are_shown_only_to_who_is_fully_signed_in(actor: Actor) -> None:
    for service in (sessions.list_sessions, sessions.sign_out_others):
        with pytest.raises(PermissionDenied), transaction() as session:
            service(session, actor)
