"""What a certificate signed for a content as facts keep it, and what openssl alone says of it."""

import base64
import subprocess
from pathlib import Path

from qingyuan_certificates import issuing
from qingyuan_certificates.certificate import read
from qingyuan_events.parts import CertificateProof
from signature_corpus import SERIAL, VALID, Kind, authorities, holder


def proof_over(*contents: str, kind: Kind = "sm2") -> CertificateProof:
    whose = holder(kind)
    der = issuing.issue(whose, authorities(kind).middle, *VALID, SERIAL)
    certificate = read(der)
    hashes = "".join(f"内容 {sha256}\n" for sha256 in sorted(contents))
    text = f"清源签字\n网址 qingyuan.example\n{hashes}"
    return CertificateProof(
        serial=certificate.serial,
        issuer=certificate.parsed.issuer.rfc4514_string(),
        certificate=base64.b64encode(der).decode(),
        text=text,
        signature=base64.b64encode(whose.key.sign(text.encode())).decode(),
    )


def openssl_agrees(proof: dict[str, str], folder: Path) -> bool:
    """Whether the certificate in `proof` has signed its text. `proof` is as it stands in the JSON of a fact."""
    (folder / "certificate.der").write_bytes(base64.b64decode(proof["certificate"]))
    (folder / "signature").write_bytes(base64.b64decode(proof["signature"]))
    (folder / "text").write_text(proof["text"], encoding="utf-8")
    asked = ("x509", "-inform", "der", "-in", "certificate.der", "-pubkey", "-noout", "-out", "key.pem")
    assert _openssl(folder, *asked) == 0
    is_sm2 = b"\x2a\x81\x1c\xcf\x55\x01\x82\x2d" in base64.b64decode(proof["certificate"])
    sm2 = ("-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678")
    how = sm2 if is_sm2 else ("-rawin", "-digest", "sha256")
    verify = ("pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-sigfile", "signature", "-in", "text")
    return _openssl(folder, *verify, *how) == 0


def _openssl(folder: Path, *arguments: str) -> int:
    return subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=False).returncode
