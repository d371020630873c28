"""The colours of .streamlit/config.toml can be told apart as WCAG 2.2 AA asks, by day and in the dark."""

import colorsys
import itertools
import tomllib
from typing import Any, get_args

import pytest

from db.settings import PROJECT
from web.label import Colour

pytestmark = pytest.mark.no_database
Paint = tuple[float, float, float]
THEME: dict[str, Any] = tomllib.loads((PROJECT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
SCHEMES = ("light", "dark")
TEXT, SHAPE = 4.5, 3.0
CAPTION = 0.6  # of the text's colour, as Streamlit draws it
TINT = {"light": 0.1, "dark": 0.2}  # of a colour below the words of a badge
SHADE = {"light": -0.15, "dark": 0.15}  # from a colour to the words that Streamlit writes in it
WHITE = (1.0, 1.0, 1.0)


def paint(scheme: str, name: str) -> Paint:
    return _read(THEME[scheme][name])


def grounds(scheme: str) -> list[Paint]:
    parts = (THEME[scheme], THEME[scheme]["sidebar"])
    return [_read(part[name]) for part in parts for name in ("backgroundColor", "secondaryBackgroundColor")]


def _read(written: str) -> Paint:
    red, green, blue = bytes.fromhex(written.removeprefix("#"))
    return red / 255, green / 255, blue / 255


def laid(colour: Paint, share: float, ground: Paint) -> Paint:
    red, green, blue = (share * over + (1 - share) * under for over, under in zip(colour, ground, strict=True))
    return red, green, blue


def shaded(colour: Paint, change: float) -> Paint:
    hue, lightness, saturation = colorsys.rgb_to_hls(*colour)
    return colorsys.hls_to_rgb(hue, min(max(lightness + change, 0), 1), saturation)


def contrast(one: Paint, other: Paint) -> float:
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Paint) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_is_measured_as_wcag_defines_it() -> None:
    assert contrast(WHITE, (0, 0, 0)) == pytest.approx(21)
    assert contrast(_read("#777777"), WHITE) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_captions_and_links_can_be_read_on_every_ground(scheme: str) -> None:
    text, link = paint(scheme, "textColor"), paint(scheme, "linkColor")
    for ground in grounds(scheme):
        assert contrast(laid(text, CAPTION, ground), ground) >= TEXT
        assert contrast(link, ground) >= TEXT


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_main_button_can_be_read_and_seen(scheme: str) -> None:
    primary = paint(scheme, "primaryColor")
    assert contrast(WHITE, primary) >= TEXT
    assert contrast(primary, paint(scheme, "backgroundColor")) >= SHAPE


@pytest.mark.parametrize(("scheme", "colour"), list(itertools.product(SCHEMES, get_args(Colour))))
def test_a_badge_can_be_read_on_every_ground(scheme: str, colour: str) -> None:
    base = paint(scheme, f"{colour}Color")
    words = shaded(base, SHADE[scheme])
    for ground in grounds(scheme):
        assert contrast(words, laid(base, TINT[scheme], ground)) >= TEXT
        assert contrast(words, ground) >= TEXT


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_colours_of_charts_stand_out_from_the_ground(scheme: str) -> None:
    for written in THEME[scheme]["chartCategoricalColors"]:
        assert contrast(_read(written), paint(scheme, "backgroundColor")) >= SHAPE
