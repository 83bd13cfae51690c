"""Signatures over bytes, by the two kinds of key that are in use: SM2 with SM3 (GB/T 32918) and RSA with SHA-2.

The libraries decide whether a signature is right. What they would still accept and must not be believed is refused
here: SHA-1, short RSA keys, and signatures that can be written in a second way.
"""

from dataclasses import dataclass
from typing import Final

import gmssl_pyx
from asn1crypto.algos import DSASignature
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from qingyuan_certificates.refusals import CertificateRefused, Reason

SM2_WITH_SM3: Final = "1.2.156.10197.1.501"
SM2_SIGNING: Final = "1.2.156.10197.1.301.1"
"""Some makers write the signing algorithm of signed data this way (GM/T 0006)."""
SM3: Final = "1.2.156.10197.1.401"
SHA256: Final = "2.16.840.1.101.3.4.2.1"
RSA_ENCRYPTION: Final = "1.2.840.113549.1.1.1"
RSA_WITH: Final[dict[str, hashes.HashAlgorithm]] = {
    "1.2.840.113549.1.1.11": hashes.SHA256(),
    "1.2.840.113549.1.1.12": hashes.SHA384(),
    "1.2.840.113549.1.1.13": hashes.SHA512(),
}
RSA_WITH_SHA256: Final = "1.2.840.113549.1.1.11"
SM2_ORDER: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
RSA_BITS: Final = 2048
"""The least that GM/T 0034 and NIST SP 800-57 still let an RSA key have."""


@dataclass(frozen=True)
class Sm2Key:
    """`point` is x and y, 32 bytes each, and lies on the curve."""

    point: bytes


Key = Sm2Key | RSAPublicKey


def verify(key: Key, algorithm: str, message: bytes, signature: bytes) -> None:
    """`algorithm` is the object identifier that the signed thing names. Raises CertificateRefused."""
    if isinstance(key, Sm2Key):
        _verify_sm2(key, algorithm, message, signature)
    else:
        _verify_rsa(key, algorithm, message, signature)


def _verify_sm2(key: Sm2Key, algorithm: str, message: bytes, signature: bytes) -> None:
    if algorithm not in {SM2_WITH_SM3, SM2_SIGNING}:
        raise CertificateRefused(Reason.ALGORITHM, "SM2 密钥的签名算法须为 SM2 与 SM3。")
    if not _is_one_way_written(signature) or not _sm2_agrees(key, message, signature):
        raise _wrong()


def _sm2_agrees(key: Sm2Key, message: bytes, signature: bytes) -> bool:
    try:
        return bool(gmssl_pyx.sm2_verify(key.point, message, signature))
    except gmssl_pyx.GmsslInnerError:
        return False


def _is_one_way_written(signature: bytes) -> bool:
    """DER, nothing behind it, both numbers within the order of the curve."""
    try:
        numbers = DSASignature.load(signature, strict=True)
        pair = [int(numbers["r"].native), int(numbers["s"].native)]
    except (ValueError, TypeError):
        return False
    same = DSASignature({"r": pair[0], "s": pair[1]}).dump()
    return bytes(same) == signature and all(0 < number < SM2_ORDER for number in pair)


def _verify_rsa(key: RSAPublicKey, algorithm: str, message: bytes, signature: bytes) -> None:
    digest = RSA_WITH.get(algorithm)
    if digest is None:
        raise CertificateRefused(Reason.ALGORITHM, "RSA 签名须使用 SHA-256 或更强的摘要算法，不接受 SHA-1。")
    if key.key_size < RSA_BITS:
        raise CertificateRefused(Reason.ALGORITHM, f"RSA 密钥长度不足 {RSA_BITS} 位。")
    try:
        key.verify(signature, message, PKCS1v15(), digest)
    except InvalidSignature as wrong:
        raise _wrong() from wrong


def digest(algorithm: str, message: bytes) -> bytes:
    """The digest that signed data carry, by SM3 or SHA-256."""
    if algorithm == SM3:
        return bytes(gmssl_pyx.sm3_hash(message))
    if algorithm != SHA256:
        raise CertificateRefused(Reason.ALGORITHM, "摘要算法须为 SM3 或 SHA-256。")
    sha256 = hashes.Hash(hashes.SHA256())
    sha256.update(message)
    return sha256.finalize()


def _wrong() -> CertificateRefused:
    return CertificateRefused(Reason.SIGNATURE, "签名与内容或证书不符。")
