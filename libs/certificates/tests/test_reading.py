"""Whatever bytes arrive, they are a certificate or a list, or are refused; nothing else is raised."""

import base64

import pytest
from asn1crypto import core
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st
from qingyuan_certificates.certificate import read, require_whole_octets
from qingyuan_certificates.refusals import CertificateRefused, Reason
from qingyuan_certificates.revocation import read_list
from qingyuan_certificates.verifying import verify_bare
from signature_corpus import MESSAGE, NOW, Kind, attempt, authorities

KINDS: list[Kind] = ["sm2", "rsa"]


@pytest.mark.parametrize("kind", KINDS)
def test_der_pem_and_base64_are_the_same_certificate(kind: Kind) -> None:
    der = attempt(kind).certificate
    pem = read(der).parsed.public_bytes(Encoding.PEM)
    for written in (der, pem, pem.decode(), base64.b64encode(der), base64.encodebytes(der).decode()):
        assert read(written).der == der


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_byte_of_a_certificate_is_never_believed(kind: Kind) -> None:
    made = attempt(kind)
    for at in range(len(made.certificate)):
        wrong = made.certificate[:at] + bytes([made.certificate[at] ^ 0x04]) + made.certificate[at + 1 :]
        with pytest.raises(CertificateRefused):
            verify_bare(wrong, made.signature, MESSAGE, made.trust, NOW)


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_byte_of_a_list_clears_nobody(kind: Kind) -> None:
    content = authorities(kind).lists[1]
    issuer = read(authorities(kind).middle_der)
    for at in range(len(content)):
        wrong = content[:at] + bytes([content[at] ^ 0x04]) + content[at + 1 :]
        with pytest.raises(CertificateRefused):
            read_list(wrong).check_signed_by(issuer)


@pytest.mark.parametrize("unused", range(1, 8))
def test_the_count_of_unused_bits_is_not_signed_and_may_not_vary(unused: int) -> None:
    """Where the last bits of a signature are zero, libraries read the same signature with any count."""
    with pytest.raises(ValueError, match="unused"):
        require_whole_octets(core.OctetBitString.load(bytes([3, 3, unused, 0xFF, 0x00]), strict=True))
    require_whole_octets(core.OctetBitString.load(bytes([3, 3, 0, 0xFF, 0x00]), strict=True))


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_what_is_no_certificate_is_refused(content: bytes | str) -> None:
    with pytest.raises(CertificateRefused) as refused:
        read(content)
    assert refused.value.reason == Reason.UNREADABLE
