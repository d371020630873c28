"""The keys that prove certificates, kept in files outside the database: the signer of PDF files and that of QR codes.

An installation on one machine makes them when they are first needed. Where several machines share a database each
would make others, so there they come from `python -m services create-ca` and a folder that all of them see.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from db.settings import settings
from services import certificate_authority, cms
from services.certificate_authority import AUTHORITY, SIGNER, SIGNER_KEY, STATEMENT_KEY
from services.errors import N_, DomainError
from services.unfinished_files import passing_folder, remove_left

logger = logging.getLogger("hourbook.signing")

PUBLIC = "*.pub"


class NoSigningKeys(DomainError):
    message = N_("系统尚未配置证书签名密钥，暂时不能打印证书。请联系系统管理员运行 create-ca 命令。")


class KeysExist(DomainError):
    """`folder` is where they lie."""

    message = N_(
        "%(folder)s 中已有密钥。如需更换，请先将该文件夹移走保存，生成后把原来的 statement.pub 改名放入新文件夹，"
        "否则以前的二维码无法核验。"
    )


class UnfitKeys(DomainError):
    message = N_("证书签名密钥缺失或不可用，请联系系统管理员从备份中恢复。")


@dataclass(frozen=True, slots=True)
class _Keys:
    chain: Sequence[x509.Certificate]
    signer: ec.EllipticCurvePrivateKey
    statement: Ed25519PrivateKey


def sign_file(digest: bytes) -> bytes:
    """A detached CMS signature of what has this SHA-256. Raises NoSigningKeys, UnfitKeys."""
    keys = _keys()
    return cms.detached(digest, keys.signer, keys.chain)


def sign_statement(content: bytes) -> bytes:
    """The 64 bytes of Ed25519. Raises NoSigningKeys, UnfitKeys."""
    return _keys().statement.sign(content)


def statement_keys() -> Sequence[Ed25519PublicKey]:
    """Of this installation, now and before; there are none before the first certificate."""
    return _public(settings().signing_dir, _names(settings().signing_dir))


def authority() -> Path:
    """The certificate to be trusted by whoever checks PDF files."""
    return settings().signing_dir / AUTHORITY


def create() -> Path:
    """Keys where there are none yet, readable by their owner only; returns their folder. Raises KeysExist."""
    folder = settings().signing_dir
    if not _create(folder):
        raise KeysExist(folder=folder)
    return folder


def _keys() -> _Keys:
    folder = settings().signing_dir
    if not folder.exists():
        if not settings().embedded:
            raise NoSigningKeys
        _create(folder)
    return _load(folder)


def _create(folder: Path) -> bool:
    """All of them or none: of two processes that start together one keeps its own, and both use those."""
    if folder.exists():
        return False
    folder.parent.mkdir(parents=True, exist_ok=True)
    remove_left(folder.parent)
    with passing_folder(folder.parent) as new:
        for name, content in certificate_authority.make().items():
            _write(new / name, content)
        try:
            new.rename(folder)
        except OSError:
            if not folder.exists():
                raise
            return False
    return True


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        os.fsync(file.fileno())


@cache
def _load(folder: Path) -> _Keys:
    try:
        chain = [x509.load_pem_x509_certificate((folder / name).read_bytes()) for name in (SIGNER, AUTHORITY)]
        signer = load_pem_private_key((folder / SIGNER_KEY).read_bytes(), None)
        statement = load_pem_private_key((folder / STATEMENT_KEY).read_bytes(), None)
    except (OSError, ValueError) as error:
        logger.error("keys in %s: %s", folder, error)
        raise UnfitKeys from None
    if not isinstance(signer, ec.EllipticCurvePrivateKey) or not isinstance(statement, Ed25519PrivateKey):
        logger.error("keys in %s are of another kind", folder)
        raise UnfitKeys
    return _Keys(chain, signer, statement)


def _names(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.name for path in folder.glob(PUBLIC)))


@cache
def _public(folder: Path, names: tuple[str, ...]) -> Sequence[Ed25519PublicKey]:
    found = [load_pem_public_key((folder / name).read_bytes()) for name in names]
    return [key for key in found if isinstance(key, Ed25519PublicKey)]
