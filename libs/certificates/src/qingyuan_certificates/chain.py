"""From a certificate up to a root that somebody configured, each step signed, valid and allowed to sign."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final, TypeVar

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from qingyuan_certificates.certificate import Certificate
from qingyuan_certificates.refusals import CertificateRefused, Reason

MOST_STEPS: Final = 5
Extension = TypeVar("Extension", bound=x509.ExtensionType)
_KNOWN_CRITICAL: Final = {
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.EXTENDED_KEY_USAGE,
    ExtensionOID.CERTIFICATE_POLICIES,
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
}
_FOR_PEOPLE: Final = {
    ExtendedKeyUsageOID.CLIENT_AUTH,
    ExtendedKeyUsageOID.EMAIL_PROTECTION,
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
}


def path(
    leaf: Certificate, others: Sequence[Certificate], roots: Sequence[Certificate], at: datetime
) -> list[Certificate]:
    """The leaf first, the root last. Raises CertificateRefused; what is wrong with the leaf is said before all else."""
    _check_valid(leaf, at)
    _check_leaf(leaf)
    reasons: list[CertificateRefused] = []
    for found in _paths((leaf,), others, roots):
        try:
            return _checked(found, at)
        except CertificateRefused as refused:
            reasons.append(refused)
    raise (
        reasons[0] if reasons else CertificateRefused(Reason.UNTRUSTED, "证书不是由本系统信任的机构签发的。")
    )


def _paths(
    so_far: tuple[Certificate, ...], others: Sequence[Certificate], roots: Sequence[Certificate]
) -> Iterable[tuple[Certificate, ...]]:
    """Every way up by names; whether the signatures hold is looked at afterwards."""
    last = so_far[-1]
    for root in roots:
        if root.subject == last.issuer and root.der != last.der:
            yield (*so_far, root)
    if len(so_far) == MOST_STEPS - 1:
        return
    for other in others:
        if other.subject == last.issuer and other not in so_far:
            yield from _paths((*so_far, other), others, roots)


def _checked(found: tuple[Certificate, ...], at: datetime) -> list[Certificate]:
    for below, (certificate, issuer) in enumerate(pairwise(found)):
        _check_valid(issuer, at)
        _check_authority(issuer, below)
        _check_critical(issuer)
        certificate.is_signed_by(issuer)
    return list(found)


def _check_valid(certificate: Certificate, at: datetime) -> None:
    if at < certificate.valid_from:
        raise CertificateRefused(Reason.NOT_YET_VALID, f"证书自 {certificate.valid_from:%Y-%m-%d} 起有效。")
    if at > certificate.valid_to:
        raise CertificateRefused(
            Reason.EXPIRED, f"证书已于 {certificate.valid_to:%Y-%m-%d} 到期，请向发证机构更新。"
        )


def _check_leaf(leaf: Certificate) -> None:
    _check_critical(leaf)
    constraints = _extension(leaf, x509.BasicConstraints)
    if constraints is not None and constraints.ca:
        raise CertificateRefused(Reason.USAGE, "这是签发机构的证书，不是单位证书。")
    usage = _extension(leaf, x509.KeyUsage)
    if usage is None or not usage.digital_signature:
        raise CertificateRefused(Reason.USAGE, "这是加密证书，请选用签名证书。")
    purposes = _extension(leaf, x509.ExtendedKeyUsage)
    if purposes is not None and not _FOR_PEOPLE & set(purposes):
        raise CertificateRefused(Reason.USAGE, "证书的用途不包括身份认证。")


def _check_authority(issuer: Certificate, below: int) -> None:
    """`below` is how many authorities stand between the issuer and the leaf."""
    constraints, usage = _extension(issuer, x509.BasicConstraints), _extension(issuer, x509.KeyUsage)
    signs = usage is not None and usage.key_cert_sign
    deep_enough = constraints is not None and (
        constraints.path_length is None or constraints.path_length >= below
    )
    if constraints is None or not constraints.ca or not signs or not deep_enough:
        raise CertificateRefused(Reason.UNTRUSTED, "签发该证书的证书无权签发证书。")


def _check_critical(certificate: Certificate) -> None:
    for extension in certificate.parsed.extensions:
        if extension.critical and extension.oid not in _KNOWN_CRITICAL:
            raise CertificateRefused(
                Reason.USAGE, f"证书含有本系统不认识的关键扩展 {extension.oid.dotted_string}。"
            )


def _extension(certificate: Certificate, kind: type[Extension]) -> Extension | None:
    try:
        return certificate.parsed.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
