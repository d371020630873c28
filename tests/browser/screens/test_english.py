"""In English no word of ours is left in Chinese: what is Chinese there is data."""

import re
from collections.abc import Iterator

import pytest

from services import divisions
from tests import catalogue
from tests.browser.screens.conftest import WIDE, Shown
from web.i18n import LANGUAGES

GUANGDONG = "440000"
HAN = re.compile(r"[\u3400-\u9fff]+")
NAMES = frozenset({"学时簿", *LANGUAGES.values()})  # of the system, and of a language in that language
# Of the words in the catalogue, those that somebody has also stored: old systems' verdicts and files, a person's title,
# what an activity is about, and what the demo's administrator is called.
ALSO_STORED = frozenset({"通过", "合格", "学时记录", "历史证书", "工程师", "公需科目", "系统管理员"})
TEXTS = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [document.title];
    while (walker.nextNode())
        if (!walker.currentNode.parentElement.closest("noscript")) texts.push(walker.currentNode.textContent);
    for (const name of ["aria-label", "alt", "placeholder", "title"])
        texts.push(...[...document.querySelectorAll(`[${name}]`)].map(part => part.getAttribute(name)));
    return texts;
}"""


@pytest.fixture(scope="session")
def stored(rows: list[str]) -> frozenset[str]:
    """Every run of Chinese characters in the demo's rows and in the names of places."""
    found = {run for text in [*rows, *_places()] for run in HAN.findall(text)}
    return frozenset(found - _catalogue()) | ALSO_STORED | NAMES


def _places() -> Iterator[str]:
    for place in [*divisions.below(""), *divisions.subtree(GUANGDONG)]:
        yield from (place.name, divisions.name(place.code))


def _catalogue() -> set[str]:
    return {text.rpartition("|")[2] for text in catalogue.english()}


def test_what_is_chinese_in_english_is_data(shown: Shown, stored: frozenset[str]) -> None:
    if shown.language == "en":
        texts: list[str] = shown.at_width(WIDE).evaluate(TEXTS)
        ours = {text for text in texts if not stored.issuperset(HAN.findall(text))}
        assert ours == set()
