"""Facts recorded before texts were refused may hold U+0000: every read model shows them, with U+FFFD in its place."""

import dataclasses
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from filing_facts import two_filings
from followers import Followers
from qingyuan_events import Fact, Recorded, decode, encode
from qingyuan_local.testing import DatabaseServer
from working_day import working_day

pytestmark = pytest.mark.servers
YOUNGER = {"qingyuan.reports"}
"""Topics that began after texts with U+0000 were refused."""


@pytest.fixture(scope="module")
async def followers(postgres_server: DatabaseServer) -> AsyncIterator[Followers]:
    made = await Followers.open(postgres_server)
    yield made
    await made.close()


def poisoned(value: Any) -> Any:
    """The same JSON with U+0000 in every Chinese text: codes and choices have none."""
    match value:
        case str() if any("\u4e00" <= sign <= "\u9fff" for sign in value):
            return f"{value[:1]}\0{value[1:]}"
        case dict():
            return {name: poisoned(below) for name, below in value.items()}
        case list():
            return [poisoned(below) for below in value]
    return value


def as_recorded_then(recorded: Recorded[Fact]) -> Recorded[Fact]:
    data = json.dumps(poisoned(json.loads(encode(recorded.fact))))
    return dataclasses.replace(recorded, fact=decode(recorded.fact.type, data))


async def test_old_facts_with_a_null_character_are_shown(followers: Followers) -> None:
    story = [*working_day().recorded, *two_filings().recorded]
    facts = [as_recorded_then(recorded) for recorded in story]
    assert sum(b"\\u0000" in encode(fact.fact) for fact in facts) > 20
    shown = await followers.project(facts)
    assert set(shown) == {
        name for name, projection in followers.projections.items() if projection.topic not in YOUNGER
    }
    assert {name: set(rows) for name, rows in shown.items()} == {
        name: set(rows) for name, rows in (await followers.project(story)).items()
    }
