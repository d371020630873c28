"""Hours as people write them."""

from decimal import Decimal


def plain(hours: Decimal) -> str:
    """8, 4.5: no decimal place that says nothing."""
    return f"{hours:f}".removesuffix(".0")
