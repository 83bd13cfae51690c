"""An authority of our own, for the demo and the tests: it issues certificates and revocation lists by SM2 or RSA.

Nothing here verifies. A system in earnest never trusts a root that was made here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import randbits
from typing import Any, Final, Protocol

import gmssl_pyx
from asn1crypto import core, crl, keys, x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from qingyuan_certificates import algorithms
from qingyuan_certificates.certificate import SM2_CURVE, Certificate
from qingyuan_certificates.subject import CREDIT_CODE_OIDS

DEMO_MARK: Final = "演示"
DEMO_ROOT: Final = "清源演示根证书（不得用于生产）"


def is_of_the_demo(root: Certificate) -> bool:
    """Whether it was made by an authority of our own: its subject says so."""
    return any(DEMO_MARK in str(attribute.value) for attribute in root.parsed.subject)


class SigningKey(Protocol):
    @property
    def algorithm(self) -> str: ...
    @property
    def public(self) -> keys.PublicKeyInfo: ...
    def sign(self, message: bytes) -> bytes: ...
    def text(self) -> str: ...


@dataclass(frozen=True)
class Sm2SigningKey:
    point: bytes
    secret: bytes
    algorithm: str = algorithms.SM2_WITH_SM3

    @classmethod
    def make(cls) -> "Sm2SigningKey":
        return cls(*gmssl_pyx.sm2_key_generate())

    @property
    def public(self) -> keys.PublicKeyInfo:
        named = keys.ECDomainParameters(name="named", value=SM2_CURVE)
        algorithm = keys.PublicKeyAlgorithm({"algorithm": "ec", "parameters": named})
        return keys.PublicKeyInfo(
            {"algorithm": algorithm, "public_key": keys.ECPointBitString(b"\x04" + self.point)}
        )

    def sign(self, message: bytes) -> bytes:
        return bytes(gmssl_pyx.sm2_sign(self.secret, self.point, message))

    def text(self) -> str:
        """The private key for a file of its own; `of_text` reads it."""
        return f"{self.point.hex()} {self.secret.hex()}"

    @classmethod
    def of_text(cls, text: str) -> "Sm2SigningKey":
        point, secret = text.split()
        return cls(bytes.fromhex(point), bytes.fromhex(secret))


@dataclass(frozen=True)
class RsaSigningKey:
    private: rsa.RSAPrivateKey
    algorithm: str = algorithms.RSA_WITH_SHA256

    @classmethod
    def make(cls, bits: int = 2048) -> "RsaSigningKey":
        return cls(rsa.generate_private_key(public_exponent=65537, key_size=bits))

    @property
    def public(self) -> keys.PublicKeyInfo:
        der = self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return keys.PublicKeyInfo.load(der)

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message, PKCS1v15(), SHA256())

    def text(self) -> str:
        """The private key for a file of its own; `of_text` reads it."""
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    @classmethod
    def of_text(cls, text: str) -> "RsaSigningKey":
        private = load_pem_private_key(text.encode(), password=None)
        assert isinstance(private, rsa.RSAPrivateKey)
        return cls(private)


@dataclass(frozen=True)
class Holder:
    """For whom a certificate is made. `usage` are bits of RFC 5280 §4.2.1.3."""

    name: str
    key: SigningKey
    uscc: str | None = None
    usage: frozenset[str] = frozenset({"digital_signature", "non_repudiation"})
    is_authority: bool = False
    path_length: int | None = None
    more: tuple[Any, ...] = ()


AUTHORITY_USAGE = frozenset({"key_cert_sign", "crl_sign"})


def issue(
    holder: Holder, issuer: Holder, valid_from: datetime, valid_to: datetime, serial: int | None = None
) -> bytes:
    """A certificate in DER. Who is its own issuer gets a root."""
    algorithm = x509.SignedDigestAlgorithm({"algorithm": issuer.key.algorithm})
    content = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": serial or randbits(120) + 1,
            "signature": algorithm,
            "issuer": _name(issuer.name),
            "validity": {"not_before": _time(valid_from), "not_after": _time(valid_to)},
            "subject": _name(holder.name),
            "subject_public_key_info": holder.key.public,
            "extensions": _extensions(holder),
        }
    )
    signed = {
        "tbs_certificate": content,
        "signature_algorithm": algorithm,
        "signature_value": issuer.key.sign(content.dump()),
    }
    return bytes(x509.Certificate(signed).dump())


def revocation_list(
    issuer: Holder, revoked: Sequence[tuple[int, datetime]], made_at: datetime, next_at: datetime
) -> bytes:
    """In DER, of the serial numbers with the time from which each is revoked."""
    algorithm = x509.SignedDigestAlgorithm({"algorithm": issuer.key.algorithm})
    content = crl.TbsCertList(
        {
            "version": "v2",
            "signature": algorithm,
            "issuer": _name(issuer.name),
            "this_update": _time(made_at),
            "next_update": _time(next_at),
        }
    )
    if revoked:
        content["revoked_certificates"] = [
            {"user_certificate": serial, "revocation_date": _time(at)} for serial, at in revoked
        ]
    signed = {
        "tbs_cert_list": content,
        "signature_algorithm": algorithm,
        "signature": issuer.key.sign(content.dump()),
    }
    return bytes(crl.CertificateList(signed).dump())


def _name(name: str) -> x509.Name:
    return x509.Name.build({"country_name": "CN", "organization_name": name, "common_name": name})


def _time(at: datetime) -> x509.Time:
    return x509.Time(name="utc_time", value=core.UTCTime(at))


def _extensions(holder: Holder) -> list[Any]:
    constraints = {"ca": holder.is_authority, "path_len_constraint": holder.path_length}
    extensions: list[Any] = [
        {"extn_id": "basic_constraints", "critical": True, "extn_value": constraints},
        {"extn_id": "key_usage", "critical": True, "extn_value": set(holder.usage)},
    ]
    if holder.uscc is not None:
        value = core.ParsableOctetString(core.UTF8String(holder.uscc).dump())
        extensions.append({"extn_id": CREDIT_CODE_OIDS[0], "critical": False, "extn_value": value})
    return [*extensions, *holder.more]
