"""What a certificate log-in must believe, and everything it must not, made anew for each run by an authority of our own."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final, Literal

import gmssl_pyx
from asn1crypto import core
from asn1crypto.algos import DSASignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1
from qingyuan_certificates import algorithms, issuing
from qingyuan_certificates.certificate import read
from qingyuan_certificates.issuing import AUTHORITY_USAGE, Holder, RsaSigningKey, Sm2SigningKey
from qingyuan_certificates.refusals import Reason
from qingyuan_certificates.revocation import Policy, read_list
from qingyuan_certificates.verifying import Trust

NOW: Final = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
MESSAGE: Final = "https://qingyuan.example\n登录\n4f0c2b".encode()
USCC: Final = "91310118MA1K2B3C47"
NAME: Final = "上海绿测环境运维有限公司"
VALID: Final = (NOW - timedelta(days=100), NOW + timedelta(days=265))
SERIAL: Final = 0x1001
Kind = Literal["sm2", "rsa"]


@dataclass(frozen=True)
class Authorities:
    root: Holder
    middle: Holder
    root_der: bytes
    middle_der: bytes
    lists: tuple[bytes, ...]


@dataclass(frozen=True)
class Attempt:
    """`expected` is None where it must be believed. `signature_holds` is what other programs say of the signature alone."""

    certificate: bytes
    signature: bytes
    trust: Trust
    expected: Reason | None
    signature_holds: bool = True
    message: bytes = MESSAGE


@cache
def key_of(kind: Kind, role: str) -> Sm2SigningKey | RsaSigningKey:
    del role  # one key for each
    return Sm2SigningKey.make() if kind == "sm2" else RsaSigningKey.make()


def authority(kind: Kind, role: str, path_length: int | None = None) -> Holder:
    return Holder(
        f"演示{role}", key_of(kind, role), usage=AUTHORITY_USAGE, is_authority=True, path_length=path_length
    )


@cache
def authorities(kind: Kind) -> Authorities:
    root, middle = authority(kind, "根"), authority(kind, "签发机构", 0)
    fresh = (NOW - timedelta(hours=2), NOW + timedelta(days=1))
    lists = tuple(issuing.revocation_list(issuer, [], *fresh) for issuer in (root, middle))
    return Authorities(
        root, middle, issuing.issue(root, root, *VALID), issuing.issue(middle, root, *VALID), lists
    )


def holder(kind: Kind) -> Holder:
    return Holder(NAME, key_of(kind, "单位"), uscc=USCC)


def trust_of(kind: Kind, **changed: object) -> Trust:
    made = authorities(kind)
    trust = Trust(
        [read(made.root_der)], [read(made.middle_der)], [read_list(content) for content in made.lists]
    )
    return replace(trust, **changed)  # type: ignore[arg-type]


def attempt(
    kind: Kind,
    *,
    of: Holder | None = None,
    span: tuple[datetime, datetime] = VALID,
    expected: Reason | None = None,
    **more: object,
) -> Attempt:
    """What the holder signed, with a certificate of the middle authority, unless `more` says otherwise."""
    whose = of or holder(kind)
    certificate = issuing.issue(whose, authorities(kind).middle, *span, SERIAL)
    return replace(Attempt(certificate, whose.key.sign(MESSAGE), trust_of(kind), expected), **more)  # type: ignore[arg-type]


def _list(
    kind: Kind, revoked: list[tuple[int, datetime]], made: timedelta, due: timedelta, role: str = "签发机构"
) -> bytes:
    return issuing.revocation_list(authority(kind, role, 0), revoked, NOW - made, NOW + due)


def with_lists(kind: Kind, *lists: bytes, policy: Policy | None = None) -> Trust:
    of_root = authorities(kind).lists[0]
    return trust_of(
        kind, lists=[read_list(content) for content in (of_root, *lists)], policy=policy or Policy()
    )


def revoked(kind: Kind) -> Attempt:
    content = _list(kind, [(SERIAL, NOW - timedelta(days=3))], timedelta(hours=1), timedelta(days=1))
    return attempt(kind, trust=with_lists(kind, content), expected=Reason.REVOKED)


def revoked_by_a_newer_list(kind: Kind) -> Attempt:
    newer = _list(kind, [(SERIAL, NOW)], timedelta(minutes=5), timedelta(days=1))
    return attempt(kind, trust=with_lists(kind, authorities(kind).lists[1], newer), expected=Reason.REVOKED)


def forged_list(kind: Kind) -> Attempt:
    """It bears the authority's name, and another's signature; so there is none."""
    stranger = replace(authorities(kind).middle, key=key_of(kind, "陌生机构"))
    content = issuing.revocation_list(stranger, [], NOW - timedelta(hours=1), NOW + timedelta(days=1))
    return attempt(kind, trust=with_lists(kind, content), expected=Reason.REVOCATION_UNKNOWN)


def stale_list(kind: Kind, grace: timedelta = timedelta()) -> Attempt:
    content = _list(kind, [], timedelta(days=9), timedelta(days=-2))
    believed = grace >= timedelta(days=2)
    expected = None if believed else Reason.REVOCATION_UNKNOWN
    return attempt(kind, trust=with_lists(kind, content, policy=Policy(grace)), expected=expected)


def unknown_root(kind: Kind) -> Attempt:
    stranger = authority(kind, "陌生机构")
    root = read(issuing.issue(stranger, stranger, *VALID))
    return attempt(kind, trust=trust_of(kind, roots=[root]), expected=Reason.UNTRUSTED)


def root_of_the_same_name(kind: Kind) -> Attempt:
    stranger = replace(authorities(kind).root, key=key_of(kind, "陌生机构"))
    root = read(issuing.issue(stranger, stranger, *VALID))
    return attempt(kind, trust=trust_of(kind, roots=[root]), expected=Reason.SIGNATURE)


def leaf_as_authority(kind: Kind) -> Attempt:
    """A firm signs a certificate for another firm with its own key."""
    firm = holder(kind)
    certificate = issuing.issue(firm, authorities(kind).middle, *VALID, SERIAL)
    victim = Holder("上海清泉化工有限公司", key_of(kind, "受害单位"), uscc="91310000MA1FL4QT7D")
    forged = issuing.issue(victim, firm, *VALID)
    trust = trust_of(kind, intermediates=[read(authorities(kind).middle_der), read(certificate)])
    return Attempt(forged, victim.key.sign(MESSAGE), trust, Reason.UNTRUSTED)


def too_deep(kind: Kind) -> Attempt:
    """The middle authority may issue to firms and not to further authorities."""
    lower = authority(kind, "下级机构")
    made = authorities(kind)
    between = [read(made.middle_der), read(issuing.issue(lower, made.middle, *VALID))]
    certificate = issuing.issue(holder(kind), lower, *VALID)
    return attempt(
        kind, certificate=certificate, trust=trust_of(kind, intermediates=between), expected=Reason.UNTRUSTED
    )


def encryption_certificate(kind: Kind) -> Attempt:
    encrypting = replace(holder(kind), usage=frozenset({"key_encipherment", "data_encipherment"}))
    return attempt(kind, of=encrypting, expected=Reason.USAGE)


def unknown_critical_extension(kind: Kind) -> Attempt:
    extension = {"extn_id": "1.2.3.4", "critical": True, "extn_value": core.ParsableOctetString(b"\x05\x00")}
    return attempt(kind, of=replace(holder(kind), more=(extension,)), expected=Reason.USAGE)


def for_servers_only(kind: Kind) -> Attempt:
    extension = {"extn_id": "extended_key_usage", "critical": False, "extn_value": ["server_auth"]}
    return attempt(kind, of=replace(holder(kind), more=(extension,)), expected=Reason.USAGE)


def wrong_check_character(kind: Kind) -> Attempt:
    return attempt(kind, of=replace(holder(kind), uscc=USCC[:-1] + "8"), expected=Reason.SUBJECT)


def code_in_the_name_only(kind: Kind) -> Attempt:
    return attempt(kind, of=replace(holder(kind), name=f"{NAME} {USCC}", uscc=None), expected=Reason.SUBJECT)


def tampered(kind: Kind) -> Attempt:
    signature = bytearray(holder(kind).key.sign(MESSAGE))
    signature[-1] ^= 1
    return attempt(kind, signature=bytes(signature), expected=Reason.SIGNATURE, signature_holds=False)


def of_another_key(kind: Kind) -> Attempt:
    return attempt(
        kind,
        signature=key_of(kind, "受害单位").sign(MESSAGE),
        expected=Reason.SIGNATURE,
        signature_holds=False,
    )


def of_another_origin(kind: Kind) -> Attempt:
    """Signed for another site, which passes it on to ours."""
    signature = holder(kind).key.sign(MESSAGE.replace(b"qingyuan.example", b"qingyuan.evil"))
    return attempt(kind, signature=signature, expected=Reason.SIGNATURE, signature_holds=False)


def trailing_bytes(kind: Kind) -> Attempt:
    signature = holder(kind).key.sign(MESSAGE) + b"\x00"
    return attempt(kind, signature=signature, expected=Reason.SIGNATURE, signature_holds=False)


def trailing_bytes_of_the_certificate(kind: Kind) -> Attempt:
    whole = attempt(kind)
    return replace(whole, certificate=whole.certificate + b"\x00", expected=Reason.UNREADABLE)


def twin() -> Attempt:
    """(r, n−s): with ECDSA it would hold too."""
    numbers = DSASignature.load(holder("sm2").key.sign(MESSAGE))
    other = DSASignature({"r": numbers["r"].native, "s": algorithms.SM2_ORDER - numbers["s"].native}).dump()
    return attempt("sm2", signature=other, expected=Reason.SIGNATURE, signature_holds=False)


def bare_numbers() -> Attempt:
    """r and s side by side, without DER: a second way to write the same signature."""
    numbers = DSASignature.load(holder("sm2").key.sign(MESSAGE))
    signature = b"".join(int(numbers[name].native).to_bytes(32, "big") for name in ("r", "s"))
    return attempt("sm2", signature=signature, expected=Reason.SIGNATURE, signature_holds=False)


def wrong_signer_identity() -> Attempt:
    key = key_of("sm2", "单位")
    assert isinstance(key, Sm2SigningKey)
    signature = gmssl_pyx.sm2_sign(key.secret, key.point, MESSAGE, b"8765432187654321")
    return attempt("sm2", signature=signature, expected=Reason.SIGNATURE, signature_holds=False)


def sha1() -> Attempt:
    key = key_of("rsa", "单位")
    assert isinstance(key, RsaSigningKey)
    signature = key.private.sign(MESSAGE, PKCS1v15(), SHA1())
    return attempt("rsa", signature=signature, expected=Reason.SIGNATURE, signature_holds=False)


def short_rsa() -> Attempt:
    short = replace(holder("rsa"), key=RsaSigningKey.make(1024))
    return attempt("rsa", of=short, expected=Reason.ALGORITHM)


def both(make: Callable[[Kind], Attempt]) -> dict[str, Callable[[], Attempt]]:
    name = make.__name__.strip("_")
    return {f"{name} {kind}": lambda kind=kind: make(kind) for kind in ("sm2", "rsa")}  # type: ignore[misc]


def not_yet(kind: Kind) -> Attempt:
    return attempt(kind, span=(NOW + timedelta(days=1), VALID[1]), expected=Reason.NOT_YET_VALID)


def expired(kind: Kind) -> Attempt:
    return attempt(kind, span=(VALID[0], NOW - timedelta(seconds=1)), expected=Reason.EXPIRED)


def right(kind: Kind) -> Attempt:
    return attempt(kind)


def stale_list_within_grace(kind: Kind) -> Attempt:
    return stale_list(kind, timedelta(days=3))


_OF_BOTH: Final = (
    right, not_yet, expired, revoked, revoked_by_a_newer_list, forged_list, stale_list, stale_list_within_grace, unknown_root,
    root_of_the_same_name, leaf_as_authority, too_deep, encryption_certificate, unknown_critical_extension, for_servers_only,
    wrong_check_character, code_in_the_name_only, tampered, of_another_key, of_another_origin, trailing_bytes,
    trailing_bytes_of_the_certificate,
)  # fmt: skip
_OF_ONE: Final = (twin, bare_numbers, wrong_signer_identity, sha1, short_rsa)
ATTEMPTS: Final[dict[str, Callable[[], Attempt]]] = {
    **{name: made for make in _OF_BOTH for name, made in both(make).items()},
    **{make.__name__: make for make in _OF_ONE},
}
