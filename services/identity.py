"""ID numbers: checked by GB 11643, kept encrypted, shown masked."""

import hashlib
import hmac
import os
from datetime import date
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from stdnum.cn import ric
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength

from db.people import Sex
from db.settings import settings
from services.clock import today
from services.errors import N_, InvalidField

NONCE_LENGTH = 12
ID_NUMBER = N_("证件号码")
_REASONS: dict[type[Exception], str] = {
    InvalidLength: N_("应为18位，请核对是否漏输或多输。"),
    InvalidFormat: N_("前17位应为数字，最后一位为数字或 X。"),
    InvalidChecksum: N_("校验位不正确，请逐位核对。"),
    InvalidComponent: N_("其中的地区或出生日期不存在，请逐位核对。"),
}


def parse(text: str) -> str:
    """The number in its standard form. Raises InvalidField with the reason."""
    try:
        number = ric.validate(text)
    except tuple(_REASONS) as error:
        raise InvalidField(ID_NUMBER, _REASONS[type(error)]) from None
    if not date(1900, 1, 1) <= birth_date(number) <= today():
        raise InvalidField(ID_NUMBER, _REASONS[InvalidComponent])
    return number


def birth_date(number: str) -> date:
    return ric.get_birth_date(number)


def sex(number: str) -> Sex:
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def mask(number: str) -> str:
    """First three and last four characters stay, as in 440***********1234."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def digest(number: str) -> str:
    """A keyed hash: finds a number again without a list of all numbers being able to guess it."""
    return hmac.new(_key("id number look-up"), number.encode(), hashlib.sha256).hexdigest()


def encrypt(number: str) -> bytes:
    nonce = os.urandom(NONCE_LENGTH)
    return nonce + AESGCM(_key("id number")).encrypt(nonce, number.encode(), None)


def decrypt(stored: bytes) -> str:
    nonce, sealed = stored[:NONCE_LENGTH], stored[NONCE_LENGTH:]
    return AESGCM(_key("id number")).decrypt(nonce, sealed, None).decode()


@cache
def _key(purpose: str) -> bytes:
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=b"hourbook", info=purpose.encode())
    return derive.derive(settings().secret_key.encode())
