"""What a visit must know of the plans whose windows it counts for. A cache in front of the event store.

Every command of a visit asks for it. It follows from a plan's first fact alone, which never changes, so each plan is
read once.
"""

from array import array
from collections import OrderedDict
from typing import Final
from uuid import UUID

from qingyuan_events import Fact
from qingyuan_events.tasks import PlanPublishedV2
from qingyuan_runtime.log.store import EventStore

from tasks.domain.plans.decider import PLAN
from tasks.domain.plans.state import PlanOutline

KEPT: Final = 5_000


class PlanOutlines:
    """Keeps the `KEPT` outlines used last. A plan that does not exist yet is not remembered as missing."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._kept: OrderedDict[UUID, PlanOutline] = OrderedDict()

    async def plan(self, plan_id: UUID) -> PlanOutline | None:
        if plan_id in self._kept:
            self._kept.move_to_end(plan_id)
            return self._kept[plan_id]
        recorded = await self._store.read(PLAN.stream(plan_id))
        if not recorded:
            return None
        outline = self._kept[plan_id] = outline_of(recorded[0].fact)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return outline


def outline_of(fact: Fact) -> PlanOutline:
    """Numbers and first days of windows only: a plan may have thousands of them."""
    assert isinstance(fact, PlanPublishedV2)
    return PlanOutline(
        operator_id=fact.operator_id,
        points=frozenset(fact.points),
        windows=tuple(len(item.windows) for item in fact.items),
        opens=tuple(array("l", [window.opens.toordinal() for window in item.windows]) for item in fact.items),
    )
