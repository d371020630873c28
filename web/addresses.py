"""Which addresses exist for whom, decided when a browser asks for a page."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import QueryParams

from services.permissions import Actor, Permission
from web.i18n import DEFAULT
from web.navigation import SCREENS, screens_for

# First segments that belong to Streamlit or to our own routes.
NO_PAGES = frozenset(
    {"_stcore", "app", "certificates", "component", "exports", "files", "health", "media", "session", "static"}
)


def is_document(method: str, path: str) -> bool:
    """Whether a browser is asking for a page rather than for a part of one."""
    return method in {"GET", "HEAD"} and "." not in path and path.split("/")[1] not in NO_PAGES


def safe_next(wanted: str) -> str:
    """The address to go on to after the sign-in: only ever a page of ours."""
    path, _, query = wanted.partition("?")
    if path not in {screen.url_path for screen in SCREENS}:
        return "/"
    return f"/{path}?{urlencode(parse_qsl(query))}" if query else f"/{path}"


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody, or nobody we know, opens an address."""

    actor: Actor | None
    path: str
    query: QueryParams

    @property
    def language(self) -> str:
        """In which the page will speak; a visitor chooses it only then."""
        return self.actor.language if self.actor else DEFAULT

    def exists(self) -> bool:
        return self._name in {"", *(screen.url_path for screen in screens_for(self.actor))}

    def redirect(self) -> str | None:
        """Where to go instead, if anywhere."""
        if self._name == screens_for(self.actor)[0].url_path:
            return self._with_query("/")
        if self.exists():
            return None
        if self.actor is None:
            return f"/?{urlencode({'next': self._with_query(self._name)})}" if self._is_known else None
        return "/" if Permission.ACCOUNT_OWN not in self.actor.permissions else None

    def _with_query(self, path: str) -> str:
        return f"{path}?{self.query}" if self.query else path

    @property
    def _name(self) -> str:
        return self.path.strip("/")

    @property
    def _is_known(self) -> bool:
        return self._name in {screen.url_path for screen in SCREENS}
