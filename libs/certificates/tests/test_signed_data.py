"""Signed data made by openssl and by a structure of our own are believed; what binds another message is not."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import core, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from qingyuan_certificates import algorithms, signed_data, signed_structures
from qingyuan_certificates.certificate import read
from qingyuan_certificates.issuing import RsaSigningKey, SigningKey
from qingyuan_certificates.refusals import CertificateRefused, Reason
from qingyuan_certificates.verifying import verify_signed_data
from signature_corpus import MESSAGE, NOW, USCC, Kind, attempt, authorities, holder, trust_of

GM = {
    "sm2": (signed_data.SIGNED_DATA[1], signed_data.DATA[1]),
    "rsa": (signed_data.SIGNED_DATA[0], signed_data.DATA[0]),
}
DIGESTS = {"sm2": algorithms.SM3, "rsa": algorithms.SHA256}
SIGNING = {"sm2": algorithms.SM2_SIGNING, "rsa": algorithms.RSA_ENCRYPTION}


def make(
    kind: Kind,
    *,
    carried: bytes | None = MESSAGE,
    bound: bytes | None = None,
    key: SigningKey | None = None,
    signers: int = 1,
    **wrong: Any,
) -> bytes:
    """`bound` is what the signed attributes bind; without it the message is signed as it is. `wrong` replaces parts of the signer."""
    certificate = x509.Certificate.load(attempt(kind).certificate)
    whose = key or holder(kind).key
    attributes = signed_structures.Attributes(_attributes(kind, bound)) if bound is not None else None
    signature = whose.sign(MESSAGE if attributes is None else attributes.dump())
    issued = {"issuer": certificate.issuer, "serial": certificate.serial_number}
    signer = {
        "version": 1,
        "issuer_and_serial": issued,
        "digest": {"algorithm": DIGESTS[kind]},
        "signing": {"algorithm": SIGNING[kind]},
        "signature": signature,
    }
    if attributes is not None:
        signer["signed_attributes"] = attributes
    content: dict[str, Any] = {"type": GM[kind][1]}
    if carried is not None:
        content["content"] = carried
    data = {
        "version": 1,
        "digests": [{"algorithm": DIGESTS[kind]}],
        "content": content,
        "certificates": [certificate, x509.Certificate.load(authorities(kind).middle_der)],
        "signers": [signer | wrong] * signers,
    }
    return bytes(signed_structures.Envelope({"type": GM[kind][0], "content": data}).dump())


def _attributes(kind: Kind, bound: bytes) -> list[dict[str, Any]]:
    return [
        {"type": signed_data.CONTENT_TYPE, "values": [core.Any(core.ObjectIdentifier(GM[kind][1]))]},
        {
            "type": signed_data.MESSAGE_DIGEST,
            "values": [core.Any(core.OctetString(algorithms.digest(DIGESTS[kind], bound)))],
        },
    ]


@pytest.mark.parametrize("kind", ["sm2", "rsa"])
@pytest.mark.parametrize("carried", [MESSAGE, None])
@pytest.mark.parametrize("bound", [MESSAGE, None])
def test_one_signature_is_believed(kind: Kind, carried: bytes | None, bound: bytes | None) -> None:
    content = make(kind, carried=carried, bound=bound)
    assert verify_signed_data(content, MESSAGE, trust_of(kind, intermediates=[]), NOW).subject.uscc == USCC


@pytest.mark.parametrize("kind", ["sm2", "rsa"])
@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"carried": b"another"}, Reason.SIGNATURE),
        ({"bound": b"another"}, Reason.SIGNATURE),
        ({"signature": b"\x30\x06\x02\x01\x01\x02\x01\x01"}, Reason.SIGNATURE),
        ({"digest": {"algorithm": "1.3.14.3.2.26"}}, Reason.ALGORITHM),
        ({"signing": {"algorithm": "1.2.840.113549.1.1.5"}}, Reason.ALGORITHM),
        ({"signers": 2}, Reason.UNREADABLE),
        ({"signers": 0}, Reason.UNREADABLE),
    ],
)
def test_what_is_wrong_is_refused_for_its_reason(kind: Kind, wrong: dict[str, Any], reason: Reason) -> None:
    with pytest.raises(CertificateRefused) as refused:
        verify_signed_data(make(kind, **wrong), MESSAGE, trust_of(kind), NOW)
    assert refused.value.reason == reason


@pytest.mark.parametrize("kind", ["sm2", "rsa"])
def test_of_another_key_it_is_refused(kind: Kind) -> None:
    content = make(kind, key=authorities(kind).middle.key)
    with pytest.raises(CertificateRefused, match="签名与内容"):
        verify_signed_data(content, MESSAGE, trust_of(kind), NOW)


@pytest.mark.parametrize("kind", ["sm2", "rsa"])
def test_every_shortened_or_lengthened_one_is_refused_and_raises_nothing_else(kind: Kind) -> None:
    content = make(kind, bound=MESSAGE)
    for wrong in [content + b"\x00", *(content[:length] for length in range(0, len(content), 7))]:
        with pytest.raises(CertificateRefused):
            verify_signed_data(wrong, MESSAGE, trust_of(kind), NOW)


@pytest.mark.parametrize("kind", ["sm2", "rsa"])
def test_every_changed_byte_is_refused_or_changes_nothing_that_was_signed(kind: Kind) -> None:
    """What is not signed (the identifier of the algorithm's parameters, a version) may change; nobody else is ever meant."""
    content = make(kind, bound=MESSAGE)
    leaf = attempt(kind).certificate
    for at in range(0, len(content), 3):
        wrong = content[:at] + bytes([content[at] ^ 0x04]) + content[at + 1 :]
        try:
            assert signed_data.check(wrong, MESSAGE).leaf.key == read(leaf).key
        except CertificateRefused:
            continue


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
@pytest.mark.parametrize("carried", [(), ("-nodetach",)])
@pytest.mark.parametrize("attributes", [(), ("-noattr",)])
def test_what_openssl_makes_is_believed(
    carried: tuple[str, ...], attributes: tuple[str, ...], tmp_path: Path
) -> None:
    key = holder("rsa").key
    assert isinstance(key, RsaSigningKey)
    (tmp_path / "key.pem").write_bytes(
        key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    (tmp_path / "certificate.pem").write_bytes(
        read(attempt("rsa").certificate).parsed.public_bytes(Encoding.PEM)
    )
    (tmp_path / "message").write_bytes(MESSAGE)
    command = [
        "openssl",
        "cms",
        "-sign",
        "-binary",
        "-md",
        "sha256",
        "-outform",
        "der",
        "-in",
        "message",
        "-signer",
        "certificate.pem",
        "-inkey",
        "key.pem",
        "-out",
        "signed",
    ]
    subprocess.run([*command, *carried, *attributes], cwd=tmp_path, check=True, capture_output=True)
    assert (
        verify_signed_data((tmp_path / "signed").read_bytes(), MESSAGE, trust_of("rsa"), NOW).subject.uscc
        == USCC
    )
