"""Passwords: which are good enough, how they are stored, and how one is made for somebody.

The stored form is that of streamlit-authenticator's Hasher (bcrypt), which itself cannot be imported without Streamlit.
"""

import base64
import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from threading import BoundedSemaphore

import bcrypt

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
    with _gate:
        return bcrypt.checkpw(_digest(password), password_hash.encode())


def nobodys_hash() -> str:
    """A hash that no password has and that takes the same time to find that out."""
    return f"$2b${_cost.get():02}${'.' * 53}"


def one_time_password() -> str:
    """Random and easily read aloud: three groups of five, 74 bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(5)) for _ in range(3))


def _digest(password: str) -> bytes:
    """So that bcrypt, which stops at 72 bytes and at NUL, sees every byte."""
    return base64.b64encode(hashlib.sha256(_normalised(password).encode("utf-8", "surrogatepass")).digest())
