"""2,000 reminders at 17:00, from the log to the inboxes by relay, Kafka and follower, while 50 commands a second go on.

`python -m bench.reminders DSN SECONDS FILE` is the process that commits the commands.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID, uuid4, uuid5

from counting import make_topic, meta, running
from messages.inbox import Inbox
from messages.main import SERVICE
from messages.notices import SIGNOFF, Notices
from messages.settings import MessagesSettings
from qingyuan_events import Actor, Fact
from qingyuan_events.signoff import ConfirmationReminded, ConfirmationRequested
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.bus.port import Publisher
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.following.projecting import ProjectionRunner
from qingyuan_runtime.following.rebuilding import ensure_live, session_of
from qingyuan_runtime.log.store import Write
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.publishing.relay import Relay, Source

from bench.servers import Servers, percentiles, say

REMINDERS, ENTERPRISES, AT_ONCE = 2_000, 500, 8
RATE, QUIET_SECONDS, BUSY_SECONDS = 50, 15, 30
NEEDED_SECONDS = 30
SPACE = UUID(int=7)
REMINDED = "select count(*) from message where kind = 'confirmation.reminded'"


def confirmation(number: int) -> dict[str, object]:
    """What every fact about a confirmation says."""
    names = ("confirmation_id", "visit_id", "outlet_id", "point_id", "operator_id")
    enterprise = uuid5(SPACE, f"e{number % ENTERPRISES}")
    return dict.fromkeys(names, uuid4()) | {"enterprise_id": enterprise, "district": "310118"}


def reminded(number: int) -> Fact:
    return ConfirmationReminded.model_validate(
        confirmation(number) | {"reminder": "17:00", "reminded_at": now()}
    )


def requested(number: int) -> Fact:
    asked = {
        "content_sha256": "0" * 64,
        "visit_day": now().date(),
        "requested_at": now(),
        "due_at": now(),
    }
    return ConfirmationRequested.model_validate(confirmation(number) | asked)


async def run(servers: Servers) -> None:
    log_dsn, dsn = await servers.databases.fresh("signoff"), await servers.databases.fresh("messages")
    topic = await make_topic(servers.bootstrap, partitions=6)
    log = await open_pool(log_dsn, size=AT_ONCE)
    await log.execute(create_script())
    inbox = await inbox_of(dsn)
    noted = servers.folder / "commands.json"
    follower = await follower_of(dsn, servers.bootstrap, topic)

    async def open_publisher() -> Publisher:
        return await KafkaPublisher.open(servers.bootstrap, topic)

    async with running(Relay(Source(log_dsn, "signoff"), open_publisher).run(), follower.run()):
        quiet = await commands(log_dsn, QUIET_SECONDS, noted)
        busy, seconds = await asyncio.gather(commands(log_dsn, BUSY_SECONDS, noted), remind(log, inbox))
    await require_each_once(inbox)
    report(seconds, quiet, busy)


async def inbox_of(dsn: str) -> Pool:
    settings = MessagesSettings(database_url=dsn, migration_database_url=dsn)
    await asyncio.to_thread(SERVICE.migrate, settings)
    return await open_pool(dsn, size=2)


async def follower_of(dsn: str, bootstrap: str, topic: str) -> ProjectionRunner:
    await ensure_live(dsn, SIGNOFF.model, SIGNOFF.own_script)
    pool = await open_pool(dsn, size=4, session=session_of(SIGNOFF.model))
    return ProjectionRunner(Notices(SIGNOFF.model, topic), pool, lambda: KafkaReader.open(bootstrap, topic))


async def remind(log: Pool, inbox: Pool) -> float:
    """Append all reminders as fast as the timers do, and wait until each is in an inbox."""
    store, began = PostgresStore(log), time.perf_counter()
    left = iter(range(REMINDERS))

    async def timer() -> None:
        for number in left:
            await store.append([Write(f"confirmation-{uuid4()}", 0, (reminded(number),))], meta(), "f")

    await asyncio.gather(*(timer() for _ in range(AT_ONCE)))
    while await inbox.fetchval(REMINDED) < REMINDERS:
        await asyncio.sleep(0.05)
    return time.perf_counter() - began


async def commands(dsn: str, seconds: int, noted: Path) -> list[float]:
    """How long each commit took, in a process of its own."""
    arguments = ("-m", __name__, dsn, str(seconds), str(noted))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments)
    assert await process.wait() == 0
    found: list[float] = json.loads(await asyncio.to_thread(noted.read_text))
    return found


async def require_each_once(pool: Pool) -> None:
    assert await pool.fetchval(REMINDED) == REMINDERS
    for number in range(ENTERPRISES):
        reader = Actor(account=UUID(int=1), kind="enterprise", organisation=uuid5(SPACE, f"e{number}"))
        assert await Inbox(pool, now).unread(reader) >= REMINDERS // ENTERPRISES


def report(seconds: float, quiet: list[float], busy: list[float]) -> None:
    how = f"log, relay, Kafka, follower and inbox, while {RATE} commands/s are committed to the same log; without gateway"
    say("reminders.to-inbox", how, n=REMINDERS, seconds=round(seconds, 2), needed_seconds=NEEDED_SECONDS)
    first, then = percentiles(quiet), percentiles(busy)
    say("commands", f"{RATE}/s, no reminders", n=len(quiet), **first)
    ratio = round(then["p95_ms"] / first["p95_ms"], 2)
    say(
        "commands",
        f"{RATE}/s for {BUSY_SECONDS} s that begin with the reminders",
        n=len(busy),
        **then,
        ratio=ratio,
    )


async def at_rate(count: int, work: Callable[[int], Awaitable[None]]) -> None:
    """Begun at their times whether the earlier ones are done or not."""
    began, tasks = time.perf_counter(), []
    for number in range(count):
        await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
        tasks.append(asyncio.ensure_future(work(number)))
    await asyncio.gather(*tasks)


async def _commit(dsn: str, seconds: int, noted: Path) -> None:
    pool = await open_pool(dsn, size=4)
    store, took = PostgresStore(pool), list[float]()

    async def command(number: int) -> None:
        began = time.perf_counter()
        await store.append([Write(f"confirmation-{uuid4()}", 0, (requested(number),))], meta(), "f")
        took.append(time.perf_counter() - began)

    await at_rate(RATE * seconds, command)
    await asyncio.to_thread(noted.write_text, json.dumps(took))
    await pool.close()


if __name__ == "__main__":
    asyncio.run(_commit(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
