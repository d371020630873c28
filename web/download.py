"""Files that are made when somebody asks for them.

They leave only through `/exports/…`, where the account is resolved anew: what `st.download_button` offers lies at an
address that needs no sign-in, and can be an earlier file of the same length.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from services import workbooks
from services.permissions import Actor

PDF, ZIP = "application/pdf", "application/zip"


class Download(NamedTuple):
    """What is too large for memory comes in parts, each made when the one before is sent."""

    file_name: str
    content: bytes | Iterator[bytes]
    media_type: str = workbooks.MEDIA_TYPE


# Makes the file from the parameters of the address; a DomainError means that there is nothing for this actor.
Export = Callable[[Actor, Mapping[str, str]], Download]


def address(name: str, **parameters: str | int) -> str:
    """Where a link leads that downloads an export."""
    given = {key: value for key, value in parameters.items() if value != ""}
    return f"/exports/{name}" + (f"?{urlencode(given)}" if given else "")
