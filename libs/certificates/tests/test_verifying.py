"""Every attempt of the corpus is believed or refused for its reason, and other programs say the same of its signature."""

import itertools
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from asn1crypto.algos import DSASignature
from cryptography.hazmat.primitives.serialization import Encoding
from gmalg import SM2
from qingyuan_certificates.algorithms import Sm2Key
from qingyuan_certificates.certificate import Certificate, read
from qingyuan_certificates.refusals import CertificateRefused
from qingyuan_certificates.revocation import RevocationList
from qingyuan_certificates.verifying import Trust, verify_bare, verify_certificate
from signature_corpus import (
    ATTEMPTS,
    MESSAGE,
    NAME,
    NOW,
    USCC,
    Attempt,
    attempt,
    authorities,
    trust_of,
)

WITH_OPENSSL = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
AT = ("-attime", str(int(NOW.timestamp())))


@pytest.mark.parametrize("name", ATTEMPTS)
def test_an_attempt_is_believed_or_refused_for_its_reason(name: str) -> None:
    made = ATTEMPTS[name]()
    if made.expected is None:
        verified = verify_bare(made.certificate, made.signature, made.message, made.trust, NOW)
        assert (verified.subject.uscc, verified.subject.name) == (USCC, NAME)
        return
    with pytest.raises(CertificateRefused) as refused:
        verify_bare(made.certificate, made.signature, made.message, made.trust, NOW)
    assert refused.value.reason == made.expected
    assert refused.value.sentence.endswith("。")


def test_a_list_that_is_believed_by_the_grace_alone_is_marked() -> None:
    overdue = {
        name: verify_bare(made.certificate, made.signature, MESSAGE, made.trust, NOW).list_age.overdue
        for name in ("right sm2", "stale_list_within_grace sm2")
        for made in [ATTEMPTS[name]()]
    }
    assert overdue == {"right sm2": False, "stale_list_within_grace sm2": True}


def test_without_a_root_nobody_is_believed() -> None:
    made = attempt("sm2")
    with pytest.raises(CertificateRefused, match="尚未配置"):
        verify_bare(made.certificate, made.signature, MESSAGE, Trust([]), NOW)


def test_a_root_alone_is_no_certificate_of_a_firm() -> None:
    trust = trust_of("sm2")
    with pytest.raises(CertificateRefused, match="签发机构的证书"):
        verify_bare(trust.roots[0].der, authorities("sm2").root.key.sign(MESSAGE), MESSAGE, trust, NOW)


def _sm2_attempts() -> list[str]:
    return [
        name
        for name in ATTEMPTS
        if "rsa" not in name and name not in {"sha1", "trailing_bytes_of_the_certificate sm2"}
    ]


@pytest.mark.parametrize("name", _sm2_attempts())
def test_a_second_library_says_the_same_of_sm2(name: str) -> None:
    made = ATTEMPTS[name]()
    assert _gmalg_agrees(made) == made.signature_holds


def _gmalg_agrees(made: Attempt) -> bool:
    key = read(made.certificate).key
    assert isinstance(key, Sm2Key)
    try:
        numbers = DSASignature.load(made.signature, strict=True)
        pair = [int(numbers[name].native).to_bytes(32, "big") for name in ("r", "s")]
    except ValueError:
        return False
    second = SM2(None, b"1234567812345678", b"\x04" + key.point)
    return bool(second.verify(made.message, *pair))


@WITH_OPENSSL
@pytest.mark.parametrize(
    "name", [name for name in ATTEMPTS if "trailing_bytes_of_the_certificate" not in name]
)
def test_openssl_says_the_same_of_the_signature(name: str, tmp_path: Path) -> None:
    made = ATTEMPTS[name]()
    (tmp_path / "certificate.der").write_bytes(made.certificate)
    (tmp_path / "signature").write_bytes(made.signature)
    (tmp_path / "message").write_bytes(made.message)
    _openssl(
        tmp_path, "x509", "-inform", "der", "-in", "certificate.der", "-pubkey", "-noout", "-out", "key.pem"
    )
    sm2 = ("-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678")
    rsa = ("-rawin", "-digest", "sha256")
    how = sm2 if isinstance(read(made.certificate).key, Sm2Key) else rsa
    said = _openssl(
        tmp_path,
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "key.pem",
        "-sigfile",
        "signature",
        "-in",
        "message",
        *how,
    )
    assert (said == 0) == made.signature_holds


PATHS = ("right", "expired", "leaf_as", "too_deep", "root_of", "unknown_root", "unknown_critical")


@WITH_OPENSSL
@pytest.mark.parametrize(
    "name", [name for name in ATTEMPTS if name.startswith(PATHS) and name.endswith("rsa")]
)
def test_openssl_says_the_same_of_the_path(name: str, tmp_path: Path) -> None:
    made = ATTEMPTS[name]()
    _write(tmp_path, roots=made.trust.roots, between=made.trust.intermediates, leaf=[read(made.certificate)])
    said = _openssl(tmp_path, "verify", *AT, "-CAfile", "roots.pem", "-untrusted", "between.pem", "leaf.pem")
    assert (said == 0) == (made.expected is None)


@WITH_OPENSSL
@pytest.mark.parametrize("name", ["right sm2", "root_of_the_same_name sm2", "expired sm2"])
def test_openssl_says_the_same_of_each_step_of_an_sm2_path(name: str, tmp_path: Path) -> None:
    """Step by step: openssl 3.0 gives the signer's identity to the first certificate alone."""
    made = ATTEMPTS[name]()
    path = [read(made.certificate), *made.trust.intermediates, *made.trust.roots]
    said = []
    for certificate, issuer in itertools.pairwise(path):
        _write(tmp_path, issuer=[issuer], certificate=[certificate])
        said.append(
            _openssl(
                tmp_path,
                "verify",
                *AT,
                "-vfyopt",
                "distid:1234567812345678",
                "-partial_chain",
                "-trusted",
                "issuer.pem",
                "certificate.pem",
            )
        )
    assert all(code == 0 for code in said) == (made.expected is None)


def _write(folder: Path, **certificates: Sequence[Certificate]) -> None:
    for name, some in certificates.items():
        (folder / f"{name}.pem").write_bytes(
            b"".join(certificate.parsed.public_bytes(Encoding.PEM) for certificate in some)
        )


def _openssl(folder: Path, *command: str) -> int:
    return subprocess.run(["openssl", *command], cwd=folder, capture_output=True, check=False).returncode


def test_a_list_is_verified_once_for_each_authority(monkeypatch: pytest.MonkeyPatch) -> None:
    made, verified = attempt("sm2"), []
    check = RevocationList.check_signed_by

    def counted(self: RevocationList, issuer: Certificate) -> None:
        verified.append(issuer)
        check(self, issuer)

    monkeypatch.setattr(RevocationList, "check_signed_by", counted)
    trust = trust_of("sm2")
    for _ in range(2):
        assert verify_certificate(made.certificate, trust, NOW).subject.uscc == USCC
    assert len(verified) == 2, "those of the root and of the authority below"
