"""The pilot's certificate authority: makes itself, one signer of PDF files, and the key that signs QR codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from db.settings import settings
from services.clock import now

AUTHORITY, AUTHORITY_KEY = "ca.pem", "ca.key"
SIGNER, SIGNER_KEY = "signer.pem", "signer.key"
STATEMENT_KEY, STATEMENT_PUBLIC = "statement.key", "statement.pub"

AUTHORITY_LIFE, SIGNER_LIFE = timedelta(days=7300), timedelta(days=3650)
# The clocks of those who check may be behind ours.
BACKDATED = timedelta(days=1)
# What X.520 allows a common name to hold.
LONGEST_NAME = 64
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")

PrivateKey = ec.EllipticCurvePrivateKey | Ed25519PrivateKey


def make() -> Mapping[str, bytes]:
    """The content of each file, by its name."""
    authority_key, signer_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    statement_key = Ed25519PrivateKey.generate()
    root = _authority(authority_key)
    return {
        AUTHORITY: root.public_bytes(Encoding.PEM),
        AUTHORITY_KEY: _private(authority_key),
        SIGNER: _signer(signer_key, root, authority_key).public_bytes(Encoding.PEM),
        SIGNER_KEY: _private(signer_key),
        STATEMENT_KEY: _private(statement_key),
        STATEMENT_PUBLIC: statement_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    }


def _private(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = _name(settings().title, "试点签名根证书")
    of_authority = _unsigned(name, name, key, AUTHORITY_LIFE)
    constraints = x509.BasicConstraints(ca=True, path_length=0)
    usage = of_authority.add_extension(constraints, critical=True).add_extension(_usage(signs_others=True), True)
    return usage.sign(key, hashes.SHA256())


def _signer(
    key: ec.EllipticCurvePrivateKey, root: x509.Certificate, root_key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    name = _name(settings().issuer or settings().title, "证书电子签章")
    # NSS, and pdfsig with it, trusts a signer of documents only if he may also sign mail.
    purposes = [DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]
    known = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    return (
        _unsigned(name, root.subject, key, SIGNER_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_others=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .add_extension(known, critical=False)
        .sign(root_key, hashes.SHA256())
    )


def _name(whose: str, what: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, whose[: LONGEST_NAME - len(what) - 1] + " " + what)])


def _unsigned(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, life: timedelta
) -> x509.CertificateBuilder:
    start = now() - BACKDATED
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_others: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_others,
        content_commitment=not signs_others,
        key_cert_sign=signs_others,
        crl_sign=signs_others,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
