"""What a request loads before its command can be decided: contracts, plans, and the copies of the register and of filings."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final, TypeVar
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.policy import require_own
from qingyuan_runtime.log.handling import load
from qingyuan_runtime.log.store import EventStore
from qingyuan_standards.days import local_day

from tasks.domain.contracts.decider import CONTRACT, next_claim, number_claim
from tasks.domain.contracts.state import ContractState
from tasks.domain.plans.decider import PLAN
from tasks.domain.plans.state import PlanOutline, PlanState
from tasks.domain.register import EnterpriseCopy, MonitoringPointCopy
from tasks.filed_copy.port import FiledCopy
from tasks.register_copy.port import RegisterCopy
from tasks.shared.plan_outlines import PlanOutlines

RETRY_SECONDS: Final = 0.05

T = TypeVar("T")


@dataclass(frozen=True)
class Repository:
    """The event store, the copies of the register and of filings, and the clock of the service."""

    store: EventStore
    register: RegisterCopy
    filed: FiledCopy
    clock: Callable[[], datetime]

    def today(self) -> date:
        """The legal day: Asia/Shanghai."""
        return local_day(self.clock())

    async def point(self, point_id: UUID) -> MonitoringPointCopy:
        """The point. Raises `Missing` (point.missing) when it is not known in time."""
        return await self._wait_for("point", lambda: self.register.point(point_id))

    async def enterprise(self, enterprise_id: UUID) -> EnterpriseCopy:
        """The enterprise with its points. Raises `Missing` (enterprise.missing) when it is not known in time."""
        return await self._wait_for("enterprise", lambda: self.register.enterprise(enterprise_id))

    async def contract(self, contract_id: UUID, actor: Actor) -> ContractState:
        """The contract as it stands. Raises `Missing` when there is none, or it is not of the actor's organisation."""
        _, state = await load(self.store, CONTRACT, CONTRACT.stream(contract_id))
        submission = state.submitted
        if submission is None:
            raise Missing("contract")
        require_own(
            actor,
            noun="contract",
            enterprise_id=submission.enterprise_id,
            operator_id=submission.operator_id,
        )
        return state

    async def declined_before(self, contract_id: UUID, operator_id: UUID, number: str) -> UUID | None:
        """The latest declined contract whose number this one takes over; None where no declined contract had it.

        The append decides whether the number is still to be had: it claims it, or the right to take it over. When a
        request is repeated, contracts that took the number over after this one do not count.
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

    async def require_own_plan(self, plan_id: UUID, operator_id: UUID) -> None:
        """Raises `Missing` when there is no such plan, or it is not this operator's."""
        _, state = await load(self.store, PLAN, PLAN.stream(plan_id))
        if state.published is None or state.published.operator_id != operator_id:
            raise Missing("plan")

    async def plans_of_contract(self, contract_id: UUID, but: UUID | None = None) -> list[PlanState]:
        """The plans under a contract as they stand, but not `but`; in the order of their ids."""
        streams = await self.store.open_children(CONTRACT.stream(contract_id))
        own = PLAN.stream(but) if but else None
        return [(await load(self.store, PLAN, stream))[1] for stream in sorted(streams) if stream != own]

    async def plans(self, plan_ids: Iterable[UUID]) -> Mapping[UUID, PlanOutline]:
        """The outlines of those plans that exist, whoever they belong to."""
        outlines = {plan_id: await self._plan_outlines.plan(plan_id) for plan_id in set(plan_ids)}
        return {plan_id: outline for plan_id, outline in outlines.items() if outline}

    @cached_property
    def _plan_outlines(self) -> PlanOutlines:
        return PlanOutlines(self.store)

    async def _wait_for(self, noun: str, find: Callable[[], Awaitable[T | None]]) -> T:
        """What the register recorded a moment ago may not have reached the copy yet, so it is looked for again."""
        for seconds in (RETRY_SECONDS,) * int(self.register.patience.total_seconds() / RETRY_SECONDS):
            if (found := await find()) is not None:
                return found
            await asyncio.sleep(seconds)
        if (found := await find()) is not None:
            return found
        raise Missing(noun)
