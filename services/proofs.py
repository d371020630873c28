"""What the QR code of a certificate says, signed: an edited print is found out without asking the database."""

from __future__ import annotations

from base64 import b32decode, b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from struct import Struct

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from db.claims import Category
from db.session import Recorded
from services import signing
from services.errors import N_, DomainError
from services.rules import Standing

# Crockford's base 32 leaves out I, L, O and U, which are misread; capitals and digits make the smallest QR code.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FROM_RFC = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET)
_TO_RFC = str.maketrans(ALPHABET, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
GROUP = 8

FORMAT = 1
# Format, number, day of issue, then the tenths of hours required and earned in each category; the name follows.
HEAD = Struct(">BQ3s6H")
SIGNATURE_BYTES = 64
NUMBER_DIGITS = 17
SHORTEST = (HEAD.size + SIGNATURE_BYTES) * 8 // 5


class BrokenProof(Recorded, DomainError):
    """Stored although refused, so that every check counts."""

    message = N_("二维码中的数字签名与内容不符：内容被改动过，或不是本系统签发的证书。请勿采信。")


@dataclass(frozen=True, slots=True)
class Proof:
    """The certificate in short. The name is masked, because anybody can read the code."""

    number: str
    name_masked: str
    issued_on: date
    hours: Sequence[Standing]

    @property
    def year(self) -> int:
        """Part of the number."""
        return int(self.number[6:10])


def is_proof(text: str) -> bool:
    """Whether a text looks like one; numbers and codes are shorter."""
    return len(text) >= SHORTEST and set(text) <= set(ALPHABET)


def write(proof: Proof) -> str:
    """Raises NoSigningKeys, UnfitKeys."""
    tenths = [int(hours * 10) for line in proof.hours for hours in (line.required, line.earned)]
    day = proof.issued_on.toordinal().to_bytes(3, "big")
    content = HEAD.pack(FORMAT, int(proof.number), day, *tenths) + proof.name_masked.encode()
    encoded = b32encode(content + signing.sign_statement(content)).decode("ascii")
    return encoded.rstrip("=").translate(_FROM_RFC)


def read(text: str) -> Proof:
    """The statement as it was signed by this installation. Raises BrokenProof."""
    signed = _decoded(text)
    content, signature = signed[:-SIGNATURE_BYTES], signed[-SIGNATURE_BYTES:]
    if not any(_fits(key, signature, content) for key in signing.statement_keys()):
        raise BrokenProof
    _, number, day, *tenths = HEAD.unpack_from(content)
    hours = [Decimal(each).scaleb(-1) for each in tenths]
    return Proof(
        number=f"{number:0{NUMBER_DIGITS}d}",
        name_masked=content[HEAD.size :].decode(),
        issued_on=date.fromordinal(int.from_bytes(day, "big")),
        hours=[Standing(*line) for line in zip(Category, hours[::2], hours[1::2], strict=True)],
    )


def _decoded(text: str) -> bytes:
    """Raises BrokenProof."""
    padded = text.translate(_TO_RFC) + "=" * (-len(text) % GROUP)
    try:
        return b32decode(padded)
    except ValueError:
        raise BrokenProof from None


def _fits(key: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True
