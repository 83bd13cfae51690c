"""Which epochs of a log were used, as far as its topic and its followers know.

A restored dump does not hold the epochs begun after it was made, and the clock alone is not a safe source of a new one.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Final

import asyncpg

from qingyuan_runtime.bus.port import Delivered, OffsetGone, Reader
from qingyuan_runtime.bus.signing import Keyring
from qingyuan_runtime.following.lost_facts import FactKey, fact_key
from qingyuan_runtime.process.closing import close, opened

BATCH: Final = 5_000
LAST: Final = 50
"""Messages of each partition. More than one, since somebody without a key may have written after the owner."""


async def published_epoch(open_reader: Callable[[], Awaitable[Reader]], keys: Keyring) -> int:
    """The greatest epoch of the topic's signed messages; 0 where there is none. Raises `Unreachable`.

    The whole topic is read, since a restored relay repeats messages of older epochs after those of the greatest.
    """
    greatest = 0
    async with opened(open_reader()) as reader:
        async for record in _messages(reader):
            if keys.verify(record) and (key := fact_key(record)):
                greatest = max(greatest, key[2])
    return greatest


async def last_published(open_reader: Callable[[], Awaitable[Reader]], keys: Keyring) -> set[FactKey]:
    """The facts of the last signed messages of each partition. Raises `Unreachable`."""
    async with opened(open_reader()) as reader:
        last = [record async for record in _messages(reader, most=LAST)]
    return {key for record in last if keys.verify(record) and (key := fact_key(record))}


async def _messages(reader: Reader, most: int | None = None) -> AsyncIterator[Delivered]:
    """All messages that the topic holds now, or the last `most` of each partition; none where there is no topic."""
    try:
        offsets, ends = dict(await reader.beginnings()), await reader.ends()
    except OffsetGone:
        return
    if most is not None:
        offsets = {partition: max(offsets[partition], end - most) for partition, end in ends.items()}
    await reader.assign(offsets)
    while any(offsets[partition] < end for partition, end in ends.items()):
        for partition, records in (await reader.poll(timeout_ms=500, max_records=BATCH)).items():
            offsets[partition] = records[-1].offset + 1
            for record in records:
                yield record


async def followed_epoch(databases: Iterable[str], topic: str) -> int:
    """The greatest epoch in the positions that followers of the topic store in these databases; 0 where there is none."""
    return max([await _followed_epoch(dsn, topic) for dsn in databases], default=0)


async def _followed_epoch(dsn: str, topic: str) -> int:
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        schemas = [row["schema"] for row in await connection.fetch(_FOLLOWING)]
        epochs = [await connection.fetchval(_EPOCH.format(schema=schema), topic) for schema in schemas]
    finally:
        await close(connection)
    return max((epoch for epoch in epochs if epoch), default=0)


_FOLLOWING: Final = """
    select quote_ident(table_schema) as schema from information_schema.tables where table_name = 'followed'
"""
_EPOCH: Final = "select epoch from {schema}.followed where topic = $1"
