"""Stored text on its way to the screen."""

import re

_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")


def escape_markdown(text: str) -> str:
    """What somebody typed, so that Streamlit shows it as it is: no link, no image fetched from elsewhere."""
    return _MARKDOWN.sub(r"\\\1", text)
