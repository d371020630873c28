"""Every text has its English, and says the same with the same named places."""

import re
from pathlib import Path

import pytest

from tests import catalogue
from tests.source import Source, sources
from web.i18n import translate
from web.navigation import SCREENS

QUOTED = re.compile("“([^“”]+)”")
# The name of a language in that language, the proper name of a browser, and what is said before any language is known.
CHINESE_ON_PURPOSE = ("中文", "微信", "<noscript><p>本系统需要启用 JavaScript。</p></noscript>")


def test_every_text_has_its_english() -> None:
    lacking = catalogue.missing(catalogue.texts(), catalogue.english())
    assert not lacking, "\n".join(["run python -m tests.update_catalogue and translate", *lacking])


def test_the_catalogue_holds_no_text_that_nothing_says() -> None:
    assert catalogue.stale(catalogue.texts(), catalogue.english()) == []


def test_both_languages_name_the_same_places() -> None:
    assert catalogue.mismatched(catalogue.english()) == []


def test_every_sentence_with_places_can_be_filled_in() -> None:
    assert catalogue.unfillable(catalogue.english()) == []


def test_the_english_is_english() -> None:
    assert catalogue.untranslated(catalogue.english()) == []


def test_english_quotes_are_straight() -> None:
    """The fonts of Chinese screens draw curly quotes and dots as wide as a Chinese character."""
    assert {text: english for text, english in catalogue.english().items() if set(english) & set("“”‘’…")} == {}


def test_a_page_is_called_in_a_sentence_as_it_is_in_the_menu() -> None:
    named = {name for screen in SCREENS for name in (screen.title, screen.section)}
    wrong = [
        (translate(quoted, "en"), english)
        for text, english in catalogue.english().items()
        for quoted in named.intersection(QUOTED.findall(text))
        if translate(quoted, "en") not in english
    ]
    assert wrong == []


def test_no_chinese_on_a_screen_is_hidden_from_the_catalogue() -> None:
    found = [text for source in sources("web", "pages") for text in catalogue.unmarked(source)]
    hidden = [text for text in found if not text.endswith(CHINESE_ON_PURPOSE)]
    assert not hidden, "\n".join(hidden)


SOURCE = Source("web/a.py", '"""学时"""\nA = N_("学时")\nst.write(_("还差 %(hours)s 学时"), f"共{n}人")\n')


def test_marked_texts_are_extracted() -> None:
    assert catalogue.texts_in(SOURCE) == ["学时", "还差 %(hours)s 学时"]


def test_text_that_is_not_marked_is_found() -> None:
    assert catalogue.unmarked(SOURCE) == ["web/a.py:3: 共", "web/a.py:3: 人"]


def test_punctuation_that_only_chinese_has_is_found_as_well() -> None:
    assert catalogue.unmarked(Source("web/a.py", 'f"{name}：{reason}"\n')) == ["web/a.py:1: ："]


@pytest.mark.parametrize("other", ["%(hour)s hours missing", "hours missing", "%s hours missing"])
def test_a_translation_with_other_places_is_found(other: str) -> None:
    assert catalogue.mismatched({"还差 %(hours)s 学时": other})
    assert not catalogue.mismatched({"还差 %(hours)s 学时": "%(hours)s hours missing"})


def test_a_percent_sign_in_a_sentence_with_places_is_found() -> None:
    assert catalogue.unfillable({"八成在 %(low)s": "80% between %(low)s"}) == ["80% between %(low)s"]
    assert not catalogue.unfillable({"%(low)s%% 以上": "from %(low)s%%", "达标率（%）": "Completed (%)"})


def test_a_missing_a_stale_and_a_chinese_entry_are_found() -> None:
    wanted = {"学时": ["web/a.py"], "年度": ["web/a.py"]}
    assert catalogue.missing(wanted, {"学时": "Hours", "年度": ""}) == ["web/a.py: 年度"]
    assert catalogue.stale(wanted, {"学时": "Hours", "单位": "Employer"}) == ["单位"]
    assert catalogue.untranslated({"学时": "Hours 学时"}) == ["学时"]


def test_updating_keeps_what_was_translated(tmp_path: Path) -> None:
    location = tmp_path / "en/messages.po"
    wanted = {"学时": ["web/a.py"], "还差 %(hours)s 学时": ["pages/b.py", "pages/b.py"]}
    catalogue.write({"学时": "Hours", "单位": "Employer"}, wanted, location)
    first = location.read_bytes()
    assert catalogue.english(location) == {"学时": "Hours", "还差 %(hours)s 学时": ""}
    catalogue.write(catalogue.english(location), wanted, location)
    assert location.read_bytes() == first


def test_a_word_with_two_senses_has_two_translations() -> None:
    assert [translate("动作|通过", "zh_CN"), translate("动作|通过", "en")] == ["通过", "Approve"]
    assert translate("通过", "en") == "Approved"
