"""Several views on one page, of which the address says the one that is drawn."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from services.permissions import Actor
from services.to_do import ToDo
from web import filters, to_do
from web.i18n import _


class View(NamedTuple):
    """`draw` reads and draws everything below the choice of the view; the filters in the address are its own.

    How much waits in it stands behind its title.
    """

    title: str
    draw: Callable[[Actor], None]
    waits: ToDo | None = None


def draw(actor: Actor, views: Mapping[str, View]) -> None:
    """`views` by the code that stands in the address."""
    chosen = filters.view(views)
    if len(views) > 1:
        filters.draw_view(_titles(actor, views), chosen)
    views[chosen].draw(actor)


def _titles(actor: Actor, views: Mapping[str, View]) -> dict[str, str]:
    counts = to_do.waiting(actor)
    return {code: _title(view, counts.get(view.waits, 0) if view.waits else 0) for code, view in views.items()}


def _title(view: View, count: int) -> str:
    return f"{_(view.title)} {count}" if count else _(view.title)
