"""Whose certificate it is: the unified social credit code, by the identifiers that authorities use for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from asn1crypto import core
from cryptography import x509
from cryptography.x509.oid import NameOID
from qingyuan_standards.uscc import is_uscc

from qingyuan_certificates.certificate import Certificate
from qingyuan_certificates.refusals import CertificateRefused, Reason

CREDIT_CODE_OIDS: Final = (
    "1.2.156.10260.4.1.4",
    "1.2.156.10260.4.1.3",
    "1.2.156.112570.11.210",
    "1.2.156.112570.11.205",
    "1.2.86.11.7.4",
    "1.2.86.11.7.3",
)
"""Public sources disagree which one holds the credit code, so all are tried in this order; only the check character
decides. An organisation's name is never read for it."""


@dataclass(frozen=True)
class Subject:
    uscc: str
    name: str


def subject(certificate: Certificate, oids: Sequence[str] = CREDIT_CODE_OIDS) -> Subject:
    """Raises CertificateRefused where no credit code with a right check character stands, or two different ones do."""
    codes = list(dict.fromkeys(code for oid in oids for code in _values(certificate, oid) if is_uscc(code)))
    if not codes:
        raise CertificateRefused(Reason.SUBJECT, "证书中没有统一社会信用代码，请使用法人一证通单位证书。")
    if len(codes) > 1:
        raise CertificateRefused(Reason.SUBJECT, "证书中有两个不同的统一社会信用代码。")
    return Subject(codes[0], _name(certificate))


def _name(certificate: Certificate) -> str:
    for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        names = certificate.parsed.subject.get_attributes_for_oid(oid)
        if names:
            return str(names[0].value).strip()
    raise CertificateRefused(Reason.SUBJECT, "证书中没有单位名称。")


def _values(certificate: Certificate, dotted: str) -> Iterator[str]:
    oid = x509.ObjectIdentifier(dotted)
    for attribute in certificate.parsed.subject.get_attributes_for_oid(oid):
        yield str(attribute.value).strip().upper()
    for extension in certificate.parsed.extensions:
        if extension.oid == oid and isinstance(extension.value, x509.UnrecognizedExtension):
            yield _text(extension.value.value).strip().upper()


def _text(value: bytes) -> str:
    """A string type of ASN.1, or the bare characters, which some authorities write."""
    try:
        parsed = core.load(value, strict=True)
        if isinstance(parsed, (core.AbstractString, core.OctetString)):
            content = parsed.native
            return content.decode("ascii") if isinstance(content, bytes) else str(content)
        return value.decode("ascii")
    except (ValueError, TypeError):
        return ""
