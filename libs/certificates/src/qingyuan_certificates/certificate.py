"""One certificate, read strictly: DER and nothing behind it, its two statements of the algorithm alike."""

import base64
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

import gmssl_pyx
from asn1crypto import core
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from qingyuan_certificates import algorithms
from qingyuan_certificates.refusals import CertificateRefused, Reason

SM2_CURVE: Final = "1.2.156.10197.1.301"
MOST_BYTES: Final = 16_384
NOT_READ: Final = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""All that the libraries raise for bytes that are no certificate or no revocation list."""
_UNREADABLE: Final = "证书无法读取：不是完整的 X.509 证书。"


@dataclass(frozen=True)
class Certificate:
    der: bytes = field(repr=False)
    parsed: x509.Certificate

    @cached_property
    def key(self) -> algorithms.Key:
        return _key_of(self.der, self.parsed)

    @property
    def algorithm(self) -> str:
        return self.parsed.signature_algorithm_oid.dotted_string

    @property
    def issuer(self) -> bytes:
        return self.parsed.issuer.public_bytes()

    @property
    def subject(self) -> bytes:
        return self.parsed.subject.public_bytes()

    @property
    def serial(self) -> str:
        """Upper-case hexadecimal, as the authorities print it."""
        return f"{self.parsed.serial_number:X}"

    @property
    def valid_from(self) -> datetime:
        return self.parsed.not_valid_before_utc

    @property
    def valid_to(self) -> datetime:
        return self.parsed.not_valid_after_utc

    def is_signed_by(self, issuer: "Certificate") -> None:
        """Raises CertificateRefused where the issuer's key did not sign this certificate."""
        algorithms.verify(
            issuer.key, self.algorithm, self.parsed.tbs_certificate_bytes, self.parsed.signature
        )


def read(content: bytes | str) -> Certificate:
    """DER, PEM, or the DER in base64 as the signing services of the makers give it."""
    der = _der_of(content.encode() if isinstance(content, str) else content)
    if len(der) > MOST_BYTES:
        raise CertificateRefused(Reason.UNREADABLE, _UNREADABLE)
    try:
        parsed = x509.load_der_x509_certificate(der)
        outer = asn1.Certificate.load(der, strict=True)
        _inner_is_outer(outer)
        require_whole_octets(outer["signature_value"])
        _ = parsed.extensions, parsed.issuer, parsed.subject
    except NOT_READ as unreadable:
        raise CertificateRefused(Reason.UNREADABLE, _UNREADABLE) from unreadable
    if parsed.public_bytes(Encoding.DER) != der:
        raise CertificateRefused(Reason.UNREADABLE, _UNREADABLE)
    return Certificate(der, parsed)


def is_pem(content: bytes) -> bool:
    return content.lstrip().startswith(b"-----BEGIN")


def _der_of(content: bytes) -> bytes:
    try:
        if is_pem(content):
            return x509.load_pem_x509_certificate(content).public_bytes(Encoding.DER)
        return (
            content if content[:1] == b"\x30" else base64.b64decode(b"".join(content.split()), validate=True)
        )
    except NOT_READ as unreadable:
        raise CertificateRefused(Reason.UNREADABLE, _UNREADABLE) from unreadable


def require_whole_octets(signature: core.OctetBitString) -> None:
    """Raises ValueError where bits of the last octet are called unused: that count is not signed, so it may not vary."""
    if signature.contents[:1] != b"\0":
        raise ValueError("the signature has unused bits")


def _inner_is_outer(certificate: asn1.Certificate) -> None:
    """The algorithm stands twice, once where it is not signed: who could change it alone would choose a weaker one."""
    if certificate["tbs_certificate"]["signature"].dump() != certificate["signature_algorithm"].dump():
        raise ValueError("the algorithm inside is not the one outside")


def _key_of(der: bytes, parsed: x509.Certificate) -> algorithms.Key:
    try:
        info = asn1.Certificate.load(der)["tbs_certificate"]["subject_public_key_info"]
        if info["algorithm"]["algorithm"].native == "ec":
            return _sm2_key(info)
        key = parsed.public_key()
    except (*NOT_READ, KeyError, IndexError) as unknown:
        raise _unknown_key() from unknown
    if not isinstance(key, RSAPublicKey):
        raise _unknown_key()
    return key


def _sm2_key(info: "asn1.keys.PublicKeyInfo") -> algorithms.Sm2Key:
    curve = info["algorithm"]["parameters"]
    if curve.name != "named" or curve.chosen.dotted != SM2_CURVE:
        raise _unknown_key()
    point = bytes(info["public_key"].native)
    if len(point) != 65 or point[0] != 4:
        raise _unknown_key()
    try:
        return algorithms.Sm2Key(gmssl_pyx.normalize_sm2_public_key(point[1:]))
    except gmssl_pyx.GmsslInnerError as outside:
        raise _unknown_key() from outside


def _unknown_key() -> CertificateRefused:
    return CertificateRefused(Reason.ALGORITHM, "证书的公钥须为 SM2 或 RSA。")
