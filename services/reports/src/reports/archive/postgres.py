"""The archive as the log holds it. Both questions are answered by partial indexes (migration 0002)."""

import json
from collections.abc import Collection, Mapping
from uuid import UUID

from qingyuan_events.reports import EarlierPairs
from qingyuan_runtime.database.connections import Pool


class PostgresArchive:
    """`pool` reads the service's own log."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def earlier(
        self, stream: str, version: int, hashes: Collection[str]
    ) -> Mapping[str, tuple[EarlierPairs, ...]]:
        if not hashes:
            return {}
        sought = [json.dumps([{"sha256": sha256}]) for sha256 in hashes]
        rows = await self._pool.fetch(_EARLIER, stream, version, sought, list(hashes))
        found: dict[str, dict[EarlierPairs, None]] = {}
        for row in rows:
            place = EarlierPairs(report_id=UUID(row["report_id"]), at=row["at"])
            found.setdefault(row["sha256"], {})[place] = None
        return {sha256: tuple(places) for sha256, places in found.items()}

    async def exemptions(self, enterprise_id: UUID) -> Collection[UUID]:
        rows = await self._pool.fetch(_EXEMPTIONS, str(enterprise_id))
        return {UUID(row["exemption_id"]) for row in rows}


EARLIER_MOST = 200
"""More of the same tell nobody more."""

# The order of the log is (epoch, xid, pos), as the relay publishes it.
_EARLIER = f"""
    select e.data ->> 'report_id' as report_id, found ->> 'at' as at, found ->> 'sha256' as sha256
      from public.events e, jsonb_array_elements(e.data::jsonb -> 'prints') found
     where e.type in ('report.submitted.v1', 'report.resubmitted.v1')
       and e.data::jsonb -> 'prints' @> any($3::text[]::jsonb[])
       and found ->> 'sha256' = any($4)
       and e.stream_id <> $1
       and (e.epoch, e.xid, e.pos) < (select epoch, xid, pos from public.events where stream_id = $1 and version = $2)
     order by e.epoch, e.xid, e.pos
     limit {EARLIER_MOST}
"""
_EXEMPTIONS = """
    select data ->> 'exemption_id' as exemption_id
      from public.events where type = 'exemption.granted.v1' and data ->> 'enterprise_id' = $1
"""
