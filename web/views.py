"""Several views on one page, of which the address says the one that is drawn."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from services.permissions import Actor
from web import filters
from web.i18n import _


class View(NamedTuple):
    """`draw` reads and draws everything below the choice of the view; the filters in the address are its own."""

    title: str
    draw: Callable[[Actor], None]


def draw(actor: Actor, views: Mapping[str, View]) -> None:
    """`views` by the code that stands in the address."""
    chosen = filters.view(views)
    if len(views) > 1:
        filters.draw_view({code: _(view.title) for code, view in views.items()}, chosen)
    views[chosen].draw(actor)
