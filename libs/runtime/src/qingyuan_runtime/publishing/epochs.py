"""Which epochs of a log others know of. A dump knows nothing of those that were begun after it, and no clock is sure to."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Final

import asyncpg

from qingyuan_runtime.bus.port import Delivered, OffsetGone, Reader
from qingyuan_runtime.bus.signing import Keyring
from qingyuan_runtime.following.lost_facts import Published, published_by
from qingyuan_runtime.process.closing import close, opened

BATCH: Final = 5_000
LAST: Final = 50
"""Of each partition: more than one, since who has no key may have written behind the owner."""


async def published(open_reader: Callable[[], Awaitable[Reader]], keys: Keyring) -> int:
    """The greatest epoch that a signed message of the topic bears; 0 where there is none. Raises `Unreachable`.

    The whole topic is read: a restored relay repeats messages of elder epochs behind those of the greatest.
    """
    greatest = 0
    async with opened(open_reader()) as reader:
        async for record in _messages(reader):
            if keys.verify(record) and (told := published_by(record)):
                greatest = max(greatest, told[2])
    return greatest


async def told_last(open_reader: Callable[[], Awaitable[Reader]], keys: Keyring) -> set[Published]:
    """Which facts the last signed messages of each partition tell. Raises `Unreachable`."""
    async with opened(open_reader()) as reader:
        last = [record async for record in _messages(reader, most=LAST)]
    return {told for record in last if keys.verify(record) and (told := published_by(record))}


async def _messages(reader: Reader, most: int | None = None) -> AsyncIterator[Delivered]:
    """All that the topic holds now, or the last so many of each partition; nothing where there is no topic."""
    try:
        places, ends = dict(await reader.beginnings()), await reader.ends()
    except OffsetGone:
        return
    if most is not None:
        places = {partition: max(places[partition], end - most) for partition, end in ends.items()}
    await reader.assign(places)
    while any(places[partition] < end for partition, end in ends.items()):
        for partition, records in (await reader.poll(timeout_ms=500, max_records=BATCH)).items():
            places[partition] = records[-1].offset + 1
            for record in records:
                yield record


async def followed(databases: Iterable[str], topic: str) -> int:
    """The greatest epoch in which anybody who keeps a place in these databases follows the topic; 0 where nobody does."""
    return max([await _followed(dsn, topic) for dsn in databases], default=0)


async def _followed(dsn: str, topic: str) -> int:
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        schemas = [row["schema"] for row in await connection.fetch(_FOLLOWING)]
        found = [await connection.fetchval(_EPOCH.format(schema=schema), topic) for schema in schemas]
    finally:
        await close(connection)
    return max((epoch for epoch in found if epoch), default=0)


_FOLLOWING: Final = """
    select quote_ident(table_schema) as schema from information_schema.tables where table_name = 'followed'
"""
_EPOCH: Final = "select epoch from {schema}.followed where topic = $1"
