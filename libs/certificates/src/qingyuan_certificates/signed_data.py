"""Signed data: PKCS#7 (RFC 5652) and the same structure with the identifiers of GM/T 0010. Only one signer is accepted."""

from dataclasses import dataclass
from typing import Any, Final

from asn1crypto import core

from qingyuan_certificates import algorithms
from qingyuan_certificates.certificate import Certificate, read
from qingyuan_certificates.refusals import CertificateRefused, Reason
from qingyuan_certificates.signed_structures import Envelope

SIGNED_DATA: Final = ("1.2.840.113549.1.7.2", "1.2.156.10197.6.1.4.2.2")
DATA: Final = ("1.2.840.113549.1.7.1", "1.2.156.10197.6.1.4.2.1")
CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
MOST_BYTES: Final = 65_536
_UNREADABLE: Final = "签名数据无法读取：不是完整的 PKCS#7 签名。"


@dataclass(frozen=True)
class Signed:
    """What a signature in signed data stands for, once its signature was found right."""

    leaf: Certificate
    others: tuple[Certificate, ...]


def check(content: bytes, message: bytes) -> Signed:
    """The one signature holds over `message`, whether the data carry it or not. Raises CertificateRefused.

    Nothing is said of the certificate itself: its path and its revocation are looked at by the caller.
    """
    try:
        data = _read(content)
        signer = data["signers"][0]
        leaf, others = _certificates(data, signer)
        _check_content(data, message)
        _check_signature(leaf, signer, message)
    except (ValueError, TypeError, KeyError, IndexError) as unreadable:
        raise CertificateRefused(Reason.UNREADABLE, _UNREADABLE) from unreadable
    return Signed(leaf, others)


def _read(content: bytes) -> Any:
    if len(content) > MOST_BYTES:
        raise ValueError("too long")
    envelope = Envelope.load(content, strict=True)
    data = envelope["content"]
    if envelope["type"].dotted not in SIGNED_DATA or data["content"]["type"].dotted not in DATA:
        raise ValueError("another type")
    if len(data["signers"]) != 1:
        raise ValueError("not one signer")
    return data


def _certificates(data: Any, signer: Any) -> tuple[Certificate, tuple[Certificate, ...]]:
    found = [read(certificate.dump()) for certificate in data["certificates"]]
    wanted = signer["issuer_and_serial"]
    issuer, serial = wanted["issuer"].dump(), int(wanted["serial"].native)
    named = [
        certificate
        for certificate in found
        if (certificate.issuer, certificate.parsed.serial_number) == (issuer, serial)
    ]
    if len(named) != 1:
        raise ValueError("the signer's certificate is not there")
    return named[0], tuple(certificate for certificate in found if certificate is not named[0])


def _check_content(data: Any, message: bytes) -> None:
    content = data["content"]["content"]
    if not isinstance(content, core.Void) and bytes(content.native) != message:
        raise CertificateRefused(Reason.SIGNATURE, "签名的内容不是本系统要求签名的内容。")


def _check_signature(leaf: Certificate, signer: Any, message: bytes) -> None:
    digest = signer["digest"]["algorithm"].dotted
    algorithm = _signing_algorithm(signer["signing"]["algorithm"].dotted, digest)
    attributes = signer["signed_attributes"]
    signed = message
    if not isinstance(attributes, core.Void):
        _check_attributes(attributes, digest, message)
        signed = bytes(attributes.untag().dump(force=True))
    algorithms.verify(leaf.key, algorithm, signed, bytes(signer["signature"].native))


def _signing_algorithm(named: str, digest: str) -> str:
    """PKCS#7 names "RSA" and the digest apart. The digest of both must be the same."""
    if named == algorithms.RSA_ENCRYPTION and digest == algorithms.SHA256:
        return algorithms.RSA_WITH_SHA256
    sm2 = named in {algorithms.SM2_WITH_SM3, algorithms.SM2_SIGNING} and digest == algorithms.SM3
    rsa = named == algorithms.RSA_WITH_SHA256 and digest == algorithms.SHA256
    if sm2 or rsa:
        return named
    raise CertificateRefused(Reason.ALGORITHM, "签名算法须为 SM2 与 SM3，或 RSA 与 SHA-256。")


def _check_attributes(attributes: Any, digest: str, message: bytes) -> None:
    """What was signed is these attributes, so they must bind the message and its type, once each."""
    values: dict[str, list[Any]] = {}
    for attribute in attributes:
        values.setdefault(attribute["type"].dotted, []).extend(attribute["values"])
    types = [value.parse(core.ObjectIdentifier).dotted for value in values.get(CONTENT_TYPE, [])]
    digests = [bytes(value.parse(core.OctetString).native) for value in values.get(MESSAGE_DIGEST, [])]
    if len(types) != 1 or types[0] not in DATA or digests != [algorithms.digest(digest, message)]:
        raise CertificateRefused(Reason.SIGNATURE, "签名的内容不是本系统要求签名的内容。")
