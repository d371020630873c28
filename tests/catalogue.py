"""The texts in the source beside their English in the catalogue."""

import ast
import re
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from db.settings import PROJECT
from tests.source import Source, dotted, nodes, sources

LOCATION = PROJECT / "web/locale/en/messages.po"
PLACES = ("db", "services", "web", "pages")
MARKS = frozenset({"_", "N_"})
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[a-z%]")
CHINESE = re.compile(r"[\u3400-\u9fff\u3001-\u3002\uff01-\uff5e]")  # its punctuation too
Texts = dict[str, list[str]]


def texts_in(source: Source) -> list[str]:
    """From the syntax tree: Babel's own extraction overlooks what stands inside an f-string."""
    calls = [node for node in nodes(source.tree, ast.Call) if dotted(node.func) in MARKS]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    first = [call.args[0] for call in calls if call.args]
    return [text.value for text in first if isinstance(text, ast.Constant) and isinstance(text.value, str)]


def texts() -> Texts:
    """Every marked text with the files that say it."""
    places: Texts = {}
    for source in sources(*PLACES):
        for text in texts_in(source):
            places.setdefault(text, []).append(source.path)
    return places


def english(location: Path = LOCATION) -> dict[str, str]:
    if not location.exists():
        return {}
    with location.open("rb") as file:
        return {str(entry.id): str(entry.string or "") for entry in read_po(file) if entry.id}


def write(translations: dict[str, str], wanted: Texts, location: Path = LOCATION) -> None:
    """In the order of the files, without line numbers and dates, so that a change shows only itself."""
    catalogue = Catalog(locale="en", project="Hourbook", version="", header_comment="# English for Hourbook 学时簿.")
    for text, places in wanted.items():
        catalogue.add(text, translations.get(text, ""), locations=[(place, 0) for place in dict.fromkeys(places)])
    content = BytesIO()
    write_po(content, catalogue, width=120, include_lineno=False, sort_by_file=True, omit_header=True)
    location.parent.mkdir(parents=True, exist_ok=True)
    location.write_bytes(content.getvalue())


def missing(wanted: Texts, translations: dict[str, str]) -> list[str]:
    return [f"{', '.join(places)}: {text}" for text, places in wanted.items() if not translations.get(text)]


def stale(wanted: Texts, translations: dict[str, str]) -> list[str]:
    return [text for text in translations if text not in wanted]


def mismatched(translations: dict[str, str]) -> list[str]:
    """Pairs whose named places differ: the sentence would fail, or lose a number, in one language only."""
    return [text for text, other in translations.items() if other and places_in(text) != places_in(other)]


def places_in(text: str) -> set[str]:
    return {match[0] for match in PLACEHOLDER.finditer(text)}


def unfillable(translations: dict[str, str]) -> list[str]:
    """Sentences with places where a percent sign stands for itself and is not doubled: filling them in fails."""
    both = [each for pair in translations.items() for each in pair]
    return [text for text in both if places_in(text) and "%" in PLACEHOLDER.sub("", text)]


def untranslated(translations: dict[str, str]) -> list[str]:
    return [text for text, other in translations.items() if CHINESE.search(other)]


def unmarked(source: Source) -> list[str]:
    """Chinese in the source that neither `_()` nor `N_()` shows to the catalogue."""
    marked = {node for call in source.all(ast.Call) if dotted(call.func) in MARKS for node in ast.walk(call)}
    documentation = {statement.value for statement in source.all(ast.Expr)}
    return [
        source.at(node, str(node.value))
        for node in nodes(source.tree, ast.Constant)
        if isinstance(node.value, str) and CHINESE.search(node.value) and node not in marked | documentation
    ]
