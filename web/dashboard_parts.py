"""Everything that is charted of a place, in the order of the page and of the report."""

from collections.abc import Iterator

from services.charted_figures import Part
from web import dashboard_hours, dashboard_lists
from web.dashboard_reading import Found


def of_place(found: Found) -> Iterator[Part]:
    """There is nothing below an organisation, and what it returns is one of its figures."""
    if found.is_division:
        yield dashboard_lists.places(found.below)
    yield from of_hours(found)
    if found.is_division:
        yield dashboard_lists.returns(found.returning)


def of_hours(found: Found) -> Iterator[Part]:
    yield dashboard_hours.months(found.months)
    yield dashboard_hours.activities(found.activities)
    yield dashboard_hours.ages(found.overview.figures)
