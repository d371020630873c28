import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]  # has no types
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]  # has no types

from services.pdf import font_store
from tests.services.pdf import reading
from tests.services.pdf.signed import render
from tests.services.pdf.statements import ISSUED

pytestmark = pytest.mark.no_database


@pytest.fixture
def _fresh_fonts() -> Iterator[None]:
    _forget()
    yield
    _forget()


@pytest.fixture
def _busy_threads() -> Iterator[None]:
    """Threads that take turns after every few instructions."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.fixture
def extra_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _fresh_fonts: None) -> Path:
    """A TrueType font of 2048 units with one square for 𬎆."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 2048), (2048, 2048), (2048, 0)):
        pen.lineTo(corner)
    pen.closePath()
    builder = FontBuilder(2048)
    builder.setupGlyphOrder([".notdef", "square"])
    builder.setupCharacterMap({ord("𬎆"): "square"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "square": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (2048, 0), "square": (2048, 0)})
    builder.setupHorizontalHeader(ascent=1800, descent=-248)
    builder.setupOS2()
    builder.setupPost()
    path = tmp_path / "rare.ttf"
    builder.save(path)
    monkeypatch.setenv(font_store.EXTRA_FONT, str(path))
    return path


def test_missing_characters_are_named_once_and_in_order() -> None:
    assert font_store.missing_glyphs("王𬎆某\U0003134a𬎆") == "𬎆\U0003134a"


def test_the_characters_of_real_names_are_all_there() -> None:
    assert font_store.missing_glyphs("㛃䶮喆堃镕𬭎𠮷𡋾昇赟玥祎珺翀骉犇淼焱垚彧婳旻晞𫖯𬬭𬀩𬴊𬶍𫖮𬸚䴖·") == ""


def test_a_character_that_the_serif_lacks_comes_from_the_sans(monkeypatch: pytest.MonkeyPatch) -> None:
    sans = font_store._sans()
    monkeypatch.setattr(font_store, "_chain", lambda: iter([sans]))
    _forget_characters()
    assert font_store.glyph("王") == sans.glyph("王")
    _forget_characters()


@pytest.mark.usefixtures("extra_font")
def test_the_administrators_font_fills_the_gaps_at_the_size_of_the_others() -> None:
    assert font_store.missing_glyphs("王𬎆") == ""
    assert font_store.advance("王𬎆") == 2000


@pytest.mark.usefixtures("extra_font")
def test_a_name_that_only_the_administrators_font_has_is_printed() -> None:
    assert "王𬎆某" in reading.joined(render(replace(ISSUED, name="王𬎆某")))


def test_a_font_file_that_was_exchanged_is_refused(tmp_path: Path) -> None:
    fake = tmp_path / "NotoSerifSC-Regular.otf"
    fake.write_bytes(b"OTTO")
    with pytest.raises(font_store.UnexpectedFont, match="NotoSerifSC-Regular"):
        font_store._checked(fake, font_store.SERIF_SHA256)


@pytest.mark.usefixtures("_busy_threads")
def test_threads_that_read_the_same_font_do_not_mix_up_glyphs() -> None:
    characters = [chr(code) for code in range(0x4E00, 0x5600)]
    one_by_one = list(map(font_store.glyph, characters))
    font_store._serif.cache_clear()
    _forget_characters()
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(font_store.glyph, characters)) == one_by_one


def _forget() -> None:
    font_store._extra.cache_clear()
    _forget_characters()


def _forget_characters() -> None:
    for cached in (font_store.glyph, font_store.advance, font_store._face_of):
        cached.cache_clear()
