"""The second factor is set up once, before anything else."""

import pyotp
import pytest

from db import reading
from db.accounts import Account, Role
from services import totp
from services.clock import now
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, said
from tests.signing_in import create_account

PAGE = "account/totp"


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    """Of an installation that asks staff for a second factor."""
    monkeypatch.setattr(totp, "demanded_of", lambda roles: not roles <= {Role.PROFESSIONAL})
    return create_account(Role.ANALYST)


def secret_of(account: Account) -> str | None:
    with reading() as session:
        return session.get_one(Account, account.id).totp_secret


def test_a_code_of_the_app_proves_that_it_has_the_secret(open_page: OpenPage, account: Account) -> None:
    app = open_page(PAGE, account)
    app.text_input[0].input(pyotp.TOTP(app.code[0].value).at(now()))
    button(app, "绑定验证器").click().run()
    assert secret_of(account)


def test_a_wrong_code_keeps_nothing_and_the_same_secret_can_be_tried_again(
    open_page: OpenPage, account: Account
) -> None:
    app = open_page(PAGE, account)
    shown = app.code[0].value
    wrong = pyotp.TOTP(shown).at(now(), counter_offset=1000)
    app.text_input[0].input(wrong)
    button(app, "绑定验证器").click().run()
    assert "动态验证码不正确" in said(app)
    assert app.code[0].value == shown
    assert secret_of(account) is None
