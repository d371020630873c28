"""Which row of a list of waiting things is open before whoever decides about them."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from services.errors import NotFound
from services.permissions import Actor


class Decided(Protocol):
    """Something that waits for a decision, or has one."""

    id: int
    decided_by_id: int | None


Row = TypeVar("Row", bound=Decided)


def opened(actor: Actor, queue: Sequence[Row], named: int | None, get: Callable[[int], Row]) -> Row | None:
    """The named row, else the first; after the actor's own decision the first of those that are left.

    What a colleague has decided stays open, so that the actor sees what became of it.
    """
    first = queue[0] if queue else None
    here = next((row for row in queue if row.id == named), None)
    if here is not None or named is None:
        return here or first
    try:
        elsewhere = get(named)
    except NotFound:
        return first
    return first if elsewhere.decided_by_id == actor.account_id else elsewhere
