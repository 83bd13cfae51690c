"""Tokens between gateway and services: who made it, for whom, and until when."""

from uuid import UUID

import pytest
from qingyuan_events import Actor
from qingyuan_runtime.tokens.actors import LIFETIME, Untrusted, Verifier, issue
from qingyuan_runtime.tokens.issuers import EveryIssuer

KEY = EveryIssuer()
NOW = 1_800_000_000.0
CLERK = Actor(account=UUID(int=1), kind="enterprise", organisation=UUID(int=2))
OFFICER = Actor(account=UUID(int=3), kind="regulator", district="310118")


@pytest.mark.parametrize("actor", [CLERK, OFFICER])
def test_a_token_speaks_for_its_actor_each_time_it_comes(actor: Actor) -> None:
    verifier, token = Verifier(KEY), issue(actor, KEY, now=NOW)

    assert [verifier.verify(token, now=NOW + second) for second in (0, 1, 30)] == [actor] * 3


def test_a_token_that_was_good_a_moment_ago_ends_on_time() -> None:
    verifier, token = Verifier(KEY), issue(CLERK, KEY, now=NOW)
    verifier.verify(token, now=NOW)

    with pytest.raises(Untrusted):
        verifier.verify(token, now=NOW + LIFETIME.total_seconds() + 1)


def test_a_token_of_another_key_or_for_another_reader_is_refused_every_time() -> None:
    verifier = Verifier(KEY)
    forged = issue(CLERK, EveryIssuer(), now=NOW)
    foreign = KEY.sign("gateway", {"aud": "others", "exp": NOW + 60, "sub": str(UUID(int=1))})

    for token in (forged, foreign, forged, foreign, "", "a.b.c"):
        with pytest.raises(Untrusted):
            verifier.verify(token, now=NOW)
