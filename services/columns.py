"""Columns of queries that are wanted again and again: conditions as numbers, and hours as the database keeps them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Integer, case, func, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from db.claims import Category
from db.statistics import AnnualSummary

# Of each category, in tenths of an hour.
ByCategory = Mapping[Category, ColumnElement[int]]


def flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Of how many rows it holds."""
    return func.coalesce(func.sum(flag(condition)), 0)


def tenths(hours: InstrumentedAttribute[Any]) -> ColumnElement[int]:
    """Whole numbers, which add up the same on both databases; a row without hours has none of them."""
    return func.coalesce(type_coerce(hours, Integer), 0)


def official() -> ByCategory:
    """The hours of a summary that was found or not (an outer join)."""
    return {each: tenths(getattr(AnnualSummary, each.value)) for each in Category}
