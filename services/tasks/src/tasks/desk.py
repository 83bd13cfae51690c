"""What a request needs before it can be decided: the store, the clock, and the place it speaks of."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Final, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.http import command_context, current_actor, organisation_name
from qingyuan_runtime.log.handling import CommandContext, load
from qingyuan_runtime.log.store import EventStore
from qingyuan_standards.days import local_day

from tasks.beginnings import Beginnings
from tasks.domain.contract import CONTRACT, next_claim, number_claim
from tasks.domain.contract_state import ContractState
from tasks.domain.visit_commands import PlanOutline
from tasks.places import Enterprise, Place, Places

LOOK_AGAIN: Final = 0.05

T = TypeVar("T")


@dataclass(frozen=True)
class Desk:
    """The store, the copy of the register and the clock of the service."""

    store: EventStore
    places: Places
    clock: Callable[[], datetime]

    def today(self) -> date:
        """The legal day: Asia/Shanghai."""
        return local_day(self.clock())

    async def point(self, point_id: UUID) -> Place:
        """The point; raises `Missing` (point.missing) when it does not come in time."""
        return await self._soon("point", lambda: self.places.point(point_id))

    async def enterprise(self, enterprise_id: UUID) -> Enterprise:
        """The enterprise with its points; raises `Missing` (enterprise.missing) when it does not come in time."""
        return await self._soon("enterprise", lambda: self.places.enterprise(enterprise_id))

    async def contract(self, contract_id: UUID, actor: Actor) -> ContractState:
        """The contract as it stands; raises `Missing` when there is none, or it is not of the actor's organisation."""
        _, state = await load(self.store, CONTRACT, CONTRACT.stream(contract_id))
        said = state.submitted
        if said is None or actor.organisation != {
            "operator": said.operator_id,
            "enterprise": said.enterprise_id,
        }.get(actor.kind):
            raise Missing("contract")
        return state

    async def declined_before(self, contract_id: UUID, operator_id: UUID, number: str) -> UUID | None:
        """The declined contract whose number this one takes again, as far as is known: the append has the last word.

        None: the number is free or in use. At a retry those that came after this one do not count.
        """
        declined, claim = None, number_claim(operator_id, number)
        while (stream := await self.store.holder(claim)) not in (None, CONTRACT.stream(contract_id)):
            _, state = await load(self.store, CONTRACT, str(stream))
            if state.status != "declined":
                break
            declined = state.existing().contract_id
            claim = next_claim(declined)
        return declined

    async def is_replaced(self, contract_id: UUID) -> bool:
        """Whether another contract has taken the number of this one."""
        return await self.store.holder(next_claim(contract_id)) not in (None, CONTRACT.stream(contract_id))

    async def plans(self, plan_ids: Iterable[UUID]) -> Mapping[UUID, PlanOutline]:
        """The outlines of those that exist, whoever they belong to."""
        found = {one: await self._beginnings.plan(one) for one in set(plan_ids)}
        return {one: outline for one, outline in found.items() if outline}

    @cached_property
    def _beginnings(self) -> Beginnings:
        return Beginnings(self.store)

    async def _soon(self, noun: str, look: Callable[[], Awaitable[T | None]]) -> T:
        """A fact of the register may be a moment away, so what is unknown is looked for again."""
        for wait in (LOOK_AGAIN,) * int(self.places.patience.total_seconds() / LOOK_AGAIN):
            if (found := await look()) is not None:
                return found
            await asyncio.sleep(wait)
        if (found := await look()) is not None:
            return found
        raise Missing(noun)


async def desk(request: Request) -> Desk:
    found: Desk = request.app.state.desk
    return found


AtDesk = Annotated[Desk, Depends(desk)]
ByActor = Annotated[Actor, Depends(current_actor)]
ByAsked = Annotated[CommandContext, Depends(command_context)]
InTheNameOf = Annotated[str | None, Depends(organisation_name)]
