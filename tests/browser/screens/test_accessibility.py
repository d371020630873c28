"""axe-core finds nothing on any page but what is listed here, each with the reason why it is not ours to mend."""

from collections.abc import Mapping
from importlib.resources import files

import pytest
from playwright.sync_api import Page

from tests.browser.screens.conftest import WIDE, Demo, Shown
from tests.browser.screens.sights import VIEWS, Sight, sights
from web.page_shell import incident_page

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
# Streamlit puts the title of each section of the menu between the items of its list.
MENU = frozenset({"list: stSidebarNavItems", "listitem: stSidebarNavItems"})
# Streamlit's field for files has a role that hides it and a name that shows it; its button has both right.
UPLOADER = frozenset({"presentation-role-conflict: stFileUploaderDropzone"})
# streamlit-authenticator draws its title two levels below the page's, and its captcha without a description.
LOGIN_FORM = frozenset({"heading-order: stHeadingWithActionElements", "image-alt: stImageContainer"})
REMAINING: Mapping[str, frozenset[str]] = {
    "account/login": LOGIN_FORM,
    "personal/exemptions": UPLOADER,
    "personal/claims?id={draft_claim}": UPLOADER,
    "personal/claims?id={returned_claim}": UPLOADER,
    "employer/imports": UPLOADER,
    "employer/imports?view=hours": UPLOADER,
    "analyst/imports": UPLOADER,
}
# Streamlit writes the chosen one of several in the colour of buttons. White is read on it at 4.8:1, and it on a dark
# ground at 3.8:1: no colour has 4.5:1 both ways.
CHOSEN: Mapping[str, frozenset[str]] = {"employer/claims": frozenset({"color-contrast: stMarkdownContainer"})}
IN_THE_DARK = [sight for sight in sights() if str(sight) in {"account/login", "personal/home", "employer/claims"}]
# What is found, each with the nearest part of Streamlit's that it is in.
FINDINGS = """() => axe.run({resultTypes: ["violations"]}).then(({violations}) => violations.flatMap(({id, nodes}) =>
    nodes.map(({target: [selector], html}) => {
        const part = document.querySelector(selector).closest("[data-testid]");
        return [`${id}: ${part ? part.dataset.testid : "page"}`, html];
    })))"""


def findings(page: Page) -> dict[str, str]:
    """With an example of each."""
    page.evaluate(AXE)  # not bound by the page's policy
    found: list[tuple[str, str]] = page.evaluate(FINDINGS)
    return dict(found)


def remaining(sight: Sight) -> frozenset[str]:
    return REMAINING.get(str(sight), frozenset()) | (MENU if sight.username else frozenset())


def test_a_page_has_only_the_findings_that_are_listed(shown: Shown) -> None:
    found = findings(shown.at_width(WIDE))
    assert found.keys() == remaining(shown.sight), found


@pytest.mark.parametrize("sight", IN_THE_DARK, ids=str)
def test_colours_are_told_apart_in_the_dark(demo: Demo, sight: Sight) -> None:
    page = demo.open(sight, scheme="dark")
    found = findings(page)
    page.context.close()
    assert found.keys() == remaining(sight) | CHOSEN.get(str(sight), frozenset()), found


def test_pages_without_streamlit_have_no_findings(page: Page) -> None:
    page.goto("/no-such-page")
    assert findings(page) == {}
    page.set_content(incident_page("4f1c-88"))
    assert findings(page) == {}


def test_every_view_that_a_page_offers_is_looked_at(shown: Shown) -> None:
    offered = shown.page.locator(".st-key-view_filter [role=radio], .st-key-view_filter button").count()
    listed = [query for query in VIEWS.get(shown.sight.path, ()) if query.startswith("view=")]
    assert offered == (len(listed) + 1 if listed else 0)


def test_what_is_listed_is_looked_at() -> None:
    assert REMAINING.keys() <= {str(sight) for sight in sights()}
