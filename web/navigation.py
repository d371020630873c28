"""Every page with its title, icon and permission: the menu is computed from this table and from nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

import streamlit as st
from streamlit.navigation.page import Page

from services.permissions import Actor, Permission
from web.i18n import N_, _
from web.session import drawing

PAGES = Path(__file__).resolve().parents[1] / "pages"
MOST_SHOWN = 99


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
        if actor is None:
            return isinstance(self.access, Visitor)
        if self.access is Visitor.ANYBODY:
            return Permission.ACCOUNT_OWN in actor.permissions  # not before the password is changed
        return self.access in actor.permissions


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

SCREENS = [
    Screen("account/login", N_("登录"), "login", Visitor.SIGNED_OUT),
    Screen("account/register", N_("个人注册"), "person_add", Visitor.SIGNED_OUT),
    Screen("account/organisations", N_("单位/机构注册"), "domain_add", Visitor.SIGNED_OUT),
    Screen("account/security", N_("账号安全"), "shield_lock", Permission.ACCOUNT_OWN, ACCOUNT),
    Screen("account/password", N_("修改密码"), "key", Permission.PASSWORD_CHANGE, ACCOUNT),
    Screen("account/totp", N_("动态验证码登录"), "phonelink_lock", Permission.TOTP_ENROL),
    Screen("account/verify", N_("证书验证"), "verified", Visitor.ANYBODY),
    Screen("personal/home", N_("首页"), "home", Permission.CERTIFICATE_PRINT, PERSONAL),
    Screen("personal/profile", N_("人员基本信息维护"), "badge", Permission.PROFILE_WRITE, PROFILE),
    Screen("personal/claims", N_("继续教育记录"), "school", Permission.CLAIM_WRITE, PERSONAL),
    Screen("personal/classes", N_("培训班报名申请"), "co_present", Permission.CLASS_ENROL, PERSONAL),
    Screen("personal/enrolments", N_("培训班情况查看"), "event_available", Permission.CLASS_ENROL, PERSONAL),
    Screen(
        "personal/certificates", N_("继续教育证书打印"), "workspace_premium", Permission.CERTIFICATE_PRINT, PERSONAL
    ),
    Screen("personal/exemptions", N_("学时减免"), "remove_done", Permission.EXEMPTION_REQUEST, PERSONAL),
    Screen("personal/misconduct", N_("失信信息查看"), "balance", Permission.MISCONDUCT_ANSWER, CREDIT),
    Screen("personal/legacy_certificates", N_("历史查询/打印"), "history_edu", Permission.LEGACY_VIEW, LEGACY),
    Screen("personal/legacy_records", N_("继续教育记录查询"), "manage_search", Permission.LEGACY_VIEW, LEGACY),
    Screen("employer/home", N_("单位首页"), "apartment", Permission.ORGANISATION_OWN, EMPLOYER),
    Screen("employer/people", N_("人员管理"), "groups", Permission.STAFF_CONFIRM, EMPLOYER),
    Screen("employer/claims", N_("学时审核"), "fact_check", Permission.CLAIM_REVIEW, EMPLOYER),
    Screen("employer/progress", N_("完成情况"), "monitoring", Permission.STAFF_PROGRESS, EMPLOYER),
    Screen("employer/imports", N_("批量导入"), "upload_file", Permission.STAFF_IMPORT, EMPLOYER),
    Screen("employer/organisation", N_("单位信息"), "corporate_fare", Permission.ORGANISATION_OWN, EMPLOYER),
    Screen("provider/classes", N_("培训班管理"), "co_present", Permission.CLASS_MANAGE, PROVIDER),
    Screen("provider/enrolments", N_("报名审核"), "how_to_reg", Permission.CLASS_MANAGE, PROVIDER),
    Screen("provider/completion", N_("结业登记"), "task_alt", Permission.CLASS_MANAGE, PROVIDER),
    Screen("authority/dashboard", N_("学时看板"), "dashboard", Permission.DASHBOARD_VIEW, AUTHORITY),
    Screen("authority/organisations", N_("单位与机构审核"), "approval", Permission.ORGANISATION_DECIDE, AUTHORITY),
    Screen("authority/claims", N_("学时认定与抽查"), "verified_user", Permission.CLAIM_RECOGNISE, AUTHORITY),
    Screen("authority/classes", N_("培训班监管"), "co_present", Permission.CLASS_SUPERVISE, AUTHORITY),
    Screen("authority/forecast", N_("完成预测"), "trending_up", Permission.DASHBOARD_VIEW, AUTHORITY),
    Screen("authority/requirements", N_("学时要求"), "rule", Permission.RULES_EDIT, AUTHORITY),
    Screen("authority/misconduct", N_("失信管理"), "gavel", Permission.MISCONDUCT_HANDLE, AUTHORITY),
    Screen("analyst/imports", N_("历史数据导入"), "database_upload", Permission.LEGACY_IMPORT, ANALYSIS),
    Screen("analyst/reconciliation", N_("历史数据核对"), "join_inner", Permission.LEGACY_RECONCILE, ANALYSIS),
    Screen("analyst/explore", N_("历史数据分析"), "query_stats", Permission.LEGACY_EXPLORE, ANALYSIS),
    Screen("system/accounts", N_("账号管理"), "manage_accounts", Permission.ACCOUNT_MANAGE, SYSTEM),
    Screen("system/notices", N_("通知公告"), "campaign", Permission.NOTICE_MANAGE, SYSTEM),
    Screen("system/events", N_("操作日志"), "history", Permission.EVENTS_READ, SYSTEM),
    Screen("system/status", N_("运行状态"), "monitor_heart", Permission.SYSTEM_WATCH, SYSTEM),
]


def screens_for(actor: Actor | None) -> list[Screen]:
    """The first one is the home page."""
    return sorted(filter(lambda screen: screen.open_to(actor), SCREENS), key=_comes_late)


def _comes_late(screen: Screen) -> bool:
    """Work comes before the account in the menu, and decides which page is home."""
    return screen.section in {ACCOUNT, ""} and screen.access is not Visitor.SIGNED_OUT


def pages_for(actor: Actor | None, numbers: Mapping[str, int]) -> dict[Screen, Page]:
    """`numbers` says how much waits on a page, by its path."""
    return {
        screen: _page(screen, numbers.get(screen.path, 0), home=index == 0)
        for index, screen in enumerate(screens_for(actor))
    }


def _page(screen: Screen, number: int, *, home: bool) -> Page:
    return st.Page(
        PAGES / f"{screen.path}.py",
        title=title_in_menu(screen, number),
        icon=f":material/{screen.icon}:",
        url_path=screen.url_path,
        default=home,
        visibility="visible" if screen.section else "hidden",
    )


def title_in_menu(screen: Screen, number: int) -> str:
    """Followed by how much waits there."""
    shown = f"{MOST_SHOWN}+" if number > MOST_SHOWN else number
    return f"{_(screen.title)} ({shown})" if number else _(screen.title)


def in_sections(pages: Mapping[Screen, Page]) -> dict[str, list[Page]]:
    sections: dict[str, list[Page]] = {}
    for screen, page in pages.items():
        sections.setdefault(_(screen.section) if screen.section else "", []).append(page)
    return sections


def open_screen(path: str) -> NoReturn:
    st.switch_page(PAGES / f"{path}.py")


def can_open(path: str) -> bool:
    """Whether the reader of the page that is being drawn may open another one."""
    reader = drawing()
    return any(screen.path == path and screen.open_to(reader) for screen in SCREENS)


def link(path: str, *, label: str = "", icon: str = "", view: Mapping[str, str] | None = None) -> None:
    """A link to a page, drawn only for a reader who may open it; `view` is what its address says about filters."""
    if can_open(path):
        screen = next(screen for screen in SCREENS if screen.path == path)
        st.page_link(
            PAGES / f"{path}.py",
            label=label or _(screen.title),
            icon=f":material/{icon or screen.icon}:",
            query_params=view,
        )
