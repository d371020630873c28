"""The signature inside a PDF file: a CMS message (RFC 5652) with the attributes of PAdES baseline B."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

# The same digest gives the same signature (RFC 6979), so that the same certificate is the same bytes.
ECDSA = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)

DATA = x509.ObjectIdentifier("1.2.840.113549.1.7.1")
SIGNED_DATA = x509.ObjectIdentifier("1.2.840.113549.1.7.2")
CONTENT_TYPE = x509.ObjectIdentifier("1.2.840.113549.1.9.3")
MESSAGE_DIGEST = x509.ObjectIdentifier("1.2.840.113549.1.9.4")
SIGNING_CERTIFICATE = x509.ObjectIdentifier("1.2.840.113549.1.9.16.2.47")
SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")
ECDSA_WITH_SHA256 = x509.ObjectIdentifier("1.2.840.10045.4.3.2")


@asn1.sequence
class Algorithm:
    algorithm: x509.ObjectIdentifier


@asn1.sequence
class Attribute:
    type: x509.ObjectIdentifier
    values: asn1.SetOf[asn1.TLV]


@asn1.sequence
class CertificateHash:
    sha256: bytes


@asn1.sequence
class SigningCertificate:
    certificates: list[CertificateHash]


@asn1.sequence
class IssuerAndSerial:
    issuer: asn1.TLV
    serial: int


@asn1.sequence
class SignerInfo:
    version: int
    signer: IssuerAndSerial
    digest_algorithm: Algorithm
    signed: Annotated[asn1.SetOf[Attribute], asn1.Implicit(0)]
    signature_algorithm: Algorithm
    signature: bytes


@asn1.sequence
class Content:
    """Detached: what is signed lies outside."""

    type: x509.ObjectIdentifier


@asn1.sequence
class SignedData:
    version: int
    digest_algorithms: asn1.SetOf[Algorithm]
    content: Content
    certificates: Annotated[asn1.SetOf[asn1.TLV], asn1.Implicit(0)]
    signers: asn1.SetOf[SignerInfo]


@asn1.sequence
class Message:
    type: x509.ObjectIdentifier
    content: Annotated[SignedData, asn1.Explicit(0)]


def detached(digest: bytes, key: ec.EllipticCurvePrivateKey, chain: Sequence[x509.Certificate]) -> bytes:
    """Signs what has this SHA-256; `chain` begins with the certificate of the key."""
    signed = asn1.SetOf(_attributes(digest, chain[0]))
    signer = SignerInfo(
        version=1,
        signer=IssuerAndSerial(issuer=_raw(chain[0].issuer.public_bytes()), serial=chain[0].serial_number),
        digest_algorithm=Algorithm(algorithm=SHA256),
        signed=signed,
        signature_algorithm=Algorithm(algorithm=ECDSA_WITH_SHA256),
        signature=key.sign(asn1.encode_der(signed), ECDSA),
    )
    content = SignedData(
        version=1,
        digest_algorithms=asn1.SetOf([Algorithm(algorithm=SHA256)]),
        content=Content(type=DATA),
        certificates=asn1.SetOf([_raw(one.public_bytes(Encoding.DER)) for one in chain]),
        signers=asn1.SetOf([signer]),
    )
    return asn1.encode_der(Message(type=SIGNED_DATA, content=content))


def _attributes(digest: bytes, certificate: x509.Certificate) -> list[Attribute]:
    named = SigningCertificate(certificates=[CertificateHash(sha256=certificate.fingerprint(hashes.SHA256()))])
    return [_attribute(CONTENT_TYPE, DATA), _attribute(MESSAGE_DIGEST, digest), _attribute(SIGNING_CERTIFICATE, named)]


def _attribute(type_: x509.ObjectIdentifier, value: Any) -> Attribute:
    return Attribute(type=type_, values=asn1.SetOf([_raw(asn1.encode_der(value))]))


def _raw(encoded: bytes) -> asn1.TLV:
    return asn1.decode_der(asn1.TLV, encoded)
