"""Passwords: which are good enough, how they are stored, and how one is made for somebody.

The stored form is that of streamlit-authenticator's Hasher (bcrypt), which itself cannot be imported without Streamlit.
"""

import base64
import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from threading import BoundedSemaphore

import bcrypt

from services.clock import now
from services.errors import N_, InvalidField

PASSWORD = N_("密码")
NEW_PASSWORD = N_("新密码")
LONG = 15
SHORTEST = 8
LONGEST = 128
KINDS_OF_CHARACTERS = 3
EASY_GUESSES = 10**6
COST = 12
CHEAPEST = 4
_PIECE = 6
# Of 72 characters that each stand for several letters zxcvbn needs 20 seconds, of 20 a third of one.
_ZXCVBN_LONGEST = 20
_COMMON_STEMS = 3000
_LOOKALIKES = str.maketrans("@4301!5$7", "aaeolisst")
# What is commonest among Chinese users, and what this installation itself suggests.
_HABITS = frozenset(
    [
        *("woaini", "aini", "woaiwojia", "woaini1314", "woaini520", "baobao", "laogong", "laopo", "caonima"),
        *("mima", "wodemima", "denglu", "nihao", "woshishui", "zhimakaimen", "zhongguo", "beijing", "shanghai"),
        *("guangdong", "guangzhou", "shenzhen", "jixujiaoyu", "xueshi", "xueshibu", "rensheju", "hourbook"),
    ]
)
# No character that is easily taken for another one.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 3, 5
_RANDOM_BITS = 256  # so many that no character is likelier than another
# No bcrypt hash begins so.
_ONCE = "once$"
_cost: ContextVar[int] = ContextVar("cost of a password hash", default=COST)
# One core stays free for everybody who is already signed in.
_gate = BoundedSemaphore(max(1, (os.cpu_count() or 2) - 1))


@dataclass(frozen=True, slots=True)
class About:
    """What others know or can find out about the owner, and a password therefore must not be made of."""

    username: str
    mobile: str = ""
    id_number: str = ""
    birth_date: date | None = None

    def pieces(self) -> Iterator[str]:
        """Lower-case strings, any of which gives the owner away."""
        yield self.username.lower()
        for number in (self.mobile, self.id_number.lower()):
            digits = re.sub(r"[^0-9x]", "", number)
            yield from (digits[at : at + _PIECE] for at in range(len(digits) - _PIECE + 1))
        if self.birth_date:
            yield from (self.birth_date.strftime(form) for form in ("%Y%m%d", "%y%m%d"))
            yield f"{self.birth_date.year}{self.birth_date.month}{self.birth_date.day}"


def check_policy(password: str, about: About, *, field: str = PASSWORD) -> None:
    """Raises InvalidField with the reason. The rule is security.md 1.7."""
    text = _normalised(password)
    if len(text) > LONGEST:
        raise InvalidField(field, N_("不能超过 %(longest)s 个字符。"), longest=LONGEST)
    if len(text) < SHORTEST or (len(text) < LONG and _kinds(text) < KINDS_OF_CHARACTERS):
        raise InvalidField(field, N_("至少15个字符；或至少8个字符，且含大写字母、小写字母、数字、符号中的三种。"))
    if _tells(text.lower(), about):
        raise InvalidField(field, N_("不能含有用户名、证件号码、手机号码或出生日期。"))
    if _is_common(text):
        raise InvalidField(field, N_("过于常见，容易被猜到，请换一个。"))


def same(one: str, other: str) -> bool:
    return _normalised(one) == _normalised(other)


def _normalised(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _kinds(text: str) -> int:
    return len(set(map(_kind, text)))


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    return "lower" if character.islower() else "upper" if character.isupper() else "symbol"


def _tells(text: str, about: About) -> bool:
    digits = re.sub(r"[^0-9]", "", text)
    return any(piece in text or piece in digits for piece in about.pieces())


def _is_common(text: str) -> bool:
    from zxcvbn import zxcvbn  # a megabyte of word lists, needed only here
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    words = FREQUENCY_LISTS["passwords"]
    stem = _stem(text)
    if text.lower() in words or stem in words[:_COMMON_STEMS] or stem in _HABITS:
        return True
    return bool(zxcvbn(text[:_ZXCVBN_LONGEST])["guesses"] < EASY_GUESSES)


def _stem(text: str) -> str:
    """The word in Password1!, P@ssw0rd2024 and 123Password."""
    word = re.sub(r"^[^a-z]+|[^a-z]+$", "", text.lower())
    return word.translate(_LOOKALIKES)


def hash_password(password: str) -> str:
    with _gate:
        return bcrypt.hashpw(_digest(password), bcrypt.gensalt(_cost.get())).decode()


@contextmanager
def cheaply() -> Iterator[None]:
    """For hashes that are replaced before they are stored, and for tests: both make hundreds of them."""
    token = _cost.set(CHEAPEST)
    try:
        yield
    finally:
        _cost.reset(token)


def matches(password: str, password_hash: str) -> bool:
    is_once = password_hash.startswith(_ONCE)
    with _gate:
        by_bcrypt = bcrypt.checkpw(_digest(password), (nobodys_hash() if is_once else password_hash).encode())
    return _matches_once(password, password_hash) if is_once else by_bcrypt


def hash_once(password: str, until: datetime) -> str:
    """For a password that nobody can guess and that is replaced when it is first used: thousands are made at once.

    `matches` takes as long for it as for any other, and after `until` it matches nothing.
    """
    return f"{_ONCE}{int(until.timestamp())}${hashlib.sha256(_digest(password)).hexdigest()}"


def _matches_once(password: str, password_hash: str) -> bool:
    until = int(password_hash.removeprefix(_ONCE).partition("$")[0])
    expected = hash_once(password, datetime.fromtimestamp(until, UTC))
    return now().timestamp() < until and hmac.compare_digest(expected, password_hash)


def nobodys_hash() -> str:
    """A hash that no password has and that takes the same time to find that out."""
    return f"$2b${_cost.get():02}${'.' * 53}"


def one_time_password(number: int | None = None) -> str:
    """Easily read aloud: three groups of five, 74 bits of a random number or of the one that is given."""
    rest = secrets.randbits(_RANDOM_BITS) if number is None else number
    characters = []
    for _ in range(_GROUPS * _GROUP):
        rest, place = divmod(rest, len(_READABLE))
        characters.append(_READABLE[place])
    return "-".join("".join(characters[at : at + _GROUP]) for at in range(0, len(characters), _GROUP))


def _digest(password: str) -> bytes:
    """So that bcrypt, which stops at 72 bytes and at NUL, sees every byte."""
    return base64.b64encode(hashlib.sha256(_normalised(password).encode("utf-8", "surrogatepass")).digest())
