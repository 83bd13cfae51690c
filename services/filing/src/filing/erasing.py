"""Records that the names of people who left long ago are erased; `Erasures` then destroys their keys.

It compares states, as the lock of idle operators does: no person is readable for longer than the dated setting says after
the day on which they left, or were replaced as legal representative or contact. Nor for a shorter time after that was
recorded: a day that an operator states long past takes nothing from the records.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid5

import structlog
from qingyuan_events import Meta
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.domain.decider import Decider
from qingyuan_runtime.log.causes import system, system_account
from qingyuan_runtime.log.handling import CommandContext, handle
from qingyuan_runtime.log.store import EventStore
from qingyuan_runtime.process.unavailable import repeat
from qingyuan_standards.dated import setting
from qingyuan_standards.days import local_day

from filing.domain.filings.commands import ErasePeople
from filing.domain.filings.decider import FILING
from filing.domain.resources.commands import ErasePerson
from filing.domain.resources.decider import RESOURCE

PAUSE_SECONDS: Final = 3600.0
NAME: Final = "erasures"

log = structlog.get_logger()


@dataclass(frozen=True)
class Retention:
    """`pool` reads the service's own log."""

    pool: Pool
    store: EventStore
    clock: Callable[[], datetime]

    async def run(self) -> None:
        await repeat(self.sweep, PAUSE_SECONDS)

    async def sweep(self) -> int:
        """Record the erasure of all whose time has passed; returns of how many streams."""
        today = local_day(self.clock())
        years = int(setting("person_retention_years", today).value)
        reason = f"保存期已满（{years} 年）。"
        left, replaced = [await self.pool.fetch(query, years, today) for query in (_LEFT, _REPLACED)]
        for row in left:
            person = ErasePerson(years=years, reason=reason, today=today)
            await self._send(RESOURCE, row["stream_id"], person, today)
        for row in replaced:
            subjects = frozenset(map(UUID, row["subjects"]))
            people = ErasePeople(subjects=subjects, years=years, reason=reason, today=today)
            await self._send(FILING, row["stream_id"], people, today)
        return len(left) + len(replaced)

    async def _send(self, decider: Decider[Any, Any, Any], stream: str, command: Any, today: date) -> None:
        command_id = uuid5(system_account(NAME), f"{stream} {today}")
        meta = Meta(actor=system(NAME), command_id=command_id, correlation=command_id)
        await handle(self.store, decider, stream, command, CommandContext(meta, f"{NAME} {today}"))
        log.info("person.erased", stream=stream)


# People who left before the years began and had a name, which is not erased yet.
_LEFT: Final = """
    select e.stream_id from public.events e
     where e.type = 'resource.ended.v1'
       and greatest((e.data->>'last_day')::date, (e.recorded_at at time zone 'Asia/Shanghai')::date)
           + make_interval(years => $1::int) < $2::date
       and exists (select from public.events n
                    where n.stream_id = e.stream_id and n.type = 'resource.added.v1' and n.data->'person'->>'subject' is not null)
       and not exists (select from public.events p
                        where p.stream_id = e.stream_id and p.type = 'resource.person_erased.v1')
"""

# Filings in which somebody else was named before the years began, and the predecessor is not erased yet.
_REPLACED: Final = """
    with named as (
        select stream_id, version, field, data->field->>'subject' as subject,
               greatest((data->>'changed_on')::date, (recorded_at at time zone 'Asia/Shanghai')::date) as since
          from public.events, unnest(array['legal_representative', 'contact']) field
         where type = 'filing.basics_changed.v1' and data->field->>'subject' is not null)
    select former.stream_id, array_agg(distinct former.subject) as subjects
      from named former
      join named later using (stream_id, field)
     where later.version > former.version and later.subject <> former.subject
       and later.since + make_interval(years => $1::int) < $2::date
       and not exists (select from public.events p
                        where p.stream_id = former.stream_id and p.type = 'filing.person_erased.v1'
                          and p.data->>'subject' = former.subject)
     group by former.stream_id
"""
