"""What a page says, for tests that look for words and not for elements."""

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button


def said(app: AppTest) -> str:
    """Every text of the page, one below the other."""
    kinds = (
        app.title,
        app.header,
        app.markdown,
        app.caption,
        app.text,
        app.info,
        app.success,
        app.warning,
        app.error,
    )
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def button(app: AppTest, label: str) -> Button:
    """The first button with this word."""
    return next(found for found in app.button if found.label == label)


def buttons(app: AppTest) -> list[str]:
    return [found.label for found in app.button]


def links(app: AppTest) -> dict[str, str]:
    """The links to pages of ours: what each says, without its colour, and where it leads."""
    found = [element.proto for element in app.get("page_link")]
    return {
        link.label.removeprefix(":blue[**").removesuffix("**]"): f"{link.page}?{link.query_string}".rstrip("?")
        for link in found
    }


def errors_in_popovers(app: AppTest) -> str:
    """What is refused where its field is, and not behind an open popover."""
    return "\n".join(error.value for popover in app.get("popover") for error in popover.error)
