"""In English no word of ours is left in Chinese: what is Chinese there is data."""

import json
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from db import Base, reading, session
from services import divisions
from tests import catalogue, database
from tests.browser.conftest import Server
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
def stored(server: Server) -> frozenset[str]:
    """Every run of Chinese characters that the demo's rows hold."""
    found = set[str]()
    with database.bound(session.make_engine(server.database_url)):
        found.update(*map(HAN.findall, _texts()))
    return frozenset(found) - _catalogue() | ALSO_STORED | NAMES


def _texts() -> Iterator[str]:
    for place in [*divisions.below(""), *divisions.subtree(GUANGDONG)]:
        yield from (place.name, divisions.name(place.code))
    with reading() as current:
        for table in Base.metadata.sorted_tables:
            for row in current.execute(select(table)):
                yield json.dumps(list(row), default=str, ensure_ascii=False)


def _catalogue() -> set[str]:
    return {text.rpartition("|")[2] for text in catalogue.english()}


def test_what_is_chinese_in_english_is_data(shown: Shown, stored: frozenset[str]) -> None:
    if shown.language == "en":
        texts: list[str] = shown.at_width(WIDE).evaluate(TEXTS)
        ours = {text for text in texts if not stored.issuperset(HAN.findall(text))}
        assert ours == set()
