"""What there is to be looked at: every page by the table of the menu, and what else can be seen on some of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from db.accounts import Role
from services.permissions import ROLE_PERMISSIONS
from web.navigation import SCREENS, Screen, Visitor

# By the page's path: queries besides the bare address. Words in braces stand for numbers of the demo's rows.
VIEWS: Mapping[str, Sequence[str]] = {
    "account/verify": ("code={certificate}",),
    "personal/profile": ("transfer=true",),
    "personal/claims": ("id=new", "id={draft_claim}", "id={returned_claim}", "id={submitted_claim}"),
    "personal/classes": ("id={open_class}",),
    "employer/people": ("status=active", "view=changes", "view=identities"),
    "employer/claims": ("status=approved",),
    "employer/imports": ("view=hours",),
    "provider/classes": ("class=new", "class={open_class}", "class={completed_class}"),
    "provider/completion": ("class={completed_class}",),
    "authority/dashboard": ("division=441202", "employer=1"),
    "authority/organisations": ("view=changes", "view=duplicates", "view=holding", "view=identities"),
    "authority/claims": ("view=audits", "view=certificates"),
    "authority/classes": ("view=providers",),
    "authority/requirements": ("view=windows", "view=rules", "view=exemptions", "view=propose"),
    "authority/misconduct": ("view=report",),
    "analyst/reconciliation": ("view=totals", "view=missing"),
    "analyst/explore": ("chart=pivot", "chart=distribution"),
    "system/accounts": ("account_search=professional",),
}


@dataclass(frozen=True)
class Sight:
    """An address as one account of the demo sees it; a visitor has none."""

    path: str
    query: str = ""
    username: str = ""

    def __str__(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


def sights() -> Iterator[Sight]:
    for screen in SCREENS:
        username = _reader(screen)
        yield Sight(screen.path, username=username)
        for query in VIEWS.get(screen.path, ()):
            yield Sight(screen.path, query, username)


def _reader(screen: Screen) -> str:
    """The demo's accounts are called like their roles."""
    if isinstance(screen.access, Visitor):
        return ""
    return next(role.value for role in Role if screen.access in ROLE_PERMISSIONS[role])
