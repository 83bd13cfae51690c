"""Whether an authority has taken a certificate back, by its signed list (CRL), and how old that list may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise

from asn1crypto import crl as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID

from qingyuan_certificates import algorithms
from qingyuan_certificates.certificate import NOT_READ, Certificate, is_pem, require_whole_octets
from qingyuan_certificates.refusals import CertificateRefused, Reason

_KNOWN = {ExtensionOID.CRL_NUMBER, ExtensionOID.AUTHORITY_KEY_IDENTIFIER}
_UNREADABLE = "吊销列表无法读取。"


@dataclass(frozen=True)
class RevocationList:
    parsed: x509.CertificateRevocationList

    @property
    def issuer(self) -> bytes:
        return self.parsed.issuer.public_bytes()

    @property
    def made_at(self) -> datetime:
        return self.parsed.last_update_utc

    @property
    def next_at(self) -> datetime | None:
        return self.parsed.next_update_utc

    @cached_property
    def numbers(self) -> dict[int, datetime]:
        return {entry.serial_number: entry.revocation_date_utc for entry in self.parsed}

    @cached_property
    def signed_by(self) -> dict[bytes, bool]:
        """What was found of authorities so far: a list is long, and each certificate that is looked up asks again."""
        return {}

    def check_signed_by(self, issuer: Certificate) -> None:
        algorithm = self.parsed.signature_algorithm_oid.dotted_string
        algorithms.verify(issuer.key, algorithm, self.parsed.tbs_certlist_bytes, self.parsed.signature)


@dataclass(frozen=True)
class Policy:
    """What holds where the list of an authority is old or not there. It is stated by who runs the system.

    `grace` is how long after the day on which the next list was due the last one is still believed.
    `without_list` lets certificates pass of whose authority there is no list at all.
    """

    grace: timedelta = timedelta()
    without_list: bool = False


@dataclass(frozen=True)
class ListAge:
    """By which list a certificate was looked up. `overdue` marks one that is believed by the grace alone."""

    made_at: datetime | None
    next_at: datetime | None
    overdue: bool


def read_list(content: bytes) -> RevocationList:
    """DER or PEM. A partial list is refused: what is not on it may be revoked all the same."""
    try:
        pem = is_pem(content)
        parsed = x509.load_pem_x509_crl(content) if pem else x509.load_der_x509_crl(content)
        unknown = [
            extension.oid
            for extension in parsed.extensions
            if extension.critical and extension.oid not in _KNOWN
        ]
        der = parsed.public_bytes(Encoding.DER)
        require_whole_octets(asn1.CertificateList.load(der, strict=True)["signature"])
        strict = pem or der == content
    except NOT_READ as unreadable:
        raise CertificateRefused(Reason.UNREADABLE, _UNREADABLE) from unreadable
    if unknown or not strict:
        raise CertificateRefused(Reason.UNREADABLE, _UNREADABLE)
    return RevocationList(parsed)


def check(
    found: Sequence[Certificate], lists: Sequence[RevocationList], policy: Policy, at: datetime
) -> ListAge:
    """`found` is a path from leaf to root. The answer is about the leaf's list. Raises CertificateRefused."""
    ages = [_check_one(certificate, issuer, lists, policy, at) for certificate, issuer in pairwise(found)]
    return ages[0]


def _check_one(
    certificate: Certificate,
    issuer: Certificate,
    lists: Sequence[RevocationList],
    policy: Policy,
    at: datetime,
) -> ListAge:
    newest = newest_list(issuer, lists, at)
    if newest is None:
        if policy.without_list:
            return ListAge(None, None, overdue=True)
        raise CertificateRefused(
            Reason.REVOCATION_UNKNOWN, "没有发证机构的吊销列表，暂时无法确认证书是否有效。"
        )
    revoked_at = newest.numbers.get(certificate.parsed.serial_number)
    if revoked_at is not None:
        raise CertificateRefused(Reason.REVOKED, f"证书已于 {revoked_at:%Y-%m-%d} 被发证机构吊销。")
    return _age(newest, policy, at)


def newest_list(issuer: Certificate, lists: Sequence[RevocationList], at: datetime) -> RevocationList | None:
    """Of those the authority itself signed; a forged list neither revokes nor clears anybody."""
    own = [
        made
        for made in lists
        if made.issuer == issuer.subject and made.made_at <= at and _is_signed(made, issuer)
    ]
    return max(own, key=lambda made: made.made_at, default=None)


def _is_signed(revocations: RevocationList, issuer: Certificate) -> bool:
    if issuer.der not in revocations.signed_by:
        revocations.signed_by[issuer.der] = _verifies(revocations, issuer)
    return revocations.signed_by[issuer.der]


def _verifies(revocations: RevocationList, issuer: Certificate) -> bool:
    try:
        revocations.check_signed_by(issuer)
    except CertificateRefused:
        return False
    return True


def _age(newest: RevocationList, policy: Policy, at: datetime) -> ListAge:
    due = newest.next_at
    overdue = due is None or at > due
    if overdue and (due is None or at > due + policy.grace):
        raise CertificateRefused(
            Reason.REVOCATION_UNKNOWN,
            f"发证机构的吊销列表已过期（{newest.made_at:%Y-%m-%d} 发布），暂时无法确认证书是否有效。",
        )
    return ListAge(newest.made_at, due, overdue)
