"""bcrypt takes a quarter of a second, during which no transaction keeps others from writing."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

import bcrypt
import pytest
from sqlalchemy import select
from sqlalchemy.pool import QueuePool

from db import reading, transaction
from db import session as db_session
from db.accounts import Account, Role
from db.organisations import OrganisationKind
from services import accounts, organisations, password_change, passwords, registration, reviewers, sessions
from services.organisation_form import Application
from services.own_password import WrongPassword
from services.permissions import Actor
from services.sign_in import WrongCredentials
from tests import factories, signing_in
from tests.signing_in import PASSWORD

NEW = "Lanhua-Zk83"
USED = ["Baihe-Qx71", "Hehua-Wv62", "Juhua-Rt53"]


@pytest.fixture
def account() -> Account:
    return signing_in.create_account(Role.PROFESSIONAL)


@pytest.fixture
def open_meanwhile(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Each time that bcrypt begins: how many connections are at work, which is how many transactions are open."""
    seen: list[int] = []

    def watched(function: Callable[[bytes, bytes], object]) -> Callable[[bytes, bytes], object]:
        def call(password: bytes, salt: bytes) -> object:
            pool = db_session.engine.pool
            assert isinstance(pool, QueuePool)
            seen.append(pool.checkedout())
            return function(password, salt)

        return call

    for name in ("hashpw", "checkpw"):
        monkeypatch.setattr(bcrypt, name, watched(getattr(bcrypt, name)))
    return seen


def test_an_open_transaction_would_be_noticed(open_meanwhile: list[int]) -> None:
    with transaction() as session:
        passwords.hash_password(PASSWORD)
        session.scalars(select(Account)).all()
        passwords.hash_password(PASSWORD)
    assert open_meanwhile == [0, 1]


def test_a_change_with_full_history_leaves_the_database_free(account: Account, open_meanwhile: list[int]) -> None:
    actor = signing_in.actor_of(signing_in.enter())
    for old, new in zip([PASSWORD, *USED], [*USED, NEW], strict=True):
        open_meanwhile.clear()
        password_change.change(transaction, actor, old=old, new=new)
    # The old password, the three before it, and the new one.
    assert open_meanwhile == [0] * 5


def test_so_do_those_that_are_refused(account: Account, open_meanwhile: list[int]) -> None:
    actor = signing_in.actor_of(signing_in.enter())
    open_meanwhile.clear()
    with pytest.raises(WrongPassword):
        password_change.change(transaction, actor, old="wrong", new=NEW)
    with pytest.raises(WrongCredentials):
        signing_in.get_ticket(password="wrong")
    assert open_meanwhile == [0, 0]


def test_so_do_one_time_passwords(account: Account, administrator: Actor, open_meanwhile: list[int]) -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
        reviewer = factories.actor_of(session, factories.create_reviewer(session, employer))
    open_meanwhile.clear()
    with transaction() as session:
        accounts.reset_password(session, administrator, account.id)
    with transaction() as session:
        accounts.create_account(session, administrator, username="fenxi", display_name="沈清和")
    with transaction() as session:
        reviewers.appoint_new(session, reviewer, employer.id, username="jieban", display_name="苏清和")
    with transaction() as session:
        accounts.create_first_administrator(session, "shouxi")
    assert open_meanwhile == [0, 0, 0, 0]


def test_so_do_registrations(open_meanwhile: list[int]) -> None:
    with transaction() as session:
        registration.register_person(
            session,
            username="linzhi",
            password=NEW,
            name="林知夏",
            id_number=factories.invented_id_number(7),
            mobile="13908642173",
            email="linzhi@example.com",
            address="192.0.2.1",
        )
    application = Application(
        uscc=factories.invented_uscc(),
        name="晴川桥隧设计有限公司",
        division="440104",
        kind=OrganisationKind.EMPLOYER,
        contact_name="沈清和",
        contact_phone="13908642174",
    )
    with transaction() as session:
        organisations.register(session, application, username="qingchuan", password=NEW, address="192.0.2.1")
    assert open_meanwhile == [0, 0]


def test_of_many_who_sign_in_at_once_a_few_are_judged_and_the_others_work_on(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Judging takes as long as this test lets it; who is signed in already is served meanwhile."""
    token, judged, over, lock = signing_in.enter(), list[int](), Event(), Lock()
    at_work = 0

    def judge(_password: bytes, _stored: bytes) -> bool:
        nonlocal at_work
        with lock:
            at_work += 1
            judged.append(at_work)
        over.wait(30)
        with lock:
            at_work -= 1
        return False

    monkeypatch.setattr(bcrypt, "checkpw", judge)
    with ThreadPoolExecutor(50) as threads:
        tries = [threads.submit(passwords.matches, PASSWORD, account.password_hash) for _ in range(50)]
        while not judged:
            time.sleep(0.01)
        for _ in range(10):
            with reading() as session:
                assert sessions.resolve(session, token) is not None
            with transaction() as session:
                accounts.set_language(session, signing_in.actor_of(token), "en")
        assert not any(each.done() for each in tries)
        over.set()
    assert len(judged) == 50
    assert max(judged) <= max(1, (os.cpu_count() or 2) - 1)
