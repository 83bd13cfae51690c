"""What streams began with: the plan as it was published.

A first fact never changes, so each is read once. It stands on the way of every command of a visit.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, TypeVar, cast
from uuid import UUID

from qingyuan_events import Fact
from qingyuan_events.tasks import PlanPublished
from qingyuan_runtime.log.store import EventStore

from tasks.domain.visit_commands import PlanOutline

KEPT: Final = 5_000

T = TypeVar("T")


class Beginnings:
    """Remembers the last `KEPT` that were asked for; what is not there yet is looked for again next time."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._kept: OrderedDict[str, object] = OrderedDict()

    async def plan(self, plan_id: UUID) -> PlanOutline | None:
        """The outline only: a plan's windows may be thousands."""
        return await self._first(f"plan-{plan_id}", _outline)

    async def _first(self, stream: str, read: Callable[[Fact], T]) -> T | None:
        if stream in self._kept:
            self._kept.move_to_end(stream)
            return cast(T, self._kept[stream])
        facts = await self._store.read(stream)
        if not facts:
            return None
        found = self._kept[stream] = read(facts[0].fact)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found


def _outline(fact: Fact) -> PlanOutline:
    assert isinstance(fact, PlanPublished)
    return PlanOutline(
        operator_id=fact.operator_id,
        points=frozenset(fact.points),
        windows=tuple(len(one.windows) for one in fact.items),
    )
