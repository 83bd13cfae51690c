"""The contracts of operators, as the service's own read model `business` has them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Protocol
from uuid import UUID

from qingyuan_runtime.database.connections import Pool

from filing.domain.resources.leases import RunningContract


class Contracts(Protocol):
    async def running(self, operator_id: UUID, today: date) -> Sequence[RunningContract]:
        """Those that their enterprises have confirmed and that are not over, by their numbers. They may be some seconds old."""
        ...


@dataclass
class MemoryContracts:
    """For tests."""

    known: dict[UUID, list[RunningContract]] = field(default_factory=dict)

    async def running(self, operator_id: UUID, today: date) -> Sequence[RunningContract]:
        return [contract for contract in self.known.get(operator_id, ()) if contract.last_day >= today]


class PostgresContracts:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def running(self, operator_id: UUID, today: date) -> Sequence[RunningContract]:
        rows = await self._pool.fetch(_RUNNING, operator_id, today)
        return [RunningContract(row["number"], row["last_day"]) for row in rows]


# Tables from before the numbers were kept are served until they are built anew.
_RUNNING: Final = """
    select coalesce(to_jsonb(c)->>'number', '') as number, least(c.last_day, c.ended_on) as last_day
      from business.contract c
     where c.operator_id = $1 and c.confirmed and least(c.last_day, c.ended_on) >= $2
     order by number, contract_id
"""
