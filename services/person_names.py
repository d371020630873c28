"""Names of people: the one dot with which they are kept, and how they are found however somebody types them."""

import unicodedata

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

INTERPUNCT = "·"
_OTHERS = str.maketrans(dict.fromkeys("•‧∙⋅・･", INTERPUNCT))


def with_one_dot(name: str) -> str:
    """As in 阿卜杜拉·买买提, whichever of the dots that look alike was typed."""
    return name.translate(_OTHERS)


def holds(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Whether a name has this part: whichever dot is typed, however accents are put together, in capitals or not."""
    return column.icontains(with_one_dot(unicodedata.normalize("NFC", text)), autoescape=True)
