"""The token of the second factor: its account, its contents, and its lifetime."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from qingyuan_events import Actor
from qingyuan_events.parts import CertificateProof
from qingyuan_runtime.tokens import actors
from qingyuan_runtime.tokens.actors import Untrusted, Verifier
from qingyuan_runtime.tokens.issuers import EveryIssuer
from qingyuan_runtime.tokens.second_factor import LIFETIME, Unproven, issue, verify

KEY = EveryIssuer()
NOW = datetime(2026, 11, 24, 8, 1, 0, 700_000, tzinfo=UTC)
ZHOU, WANG = UUID(int=1), UUID(int=2)
SHOWN, ALSO_SHOWN, OTHER = "a" * 64, "b" * 64, "c" * 64


def token() -> str:
    return issue(ZHOU, [ALSO_SHOWN, SHOWN, SHOWN], KEY, NOW).token


@pytest.mark.parametrize("content", [SHOWN, ALSO_SHOWN])
def test_it_speaks_for_its_account_and_everything_that_was_shown(content: str) -> None:
    given = verify(token(), ZHOU, content, KEY, NOW + timedelta(minutes=4))

    assert NOW - timedelta(seconds=1) < given.given_at <= NOW
    assert (given.factor, given.certificate) == ("password", None)


def test_it_says_which_factor_was_given_and_carries_what_a_certificate_signed() -> None:
    by_app = issue(ZHOU, [SHOWN], KEY, NOW, factor="totp").token
    assert verify(by_app, ZHOU, SHOWN, KEY, NOW).factor == "totp"
    proof = CertificateProof(serial="1", issuer="CN=x", certificate="AAAA", text="x", signature="AAAA")
    by_certificate = issue(ZHOU, [SHOWN], KEY, NOW, factor="certificate", certificate=proof).token
    assert verify(by_certificate, ZHOU, SHOWN, KEY, NOW).certificate == proof


def test_a_certificate_without_its_proof_is_no_second_factor() -> None:
    with pytest.raises(Unproven, match=r"second-factor\.wrong"):
        verify(issue(ZHOU, [SHOWN], KEY, NOW, factor="certificate").token, ZHOU, SHOWN, KEY, NOW)


@pytest.mark.parametrize(("account", "content"), [(WANG, SHOWN), (ZHOU, OTHER)])
def test_it_speaks_for_nobody_and_nothing_else(account: UUID, content: str) -> None:
    with pytest.raises(Unproven, match=r"second-factor\.wrong"):
        verify(token(), account, content, KEY, NOW)


def test_it_ends_when_it_said_it_would() -> None:
    made = issue(ZHOU, [SHOWN], KEY, NOW)
    assert made.expires_at - NOW <= LIFETIME
    verify(made.token, ZHOU, SHOWN, KEY, made.expires_at - timedelta(microseconds=1))

    with pytest.raises(Unproven, match=r"second-factor\.expired"):
        verify(made.token, ZHOU, SHOWN, KEY, made.expires_at)


def test_a_forged_one_and_a_log_in_are_worth_nothing() -> None:
    log_in = actors.issue(Actor(account=ZHOU, kind="enterprise"), KEY, now=NOW.timestamp())
    for wrong in (issue(ZHOU, [SHOWN], EveryIssuer(), NOW).token, unsigned(), log_in, "", "a.b.c"):
        with pytest.raises(Unproven, match=r"second-factor\.wrong"):
            verify(wrong, ZHOU, SHOWN, KEY, NOW)


def unsigned() -> str:
    """What somebody without the key would try: the same claims under the algorithm "none"."""
    head, claims, _ = token().split(".")
    head = urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).decode().rstrip("=")
    return f"{head}.{claims}."


def test_a_second_factor_is_no_log_in() -> None:
    with pytest.raises(Untrusted):
        Verifier(KEY).verify(token(), now=NOW.timestamp())
