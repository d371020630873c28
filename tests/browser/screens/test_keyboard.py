"""Without a mouse: the Tab key comes to every control in the order of the page, shows where it is, and goes on."""

import pytest
from playwright.sync_api import Page

from tests.browser.screens.conftest import Demo
from tests.browser.screens.sights import Sight, sights

WALKED = (
    "account/login",
    "personal/claims?id=new",
    "employer/claims",
    "authority/dashboard",
    "provider/classes?class=new",
)
# Controls are numbered in the order in which they are read, each with its looks and those of what surrounds it.
NUMBER = """() => {
    window.looks = part => [0, 1, 2, 3, 4].map(() => {
        const {outline, boxShadow, borderColor, backgroundColor} = getComputedStyle(part);
        part = part.parentElement ?? part;
        return [outline, boxShadow, borderColor, backgroundColor].join();
    }).join();
    const groups = new Set();
    const isRadio = part => (part.role || part.type) === "radio";
    const isFirst = group => !groups.has(group) && groups.add(group);
    const stops = [...document.querySelectorAll("a[href], button, input, textarea, [tabindex]")]
        .filter(part => part.tabIndex >= 0 && !part.disabled && part.getClientRects().length)
        .filter(part => part.checkVisibility({visibilityProperty: true}))
        .filter(part => !isRadio(part) || isFirst(part.name || part.closest("[role=radiogroup]")));
    stops.forEach((part, number) => Object.assign(part, {stop: number, unfocused: window.looks(part)}));
    return stops.map(part => part.getAttribute("aria-label") || part.textContent || part.outerHTML.slice(0, 160));
}"""
# What shows the focus may come by and by.
HERE = """async () => {
    const part = document.activeElement, {stop, unfocused} = part;
    for (let wait = 0; wait < 20 && stop !== undefined && window.looks(part) === unfocused; wait++)
        await new Promise(done => setTimeout(done, 25));
    return [stop ?? null, stop === undefined || window.looks(part) !== unfocused, part.outerHTML.slice(0, 160)];
}"""


def walk(page: Page, most: int) -> list[tuple[int | None, bool, str]]:
    """Where the Tab key comes from the top of the page until it leaves it: number, whether one sees it, what it is."""
    passed: list[tuple[int | None, bool, str]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        here = tuple(page.evaluate(HERE))
        if here[2].startswith("<body") or (passed and here == passed[0]):
            break
        passed.append(here)
    return passed


@pytest.mark.parametrize("sight", [each for each in sights() if str(each) in WALKED], ids=str)
def test_the_tab_key_comes_to_every_control_in_the_order_of_the_page(demo: Demo, sight: Sight) -> None:
    page = demo.open(sight)
    names: list[str] = page.evaluate(NUMBER)
    passed = walk(page, 2 * len(names))
    page.context.close()
    order = [number for number, _seen, _what in passed if number is not None]
    assert [names[number] for number in range(len(names)) if number not in order] == []
    assert order == sorted(order)
    # The whole page can be come to as well, to be scrolled, and does not show it; a grid shows it on its canvas.
    assert [what for _number, seen, what in passed if not seen and not what.startswith(("<main", "<canvas"))] == []
