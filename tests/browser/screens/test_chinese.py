"""In Chinese no word is left in English but data, proper names, and what Streamlit draws, which the README lists."""

import re

import pytest

from db import migrate
from db.settings import PROJECT
from services import demo
from tests import catalogue
from tests.browser.screens.conftest import WIDE, Shown
from web.i18n import DEFAULT

WORD = re.compile(r"[A-Za-z]{2,}")
VARIES = "…"
NAMES = frozenset({"English", "Python", "Streamlit", "SQLite", "MB", "GB", "CSV", "Parquet", "Firefox"})
# What is written for eyes and for ears, without the names of icons, secrets, and cells of grids, which are data.
TEXTS = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [];
    while (walker.nextNode())
        if (!walker.currentNode.parentElement.closest("noscript, canvas, code, [role=img], [data-testid*=Icon]"))
            texts.push(walker.currentNode.textContent.trim());
    for (const name of ["aria-label", "alt", "placeholder", "title"])
        texts.push(...[...document.querySelectorAll(`[${name}]`)].map(part => part.getAttribute(name).trim()));
    return texts;
}"""


@pytest.fixture(scope="session")
def streamlits() -> list[re.Pattern[str]]:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    listed = re.search(r"^## Streamlit's own words$(.*?)^axe-core", readme, re.DOTALL | re.MULTILINE)
    assert listed
    words = [word for word in re.findall("`([^`]+)`", listed[1]) if word != VARIES]
    return [re.compile(".+".join(map(re.escape, word.split(VARIES)))) for word in words]


@pytest.fixture(scope="session")
def known(rows: list[str]) -> frozenset[str]:
    """Latin words in the demo's rows and password, in the revision of its tables, and in our own Chinese texts."""
    return NAMES.union(*map(WORD.findall, [*catalogue.english(), *rows, migrate.HEAD, demo.PASSWORD]))


def test_what_is_english_in_chinese_is_data_or_streamlits(
    shown: Shown, streamlits: list[re.Pattern[str]], known: frozenset[str]
) -> None:
    if shown.language == DEFAULT:
        texts: list[str] = shown.at_width(WIDE).evaluate(TEXTS)
        english = {text for text in texts if not known.issuperset(WORD.findall(text))}
        assert {text for text in english if not any(each.fullmatch(text) for each in streamlits)} == set()
