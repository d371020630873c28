"""Every page with its title, icon and permission: the menu is computed from this table and from nothing else."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from services.permissions import Actor, Permission
from web.i18n import N_, _

PAGES = Path(__file__).resolve().parents[1] / "pages"


class Visitor(StrEnum):
    """Who may open a page that asks for no permission."""

    SIGNED_OUT = "signed_out"
    ANYBODY = "anybody"


@dataclass(frozen=True, slots=True)
class Screen:
    """One page: `path` is its file under pages/; without a section it is opened by links only."""

    path: str
    title: str
    icon: str
    access: Permission | Visitor
    section: str = ""

    @property
    def url_path(self) -> str:
        return "verify" if self.path == "account/verify" else self.path.replace("/", "-")

    def open_to(self, actor: Actor | None) -> bool:
        if isinstance(self.access, Visitor):
            return self.access is Visitor.ANYBODY or actor is None
        return actor is not None and self.access in actor.permissions


ACCOUNT = N_("账号")
PERSONAL = N_("个人业务")
PROFILE = N_("资料维护")
CREDIT = N_("信用管理")
LEGACY = N_("历史数据")
EMPLOYER = N_("单位业务")
PROVIDER = N_("施教机构")
AUTHORITY = N_("主管部门")
ANALYSIS = N_("数据分析")
SYSTEM = N_("系统管理")

PASSWORD = Screen("account/password", N_("修改密码"), "key", Permission.ACCOUNT_OWN, ACCOUNT)

SCREENS = [
    Screen("account/login", N_("登录"), "login", Visitor.SIGNED_OUT),
    Screen("account/register", N_("个人注册"), "person_add", Visitor.SIGNED_OUT),
    PASSWORD,
    Screen("account/security", N_("账号安全"), "shield_lock", Permission.ACCOUNT_OWN, ACCOUNT),
    Screen("system/accounts", N_("账号管理"), "manage_accounts", Permission.ACCOUNT_MANAGE, SYSTEM),
]


def screens_for(actor: Actor | None) -> list[Screen]:
    """The first one is the home page. Who must change the password has that page and no other."""
    if actor is not None and actor.must_change_password:
        return [PASSWORD]
    return sorted(filter(lambda screen: screen.open_to(actor), SCREENS), key=_comes_late)


def _comes_late(screen: Screen) -> bool:
    """Work comes before the account in the menu, and decides which page is home."""
    return screen.section in {ACCOUNT, ""} and screen.access is not Visitor.SIGNED_OUT


def pages_for(actor: Actor | None) -> dict[str, list[Page]]:
    sections: dict[str, list[Page]] = {}
    for index, screen in enumerate(screens_for(actor)):
        sections.setdefault(_(screen.section) if screen.section else "", []).append(_page(screen, home=index == 0))
    return sections


def _page(screen: Screen, *, home: bool) -> Page:
    return st.Page(
        PAGES / f"{screen.path}.py",
        title=_(screen.title),
        icon=f":material/{screen.icon}:",
        url_path=screen.url_path,
        default=home,
        visibility="visible" if screen.section else "hidden",
    )
