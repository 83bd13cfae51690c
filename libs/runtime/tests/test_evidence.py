"""The token of the files service: its content, its account, and its lifetime."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.tokens import actors, second_factor
from qingyuan_runtime.tokens.actors import Untrusted, Verifier
from qingyuan_runtime.tokens.evidence import LIFETIME, Evidence, issue, verify
from qingyuan_runtime.tokens.issuers import EveryIssuer

KEY = EveryIssuer()
NOW = datetime(2026, 11, 24, 8, 1, 0, 700_000, tzinfo=UTC)
ZHOU, WANG = UUID(int=1), UUID(int=2)
SEEN = Evidence({"a" * 64: 0, "b" * 64: 3}, frozenset({"c" * 64, "d" * 64}), {}, frozenset({"d" * 64}))


def token() -> str:
    return issue(ZHOU, SEEN, KEY, NOW).token


def test_it_says_what_was_seen() -> None:
    assert verify(token(), ZHOU, KEY, NOW + timedelta(minutes=59)) == SEEN


def test_it_ends_when_it_said_it_would() -> None:
    made = issue(ZHOU, SEEN, KEY, NOW)
    assert made.expires_at - NOW <= LIFETIME
    verify(made.token, ZHOU, KEY, made.expires_at - timedelta(microseconds=1))
    with pytest.raises(Refused, match=r"evidence\.expired"):
        verify(made.token, ZHOU, KEY, made.expires_at)


def test_that_of_another_a_forged_one_and_other_tokens_are_worth_nothing() -> None:
    log_in = actors.issue(Actor(account=ZHOU, kind="enterprise"), KEY, now=NOW.timestamp())
    factor = second_factor.issue(ZHOU, ["a" * 64], KEY, NOW).token
    forged = issue(ZHOU, SEEN, EveryIssuer(), NOW).token
    for wrong in (issue(WANG, SEEN, KEY, NOW).token, forged, log_in, factor, "", "a.b.c"):
        with pytest.raises(Refused, match=r"evidence\.wrong"):
            verify(wrong, ZHOU, KEY, NOW)


def test_it_is_neither_a_log_in_nor_a_second_factor() -> None:
    with pytest.raises(Untrusted):
        Verifier(KEY).verify(token(), now=NOW.timestamp())
    with pytest.raises(second_factor.Unproven):
        second_factor.verify(token(), ZHOU, "a" * 64, KEY, NOW)
