"""After a dump is restored into a new cluster, whose transaction ids start again, all events are still published."""

import asyncio
import subprocess
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from counting import Counting, fill, make_topic, prepare_view, until
from qingyuan_local.children import free_port
from qingyuan_local.postgres import Postgres, binary
from qingyuan_local.testing import DatabaseServer, KafkaServer
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.following.position import Position, write_position
from qingyuan_runtime.following.projecting import ProjectionRunner
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.publishing.epochs import followed_epoch
from qingyuan_runtime.publishing.relay import Relay, Source
from qingyuan_runtime.publishing.restoring import (
    RestoreNotConfirmed,
    raise_epoch,
    record_table,
    require_restore_confirmed,
)

pytestmark = [pytest.mark.servers]


async def use_up_transaction_ids(dsn: str, count: int) -> None:
    """Use transaction ids, so that those of the old cluster are far greater than those of a new one."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        f"do $$ begin for n in 1..{count} loop perform pg_current_xact_id(); commit; end loop; end $$"
    )
    await connection.close()


async def test_after_a_restore_old_and_new_events_are_published_in_order(
    postgres_server: DatabaseServer, kafka_server: KafkaServer, scratch: Path
) -> None:
    if postgres_server.server is None:
        pytest.skip("pg_dump of this version is needed")
    old = await postgres_server.fresh("old")
    await use_up_transaction_ids(old, 20_000)
    pool = await open_pool(old)
    await pool.execute(create_script())
    await fill(pool, streams=4, facts=3)
    await pool.close()

    new_server = Postgres(scratch / "restored", free_port())
    await asyncio.to_thread(new_server.start)
    try:
        await check_restored(
            old, new_server, kafka_server, scratch / "old.dump", await postgres_server.fresh("view")
        )
    finally:
        await asyncio.to_thread(new_server.stop)


async def check_restored(
    old: str, new_server: Postgres, kafka: KafkaServer, dump: Path, view_dsn: str
) -> None:
    await asyncio.to_thread(
        subprocess.run, [binary("pg_dump"), "-Fc", "-d", old, "-f", str(dump)], check=True
    )
    admin = await asyncpg.connect(new_server.url())
    await admin.execute("create database restored")
    await admin.close()
    restored = new_server.url("restored")
    await asyncio.to_thread(subprocess.run, [binary("pg_restore"), "-d", restored, str(dump)], check=True)
    with pytest.raises(RestoreNotConfirmed):
        await open_pool(restored, first=require_restore_confirmed)
    epoch = await raise_epoch(restored, now())
    assert epoch > 1

    pool = await open_pool(restored, first=require_restore_confirmed)
    await fill(pool, streams=4, facts=2, prefix="newer")
    epochs = [
        [fact.epoch for fact in await PostgresStore(pool).read(f"{name}0")] for name in ("outlet-", "newer-")
    ]
    assert epochs == [[1, 1, 1], [epoch, epoch]]
    topic = await make_topic(kafka.bootstrap)
    await prepare_view(view_dsn)
    view = await open_pool(view_dsn)
    relay = Relay(Source(restored, "registry"), lambda: KafkaPublisher.open(kafka.bootstrap, topic))
    runner = ProjectionRunner(Counting(topic), view, lambda: KafkaReader.open(kafka.bootstrap, topic))
    tasks = [asyncio.ensure_future(relay.run()), asyncio.ensure_future(runner.run())]

    async def all_there() -> bool:
        rows = await view.fetch("select facts, in_order from counted")
        return sorted(tuple(row) for row in rows) == [(2, True)] * 4 + [(3, True)] * 4

    await until(all_there)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await pool.close()
    await view.close()


async def test_a_dump_put_back_into_the_same_cluster_must_be_confirmed_too(
    postgres_server: DatabaseServer, scratch: Path
) -> None:
    """Transaction ids continue in the same cluster, so only the table shows that it was restored."""
    dsn, server = await postgres_server.fresh("log"), postgres_server.admin_url.rsplit("/", 1)[0]
    async with asyncpg.create_pool(dsn, min_size=1) as pool:
        await pool.execute(create_script())
        await record_table(dsn)
        await fill(pool, streams=1, facts=1)
    dump, epochs, view = scratch / "beside.dump", [], await postgres_server.fresh("view")
    await prepare_view(view)
    await run("pg_dump", "-Fc", "-d", dsn, "-f", str(dump))
    for name, clock in (("beside_1", now()), ("beside_2", now() - timedelta(days=40))):
        restored = f"{server}/{dsn.rpartition('/')[2]}_{name}"
        await run("createdb", "--maintenance-db", dsn, restored.rpartition("/")[2])
        await run("pg_restore", "--exit-on-error", "-d", restored, str(dump))
        with pytest.raises(RestoreNotConfirmed):
            await open_pool(restored, first=require_restore_confirmed)
        epochs.append(await raise_epoch(restored, clock, above=await followed_epoch([dsn, view], "topic")))
        await follow(view, Position({}, uuid4(), epochs[-1]))
        pool = await open_pool(restored, first=require_restore_confirmed)
        await fill(pool, streams=1, facts=1, prefix="newer")
        await pool.close()
    assert 1 < epochs[0] < epochs[1], (
        "the second restore of one dump begins another epoch, whatever the clock says"
    )
    pool = await open_pool(dsn, first=require_restore_confirmed)
    await pool.close()


async def follow(dsn: str, position: Position) -> None:
    connection = await asyncpg.connect(dsn)
    await write_position(connection, "topic", position)
    await connection.close()


async def run(program: str, *arguments: str) -> None:
    await asyncio.to_thread(subprocess.run, [binary(program), *arguments], check=True)


async def test_a_new_epoch_waits_for_appends_under_way(postgres_server: DatabaseServer) -> None:
    """They belong to the older epoch, and would sort before events that are already published."""
    dsn = await postgres_server.fresh("log")
    appending = await asyncpg.connect(dsn)
    await appending.execute(create_script())
    held = appending.transaction()
    await held.start()
    await appending.fetchval("select epoch from store_epoch")
    raising = asyncio.ensure_future(raise_epoch(dsn, now()))
    watching = await asyncpg.connect(dsn)

    async def waits() -> bool:
        return bool(await watching.fetchval("select count(*) from pg_locks where not granted"))

    await until(waits)
    assert not raising.done()
    await held.commit()
    assert await raising > 1
    await appending.close()
    await watching.close()
