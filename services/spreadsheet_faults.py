"""Cells that show an error, and formulas whose result was never stored: python-calamine gives both as empty.

Runs only in the limited processes of `services.sandbox`.
"""

import re
import zipfile
from itertools import takewhile
from xml.etree import ElementTree
from xml.parsers import expat

from services.spreadsheet_refusals import SpreadsheetUnreadable

Faults = dict[tuple[int, int], str]
ERROR, NOT_COMPUTED = "error", "not_computed"
_SUSPECT = re.compile(rb"""<(\w+:)?f[\s/>]|\st=["']e["']""")


def found(archive: zipfile.ZipFile, sheet: str) -> Faults:
    """By row and column, counted from 0. Raises SpreadsheetUnreadable."""
    try:
        content = archive.read(_member(archive, sheet))
        return _Scan().faults_of(content) if _SUSPECT.search(content) else {}
    except (ElementTree.ParseError, expat.ExpatError):
        raise SpreadsheetUnreadable from None


def _member(archive: zipfile.ZipFile, sheet: str) -> str:
    """Where a sheet lies: the workbook names a relationship, and that one the file."""
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314  # in a confined process
    named = next(node for node in workbook.iter() if _local(node.tag) == "sheet" and node.get("name") == sheet)
    relationship = next(value for key, value in named.items() if _local(key) == "id")
    relationships = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  # likewise
    target = next(str(node.get("Target")) for node in relationships if node.get("Id") == relationship)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


class _Scan:
    """Walks along the cells of a sheet without keeping any."""

    def __init__(self) -> None:
        self._faults: Faults = {}
        self._row = self._column = -1
        self._kind = ""
        self._has_formula = self._has_value = self._in_value = False

    def faults_of(self, content: bytes) -> Faults:
        parser = expat.ParserCreate(namespace_separator="}")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(content, True)
        return self._faults

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "row":
                self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
                self._column = -1
            case "c":
                self._column = _column(attributes["r"]) if "r" in attributes else self._column + 1
                self._kind = attributes.get("t", "n")
                self._has_formula = self._has_value = False
            case "f":
                self._has_formula = True
            case "v":
                self._in_value = True

    def _text(self, text: str) -> None:
        self._has_value |= self._in_value and bool(text)

    def _end(self, tag: str) -> None:
        match _local(tag):
            case "v":
                self._in_value = False
            case "c" if self._kind == "e":
                self._faults[self._row, self._column] = ERROR
            # A text may well be empty, as that of =IF(A1="","",A1).
            case "c" if self._has_formula and not self._has_value and self._kind != "str":
                self._faults[self._row, self._column] = NOT_COMPUTED


def _column(reference: str) -> int:
    """The number of the column of a cell such as AB12, counted from 0."""
    number = 0
    for letter in takewhile(str.isalpha, reference):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
