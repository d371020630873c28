"""From a user name and a password to a session: one answer for every failure, one use of every ticket."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from db import reading, transaction
from db.accounts import Account, AccountStatus, Role, Ticket
from db.events import Event
from db.settings import settings
from services import clock, passwords, sessions, sign_in, totp
from services.errors import PermissionDenied, WrongStatus
from services.permissions import Permission
from services.sessions import TicketRefused
from services.sign_in import WrongCredentials
from services.throttle import TooManyAttempts
from services.totp import CodeRequired, WrongCode
from tests import signing_in
from tests.signing_in import PASSWORD

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
STEP = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def account() -> Account:
    return signing_in.create_account(Role.PROFESSIONAL)


def suspend(account: Account) -> None:
    with transaction() as session:
        session.execute(update(Account).where(Account.id == account.id).values(status=AccountStatus.SUSPENDED))


def test_the_right_password_leads_to_a_session(account: Account) -> None:
    assert signing_in.actor_of(signing_in.enter()).account_id == account.id
    assert signing_in.logged() == ["sign_in"]


def test_an_unknown_name_a_wrong_password_and_a_suspended_account_have_one_answer(account: Account) -> None:
    answers = set()
    for username, password in (("nobody", PASSWORD), ("mingyue", "wrong")):
        with pytest.raises(WrongCredentials) as refusal:
            signing_in.get_ticket(username, password)
        answers.add(str(refusal.value))
    suspend(account)
    with pytest.raises(WrongCredentials) as refusal:
        signing_in.get_ticket()

    assert answers | {str(refusal.value)} == {"用户名或密码不正确，请重新输入。"}


def test_each_failure_is_logged_with_its_reason_and_address(account: Account) -> None:
    for username, password in (("nobody", PASSWORD), ("mingyue", "wrong")):
        with pytest.raises(WrongCredentials):
            signing_in.get_ticket(username, password)
    suspend(account)
    with pytest.raises(WrongCredentials):
        signing_in.get_ticket()

    with reading() as session:
        events = session.scalars(select(Event).order_by(Event.id)).all()
    assert [event.after["reason"] for event in events] == ["unknown", "password", "suspended"]
    assert {(event.actor_id, event.address) for event in events} == {(None, signing_in.ADDRESS)}
    assert [event.object_type for event in events] == ["attempt", "account", "account"]


def test_an_unknown_name_costs_the_same_work_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    monkeypatch.setattr(passwords, "matches", lambda _password, password_hash: compared.append(password_hash))
    for username in ("nobody", "mingyue"):
        with pytest.raises(WrongCredentials):
            signing_in.get_ticket(username, "wrong")

    unknown, known = compared
    assert unknown[:7] == known[:7], "kind and cost of the hash"


def test_a_password_that_was_changed_while_it_was_compared_is_refused(account: Account) -> None:
    with transaction() as session:
        candidate = sign_in.begin(session, "mingyue", address="")
    with transaction() as session:
        session.get_one(Account, account.id).password_hash = passwords.hash_password("Another-2026")

    with pytest.raises(WrongCredentials), transaction() as session:
        sign_in.finish(session, candidate, True, browser=signing_in.BROWSER)


def test_a_candidate_does_not_show_its_hash_in_a_traceback() -> None:
    with transaction() as session:
        assert "$2b$" not in repr(sign_in.begin(session, "mingyue", address=""))


def test_a_ticket_works_once() -> None:
    ticket = signing_in.get_ticket()
    signing_in.redeem(ticket)

    with pytest.raises(TicketRefused):
        signing_in.redeem(ticket)


@pytest.mark.parametrize("browser", ["another browser", ""])
def test_a_ticket_works_only_in_the_browser_that_gave_the_password(browser: str) -> None:
    ticket = signing_in.get_ticket()

    with pytest.raises(TicketRefused):
        signing_in.redeem(ticket, browser=browser)
    assert signing_in.whose(signing_in.redeem(ticket))


def test_a_ticket_lives_sixty_seconds() -> None:
    with clock.at(NOON):
        late, later = signing_in.get_ticket(), signing_in.get_ticket()
    with clock.at(NOON + timedelta(seconds=59)):
        assert signing_in.redeem(late)
    with clock.at(NOON + timedelta(seconds=60)), pytest.raises(TicketRefused):
        signing_in.redeem(later)


def test_a_ticket_of_a_suspended_account_is_refused(account: Account) -> None:
    ticket = signing_in.get_ticket()
    suspend(account)

    with pytest.raises(TicketRefused):
        signing_in.redeem(ticket)


def test_an_invented_ticket_is_refused() -> None:
    with pytest.raises(TicketRefused):
        signing_in.redeem("invented")


def test_the_database_holds_only_hashes_of_ticket_and_browser() -> None:
    ticket = signing_in.get_ticket()

    with reading() as session:
        stored = session.scalars(select(Ticket)).one()
    assert ticket not in (stored.ticket_hash, stored.browser_hash)
    assert stored.browser_hash != signing_in.BROWSER
    assert len(ticket) >= 43


class TestSecondFactor:
    """Codes for everybody but professionals, where the installation asks for them."""

    @pytest.fixture(autouse=True)
    def _required(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        required = replace(settings(), require_totp=True)
        monkeypatch.setattr("services.totp.settings", lambda: required)
        signing_in.create_account(Role.ANALYST, username="fenxi")
        with clock.at(NOON):
            yield

    def enrol(self) -> pyotp.TOTP:
        """The app on the telephone, after it has scanned the QR code and shown its first code."""
        actor = signing_in.actor_of(signing_in.enter("fenxi"))
        app = pyotp.parse_uri(totp.provisioning_uri(actor))
        assert isinstance(app, pyotp.TOTP)
        with transaction() as session:
            totp.enrol(session, actor, app.at(clock.now()))
        return app

    def test_a_professional_needs_no_code(self) -> None:
        assert not signing_in.actor_of(signing_in.enter()).must_enrol_totp

    def test_until_it_is_enrolled_a_staff_account_can_do_nothing_else(self) -> None:
        actor = signing_in.actor_of(signing_in.enter("fenxi"))

        assert actor.permissions == {Permission.TOTP_ENROL}

    def test_once_enrolled_it_can_work_and_needs_a_code_to_come_back(self) -> None:
        app = self.enrol()

        with pytest.raises(CodeRequired):
            signing_in.enter("fenxi")
        with clock.at(NOON + STEP):
            actor = signing_in.actor_of(signing_in.enter("fenxi", code=app.at(clock.now())))
        assert Permission.ACCOUNT_OWN in actor.permissions

    def test_the_code_of_the_enrolment_cannot_be_used_again(self) -> None:
        app = self.enrol()

        with pytest.raises(WrongCode):
            signing_in.enter("fenxi", code=app.at(NOON))

    def test_a_used_code_is_refused_although_its_time_is_not_over(self) -> None:
        app = self.enrol()
        with clock.at(NOON + STEP):
            code = app.at(clock.now())
            signing_in.enter("fenxi", code=code)
            with pytest.raises(WrongCode):
                signing_in.enter("fenxi", code=code)

    def test_a_telephone_may_be_half_a_minute_wrong_and_not_more(self) -> None:
        app = self.enrol()

        with clock.at(NOON + 10 * STEP):
            assert signing_in.enter("fenxi", code=app.at(NOON + 9 * STEP))
            assert signing_in.enter("fenxi", code=app.at(NOON + 11 * STEP))
            with pytest.raises(WrongCode):
                signing_in.enter("fenxi", code=app.at(NOON + 8 * STEP))

    @pytest.mark.parametrize("code", ["12345", "１２３４５６", "\ud800", "000000 OR 1"])
    def test_a_malformed_code_is_simply_wrong(self, code: str) -> None:
        self.enrol()

        with pytest.raises(WrongCode):
            signing_in.enter("fenxi", code=code)

    def test_five_wrong_codes_lock_for_fifteen_minutes(self) -> None:
        app = self.enrol()
        for _ in range(5):
            with pytest.raises(WrongCode):
                signing_in.enter("fenxi", code="abcdef")

        with clock.at(NOON + timedelta(minutes=14)), pytest.raises(TooManyAttempts):
            signing_in.enter("fenxi", code=app.at(clock.now()))
        with clock.at(NOON + timedelta(minutes=15)):
            assert signing_in.enter("fenxi", code=app.at(clock.now()))
        assert signing_in.logged().count("totp_lock") == 1

    def test_a_wrong_first_code_enrols_nobody(self) -> None:
        actor = signing_in.actor_of(signing_in.enter("fenxi"))

        with pytest.raises(WrongCode), transaction() as session:
            totp.enrol(session, actor, "000000")
        assert signing_in.actor_of(signing_in.enter("fenxi")).must_enrol_totp

    def test_an_enrolled_account_cannot_be_enrolled_over(self) -> None:
        self.enrol()
        with clock.at(NOON + 5 * STEP):
            app = pyotp.TOTP(pyotp.random_base32())
            actor = replace(signing_in.actor_of(signing_in.enter()), account_id=self.account_id())
            with pytest.raises(WrongStatus), transaction() as session:
                totp.enrol(session, actor, app.at(clock.now()))

    def account_id(self) -> int:
        with reading() as session:
            return session.scalars(select(Account.id).where(Account.username == "fenxi")).one()

    def test_an_administrator_lets_a_lost_telephone_be_replaced(self) -> None:
        self.enrol()
        administrator = signing_in.create_account(Role.ADMINISTRATOR, username="guanli")
        actor = replace(signing_in.actor_of(signing_in.enter("guanli")), must_enrol_totp=False)
        with transaction() as session:
            totp.remove(session, actor, self.account_id())

        assert actor.account_id == administrator.id
        assert signing_in.actor_of(signing_in.enter("fenxi")).must_enrol_totp
        assert signing_in.logged()[-2:] == ["totp_remove", "sign_in"]

    def test_nobody_else_may_remove_it(self) -> None:
        self.enrol()
        with pytest.raises(PermissionDenied), transaction() as session:
            totp.remove(session, signing_in.actor_of(signing_in.enter()), self.account_id())

    def test_the_secret_is_stored_sealed(self) -> None:
        app = self.enrol()

        with reading() as session:
            stored = session.get_one(Account, self.account_id()).totp_secret
        assert stored
        assert app.secret not in stored

    def test_a_staff_account_is_never_remembered(self) -> None:
        app = self.enrol()
        with clock.at(NOON + STEP):
            token = signing_in.enter("fenxi", remember=True, code=app.at(clock.now()))
        with clock.at(NOON + sessions.IDLE + 2 * STEP):
            assert signing_in.whose(token) is None
