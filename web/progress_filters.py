"""Whom the page 完成情况 and its export show, as it stands in their addresses."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from db.claims import Category
from services.clock import today
from services.progress import Reached, Wanted
from web import years
from web.download import address
from web.filters import LACKING, STATUS, TEXT, YEAR

Code = TypeVar("Code", bound=StrEnum)


def wanted(parameters: Mapping[str, str]) -> Wanted:
    """This year and everybody, unless the address says otherwise."""
    return Wanted(
        year=years.year(parameters.get(YEAR, "")) or today().year,
        reached=_code(Reached, parameters.get(STATUS, "")) or Reached.ALL,
        lacking=_code(Category, parameters.get(LACKING, "")),
        text=parameters.get(TEXT, "").strip(),
    )


def _code(kind: type[Code], given: str) -> Code | None:
    return next((code for code in kind if code == given), None)


def export_address(chosen: Wanted) -> str:
    codes = {STATUS: chosen.reached, LACKING: chosen.lacking or "", TEXT: chosen.text}
    return address("progress", year=chosen.year, **codes)
