"""What must never stand in a log: ID numbers, telephones, mail addresses, passwords, tokens, rows of the database."""

import re

GONE = "<redacted>"
# A SQL error quotes the values it was given, and PostgreSQL the row.
_ROWS = re.compile(r"\[parameters: .*|DETAIL: .*", re.DOTALL)
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_NAMES = (
    "password|passwd|secret|token|ticket|cookie|authorization|captcha|totp"
    r"|\u5bc6\u7801|\u53e3\u4ee4|\u9a8c\u8bc1\u7801"  # password, password, captcha in Chinese
)
# Whatever is called a secret, up to the end of what was quoted or of the word.
_NAMED = re.compile(
    rf"(?i)((?:{_NAMES})\w*[\"']?\s*[=:\uff1a]\s*)" r"(?:Bearer\s+)?(?:\"[^\"]*\"|'[^']*'|\S+)",
)
# ID numbers, telephones, cards and days of birth, also in groups or in wide digits; hashes of passwords; tokens, which
# have 43 characters. 64 hexadecimal ones name a stored file, open nothing, and are what one looks for in the storage.
_SHAPED = re.compile(
    r"(?P<file>(?<![\w-])[0-9a-f]{64}(?![\w-]))|\$2[abxy]\$\d\d\$[./A-Za-z0-9]+|[A-Za-z0-9_-]{32,}"
    r"|\d(?:[ -]?\d){5,}[Xx]?",
)


def redacted(text: str) -> str:
    text = _ADDRESS.sub("<address>", _ROWS.sub(GONE, text))
    return _SHAPED.sub(lambda found: found["file"] or GONE, _NAMED.sub(rf"\1{GONE}", text))
