"""Stored text on its way to the screen."""

import re

_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")
# A bare address becomes a link after the escapes are gone, unless something invisible stands in it.
_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)", re.IGNORECASE)
_JOINER = "\N{WORD JOINER}"


def escape_markdown(text: str) -> str:
    """What somebody typed, so that Streamlit shows it as it is: no link, no image fetched from elsewhere."""
    return _MARKDOWN.sub(r"\\\1", _ADDRESS.sub(_JOINER, text))
