"""The log behind a topic, read directly by the topic's followers. Where topic and log differ, the log is right.

Kafka deletes old messages, a topic may be created anew, and after a restore it still holds facts that the log has
lost. The log's owner lets other services read three of its tables (`store_schema.reader_script`) and nothing else.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass

import asyncpg
from qingyuan_events import Meta, to_headers

from qingyuan_runtime.bus.port import Delivered
from qingyuan_runtime.database.connections import Pool, open_pool

PAGE = 1_000
FROM_THE_LOG = -1
"""The partition number of a message that was read from the log and not from Kafka."""

Row = asyncpg.Record

FIELDS = """
    e.stream_id, e.version, e.type, e.data, e.meta::text as meta, e.recorded_at, e.epoch, e.xid::text as xid_text, e.pos
"""


Seen = tuple[str, int, int | None]
"""A stream, the last version that was seen, and the epoch of the fact at that version if it is known."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Versions of a stream that were not received, `first` and `last` included."""

    stream: str
    first: int
    last: int


class OwnersLog:
    """Connects at the first call. Every method may raise what `is_unavailable` accepts."""

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
        epoch: int = await (await self._opened()).fetchval("select epoch from store_epoch")
        return epoch

    async def is_empty(self) -> bool:
        return not await (await self._opened()).fetchval("select exists (select from events)")

    async def missing(self, gaps: Iterable[Gap]) -> Sequence[Row]:
        """The events of these versions that the log holds, in order within a stream."""
        gaps = list(gaps)
        columns = [gap.stream for gap in gaps], [gap.first for gap in gaps], [gap.last for gap in gaps]
        return await (await self._opened()).fetch(_MISSING, *columns)

    async def shorter(self, seen: Mapping[str, int], epoch: int) -> dict[str, int]:
        """The streams that end earlier in the log than they were seen, with their last version in epochs up to `epoch`."""
        rows = await (await self._opened()).fetch(_SHORTER, list(seen), list(seen.values()), epoch)
        return {row["stream_id"]: row["held"] for row in rows}

    async def lost(self, seen: Sequence[Seen], seen_epoch: int, epoch: int) -> dict[str, int]:
        """The streams whose last seen fact is not in the log, with the last version it holds from epochs before `epoch`.

        Where the epoch of the fact is not known, it counts as held if the log has its version in epochs up to `seen_epoch`.
        """
        columns = [list(column) for column in zip(*seen, strict=True)]
        rows = await (await self._opened()).fetch(_LOST, *columns, seen_epoch, epoch)
        return {row["stream_id"]: row["held"] for row in rows}

    async def last_versions(self, epoch: int) -> AsyncIterator[dict[str, int]]:
        """The last version of every stream in epochs before `epoch`, in batches."""
        pool, after = await self._opened(), ""
        while rows := await pool.fetch(_LAST_VERSIONS, after, epoch, PAGE):
            yield {row["stream_id"]: row["last_version"] for row in rows}
            after = rows[-1]["stream_id"]

    async def holds(self, keys: Iterable[tuple[str, int, int]]) -> set[tuple[str, int, int]]:
        """The given keys (stream, version, epoch) that are in the log."""
        keys = list(keys)
        columns = [key[0] for key in keys], [key[1] for key in keys], [key[2] for key in keys]
        rows = await (await self._opened()).fetch(_HOLDS, *columns)
        return {(row["stream_id"], row["version"], row["epoch"]) for row in rows}

    async def pages(self) -> AsyncIterator[Sequence[Row]]:
        """The whole log in the order of publishing, up to where the relay could publish now."""
        pool, after = await self._opened(), (0, "0", 0)
        while rows := await pool.fetch(_PAGE, *after, PAGE):
            yield rows
            after = rows[-1]["epoch"], rows[-1]["xid_text"], rows[-1]["pos"]


def delivered(row: Row) -> Delivered:
    """A row of the log as the message that the relay would publish for it."""
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
      from unnest($1::text[], $2::bigint[], $3::bigint[]) as gap (stream_id, first, last)
      join events e on e.stream_id = gap.stream_id and e.version between gap.first and gap.last
     order by e.stream_id, e.version
"""
_SHORTER = """
    select * from (
        select seen.stream_id, seen.version, coalesce((
                   select max(e.version) from events e where e.stream_id = seen.stream_id and e.epoch <= $3
               ), 0) as held
          from unnest($1::text[], $2::bigint[]) as seen (stream_id, version)) compared
     where held < version
"""
_LOST = """
    select seen.stream_id, coalesce((
               select max(e.version) from events e where e.stream_id = seen.stream_id and e.epoch < $5
           ), 0) as held
      from unnest($1::text[], $2::bigint[], $3::int[]) as seen (stream_id, version, epoch)
     where seen.version > 0 and case when seen.epoch is null
           then seen.version > coalesce((
                select max(e.version) from events e where e.stream_id = seen.stream_id and e.epoch <= $4), 0)
           else not exists (select from events e where
                e.stream_id = seen.stream_id and e.version = seen.version and e.epoch = seen.epoch) end
"""
_LAST_VERSIONS = """
    select s.stream_id, coalesce((
               select max(e.version) from events e where e.stream_id = s.stream_id and e.epoch < $2
           ), 0) as last_version
      from streams s where s.stream_id > $1 order by s.stream_id limit $3
"""
_HOLDS = """
    select e.stream_id, e.version, e.epoch
      from unnest($1::text[], $2::bigint[], $3::int[]) as key (stream_id, version, epoch)
      join events e using (stream_id, version, epoch)
"""
_PAGE = f"""
    select {FIELDS} from events e
     where (e.epoch < (select epoch from store_epoch) or e.xid < pg_snapshot_xmin(pg_current_snapshot()))
       and (e.epoch, e.xid, e.pos) > ($1, $2::text::xid8, $3)
     order by e.epoch, e.xid, e.pos limit $4
"""
