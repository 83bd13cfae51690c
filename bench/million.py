"""The stress run at 1,000,000 events: 16 writers, early xids, slow commits, roll-backs, SIGKILLs of relay and projector."""

import asyncio
import time

import asyncpg
from counting import make_topic, prepare_view
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.publishing.auditing import Auditor
from stressing import role, write

from bench.servers import Servers, say

FACTS = 1_000_000


async def run(servers: Servers) -> None:
    log_dsn, view_dsn = await servers.databases.fresh("log"), await servers.databases.fresh("view")
    connection = await asyncpg.connect(log_dsn)
    await connection.execute(create_script())
    await connection.close()
    await prepare_view(view_dsn)
    bootstrap, topic = servers.bootstrap, await make_topic(servers.bootstrap)
    view, kills = await asyncpg.connect(view_dsn), 0
    with (
        role("relay", log_dsn, bootstrap, topic) as relay,
        role("project", view_dsn, bootstrap, topic) as projector,
    ):
        writing = asyncio.ensure_future(write(log_dsn, FACTS, seed=7))
        while not writing.done():
            await asyncio.sleep(5)
            relay.kill_and_restart()
            projector.kill_and_restart()
            kills += 2
        written, began = await writing, time.monotonic()
        while time.monotonic() - began < 600:
            if await view.fetchval("select coalesce(sum(facts), 0) from counted") >= written.total:
                break
            await asyncio.sleep(1)
    rows = {row["stream_id"]: row for row in await view.fetch("select * from counted")}
    wrong = sum(
        rows[s]["facts"] != n or not rows[s]["in_order"] if s in rows else True
        for s, n in written.facts.items()
    )
    audit = await Auditor(lambda: KafkaReader.open(bootstrap, topic)).read_to_end()
    say(
        "stress.million",
        f"16 writers, {kills} SIGKILLs of relay and projector",
        n=written.total,
        holes=audit.gaps,
        inversions=audit.inversions,
        repeats=audit.repeats,
        streams_wrong=wrong,
    )
