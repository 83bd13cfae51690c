"""Locks the filings of operators that have had no business for two credit cycles (natural years).

It compares states instead of reacting to single events: no filing that was filed before two whole years without business
stays active. So no lock is missed when the service does not run at the turn of the year. A lock is sent once for each
year: after a reactivation the filing stays active until the next year begins.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid5

import structlog
from qingyuan_events import Meta
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.log.causes import system
from qingyuan_runtime.log.handling import CommandContext, handle
from qingyuan_runtime.log.store import EventStore
from qingyuan_runtime.process.unavailable import repeat
from qingyuan_standards.dated import setting
from qingyuan_standards.days import local_day

from filing.domain.filings.commands import LockFiling
from filing.domain.filings.decider import FILING

PAUSE_SECONDS: Final = 600.0
NAME: Final = "locks"

log = structlog.get_logger()


@dataclass(frozen=True)
class Locking:
    """`pool` reads the service's own database: its log, and the read model `business`."""

    pool: Pool
    store: EventStore
    clock: Callable[[], datetime]

    async def run(self) -> None:
        await repeat(self.sweep, PAUSE_SECONDS)

    async def sweep(self) -> int:
        """Lock all that are idle by now; returns how many."""
        today = local_day(self.clock())
        years = int(setting("filing_idle_years", today).value)
        rows = await self.idle(today, years)
        return sum([await self._lock(row["operator_id"], today.year, years) for row in rows])

    async def idle(self, today: date, years: int) -> Sequence[Any]:
        """Filed before the years began, and without a contract or a visit in them and in this year so far."""
        first_day = date(today.year - years, 1, 1)
        rows: Sequence[Any] = await self.pool.fetch(_IDLE, first_day, today, today.year - years)
        return rows

    async def _lock(self, operator_id: UUID, year: int, years: int) -> bool:
        command_id = uuid5(operator_id, f"{NAME} {year}")
        meta = Meta(actor=system(NAME), command_id=command_id, correlation=command_id)
        context = CommandContext(meta, f"{NAME} {year}")
        if await self.store.receipt(command_id, context.fingerprint):
            return False
        command = LockFiling(reason=f"连续 {years} 个信用评价周期（自然年）没有运维合同和现场运维。")
        try:
            await handle(self.store, FILING, FILING.stream(operator_id), command, context)
        except Refused:  # locked or cancelled meanwhile
            return False
        log.info("filing.locked", operator=str(operator_id), year=year)
        return True


# The first `filing.filed` fact says since when an operator is filed.
_IDLE: Final = """
    select distinct (data->>'operator_id')::uuid as operator_id
      from public.events e
     where type = 'filing.filed.v1' and (data->>'filed_on')::date < $1
       and not exists (select from business.contract c
                        where c.operator_id = (e.data->>'operator_id')::uuid and c.confirmed
                          and c.first_day <= $2 and least(c.last_day, c.ended_on) >= $1)
       and not exists (select from business.visited v
                        where v.operator_id = (e.data->>'operator_id')::uuid and v.year >= $3)
"""
