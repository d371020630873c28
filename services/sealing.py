"""How secrets are stored: sealed, where they are needed again, or as a hash, where they are only recognised."""

import hashlib
import hmac
import os
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from db.settings import settings

NONCE_LENGTH = 12


def seal(purpose: str, text: str) -> bytes:
    return seal_bytes(purpose, text.encode())


def unseal(purpose: str, sealed: bytes) -> str:
    return unseal_bytes(purpose, sealed).decode()


def seal_bytes(purpose: str, content: bytes) -> bytes:
    """AES-GCM under a key of its own for each purpose."""
    nonce = os.urandom(NONCE_LENGTH)
    return nonce + AESGCM(_key(purpose)).encrypt(nonce, content, None)


def unseal_bytes(purpose: str, sealed: bytes) -> bytes:
    nonce, content = sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:]
    return AESGCM(_key(purpose)).decrypt(nonce, content, None)


def keyed_hash(purpose: str, text: str) -> bytes:
    """For what could be guessed from a plain hash by trying all values."""
    return keyed_hash_of_bytes(purpose, text.encode("utf-8", "surrogatepass"))


def keyed_hash_of_bytes(purpose: str, content: bytes) -> bytes:
    return hmac.digest(_key(purpose), content, "sha256")


def fingerprint(token: str) -> str:
    """For random tokens, which nobody can guess."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _key(purpose: str) -> bytes:
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=b"hourbook", info=purpose.encode())
    return derive.derive(settings().secret_key.encode())
