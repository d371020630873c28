"""Nothing personal gets into a log, whatever stands around it."""

import secrets
from collections.abc import Callable

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import passwords
from tests import factories
from web.redaction import redacted

pytestmark = pytest.mark.no_database
AROUND = st.text(max_size=20)
DIGITS = st.integers(1, 10**6).map(factories.invented_id_number)
PHONES = st.from_regex(r"1[3-9]\d{9}|1[3-9]\d[ -]\d{4}[ -]\d{4}|0\d{2,3}-\d{7,8}|\+86 1[3-9]\d{9}", fullmatch=True)
MAILS = st.from_regex(r"[a-z0-9.]{1,12}@[a-z0-9]{1,8}\.(com|cn)", fullmatch=True)
TOKENS = st.integers(0, 2**30).map(lambda _: secrets.token_urlsafe(32))
HASHES = st.from_regex(r"\$2b\$12\$[./A-Za-z0-9]{53}", fullmatch=True)
WORDS = st.from_regex(r"[!#-&(-~]{1,30}", fullmatch=True)


@given(AROUND, st.one_of(DIGITS, PHONES, MAILS, TOKENS, HASHES), AROUND)
def test_what_can_be_told_by_its_shape_is_gone(before: str, secret: str, after: str) -> None:
    assert secret not in redacted(f"{before}{secret}{after}")


@given(
    AROUND,
    st.sampled_from(["password", "new_password", "token", "Authorization", "cookie", "密码", "captcha", "totp_secret"]),
    st.sampled_from(["{}={}", "{}: {}", "'{}': '{}'", '"{}": "{}"', "{}：{}", "{} = {!r}"]),
    WORDS,
)
def test_what_is_called_a_secret_is_gone(before: str, name: str, form: str, secret: str) -> None:
    hidden = "XQZ" + secret + "XQZ"
    assert hidden not in redacted(before + " " + form.format(name, hidden))


@pytest.mark.parametrize("make", [passwords.one_time_password, pyotp.random_base32])
def test_our_own_secrets_are_gone_where_they_are_named(make: Callable[[], str]) -> None:
    secret = make()
    assert secret not in redacted(f"password={secret}")
    assert secret not in redacted(f"{{'secret': '{secret}'}}")


@pytest.mark.parametrize("secret", ["４４０１０４１９８５０３１７００１９", "440104 19850317 0019", "1985-03-17"])
def test_other_ways_to_write_a_number_do_not_save_it(secret: str) -> None:
    assert secret not in redacted(f"姓名{secret}。")


def test_rows_of_the_database_are_gone() -> None:
    said = "(IntegrityError) duplicate key\nDETAIL:  Key (name)=(林知夏) exists.\n[parameters: {'name': '林知夏'}]"
    assert redacted(said) == "(IntegrityError) duplicate key\n<redacted>"


@pytest.mark.parametrize(
    "kept",
    [
        "incident ABCDEFGH",
        'File "/srv/hourbook/services/claims.py", line 217, in submit',
        f"/srv/evidence/ab/cd/{'0a1b' * 16} is missing",
        "statistics: LeaseLost",
        "cannot store: [Errno 28] No space left on device",
    ],
)
def test_what_an_administrator_needs_stays(kept: str) -> None:
    assert redacted(kept) == kept
