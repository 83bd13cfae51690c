"""Given these facts of other services, the own service appends those. For tests of reactions."""

from collections.abc import Sequence

from qingyuan_events import Fact, Recorded

from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.reacting.reactions import React


async def own_facts_after(
    react: React, store: MemoryStore, facts: Sequence[Recorded[Fact]]
) -> list[Recorded[Fact]]:
    """Call `react` with each fact and return what it appended to `store`, in order. `store` may hold earlier facts.

    Raises AssertionError if calling it again with the same facts appends anything more.
    """
    before = len(store.everything())
    for fact in facts:
        await react(fact)
    appended = store.everything()[before:]
    for fact in (*facts, *facts[:1]):
        await react(fact)
    again = store.everything()[before + len(appended) :]
    assert not again, f"a repeat led to {[recorded.fact for recorded in again]}"
    return appended
