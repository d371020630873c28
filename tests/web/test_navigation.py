"""Which pages there are for whom."""

import pytest

from db.accounts import Role
from services.permissions import Actor, Scope
from web.navigation import SCREENS, screens_for, title_in_menu

pytestmark = pytest.mark.no_database


def actor_with(*roles: Role, **facts: bool) -> Actor:
    return Actor(1, "林知夏", scopes=tuple(Scope(role) for role in roles), **facts)  # type: ignore[arg-type]  # flags


def paths(actor: Actor | None) -> list[str]:
    return [screen.path for screen in screens_for(actor)]


def test_a_stranger_is_at_home_at_the_login_and_finds_no_page_of_anybody() -> None:
    assert paths(None)[0] == "account/login"
    assert not {path.split("/")[0] for path in paths(None)} - {"account"}
    assert "account/security" not in paths(None)


def test_who_is_signed_in_finds_no_login() -> None:
    for role in Role:
        assert not {"account/login", "account/register"} & set(paths(actor_with(role)))


@pytest.mark.parametrize("role", Role)
def test_until_the_password_is_changed_there_is_one_page(role: Role) -> None:
    assert paths(actor_with(role, must_change_password=True)) == ["account/password"]


def test_until_the_second_factor_is_there_there_is_one_page() -> None:
    assert paths(actor_with(Role.ADMINISTRATOR, must_enrol_totp=True)) == ["account/totp"]


def test_the_menu_of_several_roles_is_their_union() -> None:
    both = paths(actor_with(Role.PROFESSIONAL, Role.ADMINISTRATOR))
    assert set(both) == set(paths(actor_with(Role.PROFESSIONAL))) | set(paths(actor_with(Role.ADMINISTRATOR)))


def test_work_comes_before_the_account() -> None:
    assert screens_for(actor_with(Role.ADMINISTRATOR))[0].path == "system/accounts"
    assert screens_for(actor_with(Role.PROFESSIONAL))[0].path == "personal/home"


def test_an_address_is_the_path_with_a_hyphen_and_verification_is_short() -> None:
    addresses = {screen.path: screen.url_path for screen in SCREENS}
    assert addresses["account/security"] == "account-security"
    assert addresses["account/verify"] == "verify"


@pytest.mark.parametrize(
    ("waiting", "title"), [(0, "学时审核"), (1, "学时审核 (1)"), (99, "学时审核 (99)"), (5000, "学时审核 (99+)")]
)
def test_the_menu_says_how_much_waits_on_a_page(waiting: int, title: str) -> None:
    screen = next(screen for screen in SCREENS if screen.path == "employer/claims")
    assert title_in_menu(screen, waiting) == title
