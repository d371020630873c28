"""Which passwords are good enough, and that every byte of one counts."""

import base64
import hashlib
import re
import subprocess
import sys
import unicodedata
from datetime import date

import bcrypt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services import passwords
from services.errors import InvalidField
from services.passwords import About

pytestmark = pytest.mark.no_database

OWNER = About("mingyue", "13908642173", "11010519491231002X", date(1949, 12, 31))


def refused(password: str) -> str:
    """The reason, empty for a good password."""
    try:
        passwords.check_policy(password, OWNER)
    except InvalidField as refusal:
        return refusal.reason
    return ""


@pytest.mark.parametrize(
    "password",
    [
        "Pilot-2026",
        "Xk7-pQ2r",
        "kdjvhqpxmwnreyt",
        "correct horse battery staple",
        "春眠不觉晓处处闻啼鸟夜来风雨声",
        "湖光山色Ab12",
        "落霞与孤鹜齐飞" * 2 + "秋水共长天一色" * 16 + "Zq",
        # Each character may stand for several letters: looked at as a whole, this one takes zxcvbn 20 seconds.
        "4@8({[</369&#!1/|0$5+7%2" * 3,
    ],
)
def test_a_good_password_is_accepted(password: str) -> None:
    assert refused(password) == ""


@pytest.mark.parametrize("password", ["", "Xk7-pQ2", "abxkwqpz", "abxkwqpz7341", "kdjvhqpxmwnrey"])
def test_a_short_password_needs_three_kinds_of_characters(password: str) -> None:
    assert "至少15个字符" in refused(password)


def test_a_password_of_129_characters_is_too_long() -> None:
    assert "不能超过" in refused("aB3$" * 32 + "x")


@pytest.mark.parametrize(
    "password",
    [
        *("Password1!", "P@ssw0rd2024", "Admin@123", "Qwer1234!", "1qaz@WSX", "Aa123456!", "Summer2026!"),
        *("Woaini1314", "Woaini@520", "Guangdong2024", "Jixujiaoyu#1"),
        *("aaaaaaaaaaaaaaa", "123456789012345", "qwertyuiopasdfg"),
    ],
)
def test_a_common_password_is_refused(password: str) -> None:
    assert "过于常见" in refused(password)


@pytest.mark.parametrize(
    "password",
    [
        *("Mingyue#8421", "xx-MINGYUE-84", "Tel-139086421", "Id#110105+pq", "Xy-19491231!"),
        *("Xy-1949-12-31!", "Xy-491231-Qa", "31002x-Kq-Wm", "Ｍｉｎｇｙｕｅ#8421"),
    ],
)
def test_what_is_known_about_the_owner_is_no_password(password: str) -> None:
    assert "不能含有" in refused(password)


@pytest.mark.parametrize(
    "password", ["x" * 73, "x" * 128, "密码" * 40, "before\0after", " leading blank", "trailing blank ", "\ud800"]
)
def test_every_byte_of_a_password_counts(password: str) -> None:
    password_hash = passwords.hash_password(password)

    assert passwords.matches(password, password_hash)
    assert not passwords.matches(password[:-1] + "#", password_hash)
    assert not passwords.matches(password.strip() + "  ", password_hash)


def test_the_stored_form_is_bcrypt_over_the_sha256_of_the_normalised_password() -> None:
    digest = base64.b64encode(hashlib.sha256(b"Pilot-2026").digest())

    assert bcrypt.checkpw(digest, passwords.hash_password("Ｐilot-2026").encode())


def test_nobodys_hash_costs_as_much_as_a_real_one_and_fits_no_password() -> None:
    nobody, somebody = passwords.nobodys_hash(), passwords.hash_password("Pilot-2026")

    assert (len(nobody), nobody[:7]) == (len(somebody), somebody[:7])
    assert not passwords.matches("", nobody)


def test_one_time_passwords_differ_are_readable_and_good_enough() -> None:
    made = {passwords.one_time_password() for _ in range(200)}

    assert len(made) == 200
    assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{5}-){2}[a-hjkmnp-z2-9]{5}", password) for password in made)
    assert not any(map(refused, list(made)[:20]))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_whatever_is_typed_is_judged_and_nothing_short_is_accepted(password: str) -> None:
    assert refused(password) or len(unicodedata.normalize("NFKC", password)) >= passwords.SHORTEST


def test_importing_the_services_of_accounts_does_not_import_streamlit() -> None:
    code = "import sys, services.accounts, services.sign_in; print('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
