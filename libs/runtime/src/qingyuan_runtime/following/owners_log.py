"""The log behind a topic, read by those who follow the topic: only what is in it is true.

A topic is cut after some weeks, may be made anew, and after a restore still tells what the log has lost. The log's
owner lets other services read three of its tables (`store_schema.reader_script`) and nothing else.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass

import asyncpg
from qingyuan_events import Meta, to_headers

from qingyuan_runtime.bus.port import Delivered
from qingyuan_runtime.database.connections import Pool, open_pool

PAGE = 1_000
FROM_THE_LOG = -1
"""The partition of a letter that came from no partition."""

Row = asyncpg.Record

FIELDS = """
    e.stream_id, e.version, e.type, e.data, e.meta::text as meta, e.recorded_at, e.epoch, e.xid::text as xid_text, e.pos
"""


Seen = tuple[str, int, int | None]
"""A stream, the version up to which it was seen, and the epoch of the fact there if it is known."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Versions of a stream that did not come, both ends included."""

    stream: str
    first: int
    last: int


class OwnersLog:
    """Opened when first asked. Whatever says that a server is away may come out of every method."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self._pool: Pool | None = None

    async def _opened(self) -> Pool:
        if self._pool is None:
            self._pool = await open_pool(self.dsn, size=2)
        return self._pool

    async def close(self) -> None:
        pool, self._pool = self._pool, None
        if pool:
            await pool.close()

    async def epoch(self) -> int:
        found: int = await (await self._opened()).fetchval("select epoch from store_epoch")
        return found

    async def is_empty(self) -> bool:
        return not await (await self._opened()).fetchval("select exists (select from events)")

    async def missing(self, holes: Iterable[Hole]) -> Sequence[Row]:
        """What the log holds of these versions, in order within a stream."""
        asked = list(holes)
        columns = [h.stream for h in asked], [h.first for h in asked], [h.last for h in asked]
        return await (await self._opened()).fetch(_MISSING, *columns)

    async def kept(self, seen: Mapping[str, int], epoch: int) -> dict[str, int]:
        """Of the streams that were seen further than the log goes in epochs up to this one: how far it goes there."""
        rows = await (await self._opened()).fetch(_KEPT, list(seen), list(seen.values()), epoch)
        return {row["stream_id"]: row["kept"] for row in rows}

    async def strayed(self, seen: Sequence[Seen], place: int, epoch: int) -> dict[str, int]:
        """Of the streams whose last seen fact is not in the log: how far it goes there in epochs before this one.

        Where the fact's epoch is not known it is taken to be in the log if that goes so far in epochs up to `place`.
        """
        columns = [list(column) for column in zip(*seen, strict=True)]
        rows = await (await self._opened()).fetch(_STRAYED, *columns, place, epoch)
        return {row["stream_id"]: row["kept"] for row in rows}

    async def tips(self, epoch: int) -> AsyncIterator[dict[str, int]]:
        """How far every stream goes in epochs before this one, some streams at a time."""
        pool, after = await self._opened(), ""
        while rows := await pool.fetch(_TIPS, after, epoch, PAGE):
            yield {row["stream_id"]: row["tip"] for row in rows}
            after = rows[-1]["stream_id"]

    async def holds(self, places: Iterable[tuple[str, int, int]]) -> set[tuple[str, int, int]]:
        """Those of these (stream, version, epoch) that are in the log."""
        asked = list(places)
        columns = [p[0] for p in asked], [p[1] for p in asked], [p[2] for p in asked]
        rows = await (await self._opened()).fetch(_HOLDS, *columns)
        return {(row["stream_id"], row["version"], row["epoch"]) for row in rows}

    async def pages(self) -> AsyncIterator[Sequence[Row]]:
        """All of the log in the order of publishing, as far as the relay would publish it by now."""
        pool, place = await self._opened(), (0, "0", 0)
        while rows := await pool.fetch(_PAGE, *place, PAGE):
            yield rows
            place = rows[-1]["epoch"], rows[-1]["xid_text"], rows[-1]["pos"]


def delivered(row: Row) -> Delivered:
    """A row of the log as the message that the relay would make of it, in no partition."""
    headers = to_headers(
        source="log",
        stream=row["stream_id"],
        version=row["version"],
        type_=row["type"],
        recorded_at=row["recorded_at"],
        meta=Meta.model_validate_json(row["meta"]),
        epoch=row["epoch"],
    )
    return Delivered(FROM_THE_LOG, row["pos"], row["stream_id"].encode(), row["data"].encode(), dict(headers))


_MISSING = f"""
    select {FIELDS}
      from unnest($1::text[], $2::bigint[], $3::bigint[]) as hole (stream_id, first, last)
      join events e on e.stream_id = hole.stream_id and e.version between hole.first and hole.last
     order by e.stream_id, e.version
"""
_KEPT = """
    select * from (
        select seen.stream_id, seen.version, coalesce((
                   select max(e.version) from events e where e.stream_id = seen.stream_id and e.epoch <= $3
               ), 0) as kept
          from unnest($1::text[], $2::bigint[]) as seen (stream_id, version)) compared
     where kept < version
"""
_STRAYED = """
    select seen.stream_id, coalesce((
               select max(e.version) from events e where e.stream_id = seen.stream_id and e.epoch < $5
           ), 0) as kept
      from unnest($1::text[], $2::bigint[], $3::int[]) as seen (stream_id, version, epoch)
     where seen.version > 0 and case when seen.epoch is null
           then seen.version > coalesce((
                select max(e.version) from events e where e.stream_id = seen.stream_id and e.epoch <= $4), 0)
           else not exists (select from events e where
                e.stream_id = seen.stream_id and e.version = seen.version and e.epoch = seen.epoch) end
"""
_TIPS = """
    select s.stream_id, coalesce((
               select max(e.version) from events e where e.stream_id = s.stream_id and e.epoch < $2
           ), 0) as tip
      from streams s where s.stream_id > $1 order by s.stream_id limit $3
"""
_HOLDS = """
    select e.stream_id, e.version, e.epoch
      from unnest($1::text[], $2::bigint[], $3::int[]) as asked (stream_id, version, epoch)
      join events e using (stream_id, version, epoch)
"""
_PAGE = f"""
    select {FIELDS} from events e
     where (e.epoch < (select epoch from store_epoch) or e.xid < pg_snapshot_xmin(pg_current_snapshot()))
       and (e.epoch, e.xid, e.pos) > ($1, $2::text::xid8, $3)
     order by e.epoch, e.xid, e.pos limit $4
"""
