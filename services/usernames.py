"""Account names: what they may look like, and the one form in which they are compared."""

import re
import unicodedata

from services.errors import N_, InvalidField

USERNAME = N_("用户名")
LONGEST = 64
_RULE = re.compile(r"[a-z][a-z0-9._-]{3,31}")
_ID_NUMBER = re.compile(r"\d{15}")


def normalised(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()


def can_exist(name: str) -> bool:
    """Whether it is worth asking the database, which refuses NUL and halves of characters."""
    return len(name) <= LONGEST and name.isprintable()


def checked(text: str) -> str:
    """The name as it is stored. Raises InvalidField."""
    name = normalised(text)
    if not _RULE.fullmatch(name):
        raise InvalidField(USERNAME, N_("应为4至32位小写字母、数字、点、横线或下划线，并以字母开头。"))
    if _ID_NUMBER.search(name):
        raise InvalidField(USERNAME, N_("请不要使用证件号码。"))
    return name
