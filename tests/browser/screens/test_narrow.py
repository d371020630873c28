"""On a telephone nothing is wider than the screen."""

from tests.browser.screens.conftest import NARROW, Shown

# Of the controls, those that are cut by the right edge; a table, which scrolls by itself, may hold some.
CUT = """() => {
    const scrolls = part => part && (["auto", "scroll"].includes(getComputedStyle(part).overflowX) &&
        part.dataset.testid !== "stMain" || scrolls(part.parentElement));
    return [...document.querySelectorAll("[data-testid=stMain] :is(a, button, input, textarea, h1, h2, h3, p)")]
        .filter(part => part.checkVisibility({opacityProperty: true, visibilityProperty: true}))
        .filter(part => part.getBoundingClientRect().right > innerWidth + 1)
        .filter(part => !scrolls(part.parentElement)).map(part => part.outerHTML.slice(0, 200));
}"""
OVERFLOW = """() => [document.scrollingElement, document.querySelector("[data-testid=stMain]")]
    .map(part => part.scrollWidth - part.clientWidth)"""


def test_a_page_is_as_narrow_as_a_telephone(shown: Shown) -> None:
    page = shown.at_width(NARROW)
    assert page.evaluate(OVERFLOW) == [0, 0]
    assert page.evaluate(CUT) == []
