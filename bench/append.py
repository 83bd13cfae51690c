"""Append, 1 and 10 events, 16 writers, durable; against a raw INSERT on the same server and the `eventsourcing` library."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from counting import meta, outlet
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.log.store import Write
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script

from bench.servers import Servers, percentiles, say

WRITERS = 16
APPENDS = 12_000
FACT = outlet()


async def timed(once: Callable[[int, int], Awaitable[None]], appends: int) -> tuple[float, list[float]]:
    """Sixteen writers, each on streams of its own; the rate and every duration."""
    durations: list[float] = []

    async def write(writer: int) -> None:
        for number in range(appends // WRITERS):
            began = time.perf_counter()
            await once(writer, number)
            durations.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(write(n) for n in range(WRITERS)))
    return len(durations) / (time.perf_counter() - began), durations


async def ours(pool: Pool, events: int, appends: int) -> tuple[float, list[float]]:
    store, run = PostgresStore(pool), uuid4().hex[:8]

    async def once(writer: int, number: int) -> None:
        write = Write(f"{run}-{writer}", number * events, (FACT,) * events)
        await store.append([write], meta(), "f")

    return await timed(once, appends)


async def raw(pool: Pool, appends: int) -> tuple[float, list[float]]:
    await pool.execute(
        "create table raw (stream text, version bigint, data json, meta jsonb, primary key (stream, version))"
    )
    body, about = FACT.model_dump_json(), meta().model_dump_json()

    async def once(writer: int, number: int) -> None:
        await pool.execute("insert into raw values ($1, $2, $3, $4)", f"s{writer}", number, body, about)

    return await timed(once, appends)


def library(url: str, appends: int) -> float | None:
    """The PyPI library's own recorder in its default setting, 16 threads; appends a second, None if not installed."""
    try:
        from eventsourcing.persistence import StoredEvent
        from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
    except ImportError:
        return None
    parts = url.removeprefix("postgresql://").replace("@", ":").replace("/", ":").split(":")
    datastore = PostgresDatastore(
        dbname=parts[4], host=parts[2], port=parts[3], user=parts[0], password=parts[1], pool_size=WRITERS
    )
    recorder = PostgresApplicationRecorder(datastore, events_table_name="stored_events")
    recorder.create_table()
    body = FACT.model_dump_json().encode()

    def write(_: int) -> None:
        stream = uuid4()
        for number in range(appends // WRITERS):
            recorder.insert_events([StoredEvent(stream, number + 1, "outlet.added.v1", body)])

    began = time.perf_counter()
    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(write, range(WRITERS)))
    rate = (appends // WRITERS) * WRITERS / (time.perf_counter() - began)
    datastore.close()
    return rate


async def run(servers: Servers) -> None:
    dsn = await servers.databases.fresh("append")
    pool = await open_pool(dsn, size=WRITERS)
    await pool.execute(create_script())
    how = f"{WRITERS} writers, one asyncio process, PostgreSQL on the same box, fsync on, cores={os.cpu_count()}"
    limit, durations = await raw(pool, APPENDS)
    say("append.raw-insert", how, n=len(durations), per_second=round(limit), **percentiles(durations))
    own_rate, durations = await ours(pool, 1, APPENDS)
    say(
        "append.1-event",
        how,
        n=len(durations),
        per_second=round(own_rate),
        ratio_to_raw=round(own_rate / limit, 2),
        floor=5000,
        **percentiles(durations),
    )
    ten, durations = await ours(pool, 10, APPENDS // 2)
    say(
        "append.10-events",
        how,
        n=len(durations),
        events_per_second=round(ten * 10),
        floor=30000,
        **percentiles(durations),
    )
    if (
        rate := await asyncio.to_thread(library, await servers.databases.fresh("library"), APPENDS // 2)
    ) is not None:
        say(
            "append.eventsourcing-library",
            "its default recorder, 16 threads",
            n=APPENDS // 2,
            per_second=round(rate),
            ours_to_it=round(own_rate / rate, 2),
        )
    await grown(pool, how, own_rate)
    await pool.close()


async def grown(pool: Pool, how: str, before: float) -> None:
    """Cost at ten times the data: the log is filled by SQL, then appended to again."""
    had = await pool.fetchval("select count(*) from events")
    async with pool.acquire() as connection:
        await connection.execute(_FILL, had * 9 // 10, timeout=300)
    await pool.execute("analyze events")
    after, durations = await ours(pool, 1, APPENDS)
    now = await pool.fetchval("select count(*) from events")
    say(
        "append.at-ten-times-the-data",
        how,
        n=len(durations),
        events_before=had,
        events_now=now,
        per_second=round(after),
        cost_ratio=round(before / after, 2),
        ceiling=1.2,
        **percentiles(durations),
    )


_FILL = """
    with made as (insert into streams
        select 'filled-' || n, 10, 1, pg_current_xact_id(), null, false from generate_series(1, $1::bigint) n returning stream_id)
    insert into events (stream_id, version, type, data, meta, epoch)
    select m.stream_id, v, e.type, e.data, e.meta, 1
      from made m, generate_series(1, 10) v, (select type, data, meta from events limit 1) e
"""
