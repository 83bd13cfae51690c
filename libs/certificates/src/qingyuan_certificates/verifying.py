"""The whole question: did a certificate that we trust sign this message, and whose is it?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from qingyuan_certificates import algorithms, chain, revocation, signed_data
from qingyuan_certificates.certificate import Certificate, read
from qingyuan_certificates.refusals import CertificateRefused, Reason
from qingyuan_certificates.revocation import ListAge, Policy, RevocationList
from qingyuan_certificates.subject import CREDIT_CODE_OIDS, Subject, subject


@dataclass(frozen=True)
class Trust:
    """What who runs the system has configured."""

    roots: Sequence[Certificate]
    intermediates: Sequence[Certificate] = ()
    lists: Sequence[RevocationList] = ()
    policy: Policy = field(default_factory=Policy)
    credit_code_oids: Sequence[str] = CREDIT_CODE_OIDS


@dataclass(frozen=True)
class Verified:
    certificate: Certificate
    subject: Subject
    list_age: ListAge


def verify_bare(
    certificate: bytes | str, signature: bytes, message: bytes, trust: Trust, at: datetime
) -> Verified:
    """A signature that stands alone: SM2 in DER, or RSA with SHA-256. Raises CertificateRefused."""
    leaf = read(certificate)
    algorithm = (
        algorithms.SM2_WITH_SM3 if isinstance(leaf.key, algorithms.Sm2Key) else algorithms.RSA_WITH_SHA256
    )
    algorithms.verify(leaf.key, algorithm, message, signature)
    return _trusted(leaf, (), trust, at)


def verify_certificate(certificate: bytes | str, trust: Trust, at: datetime) -> Verified:
    """What `verify_bare` says of a certificate whose key has signed. Raises CertificateRefused."""
    return _trusted(read(certificate), (), trust, at)


def verify_signed_data(content: bytes, message: bytes, trust: Trust, at: datetime) -> Verified:
    """PKCS#7 with or without the message in it. Raises CertificateRefused."""
    signed = signed_data.check(content, message)
    return _trusted(signed.leaf, signed.others, trust, at)


def _trusted(leaf: Certificate, others: Sequence[Certificate], trust: Trust, at: datetime) -> Verified:
    if not trust.roots:
        raise CertificateRefused(Reason.UNTRUSTED, "本系统尚未配置受信任的发证机构。")
    found = chain.path(leaf, [*trust.intermediates, *others], trust.roots, at)
    return Verified(
        leaf, subject(leaf, trust.credit_code_oids), revocation.check(found, trust.lists, trust.policy, at)
    )
