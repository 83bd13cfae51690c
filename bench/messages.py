"""2,000 reminders: from facts to the inboxes of 500 enterprises, and how long one of them then waits for its count."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from counting import meta
from messages.inbox import Inbox
from messages.main import SERVICE
from messages.notices import SIGNOFF
from messages.settings import MessagesSettings
from qingyuan_events import Actor, Fact, Recorded
from qingyuan_events.signoff import ConfirmationReminded
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.following.rebuilding import session_of

from bench.servers import Servers, percentiles, say

REMINDERS = 2_000
ENTERPRISES = 500
BATCH = 500
SPACE = UUID(int=7)
NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


def reminders() -> list[Recorded[Fact]]:
    about, moment = meta(), NOW - timedelta(hours=1)
    told: list[Recorded[Fact]] = []
    for number in range(REMINDERS):
        confirmation = uuid5(SPACE, f"c{number}")
        fact = ConfirmationReminded(
            confirmation_id=confirmation,
            visit_id=confirmation,
            operator_id=uuid5(SPACE, "operator"),
            enterprise_id=uuid5(SPACE, f"e{number % ENTERPRISES}"),
            outlet_id=confirmation,
            point_id=confirmation,
            district="310118",
            reminder="16:00",
            reminded_at=moment,
        )
        told.append(Recorded(f"confirmation-{confirmation}", 1, moment, about, fact))
    return told


async def run(servers: Servers) -> None:
    dsn = await servers.databases.fresh("messages")
    settings = MessagesSettings(database_url=dsn, migration_database_url=dsn)
    await asyncio.to_thread(SERVICE.migrate, settings)
    writer = await open_pool(dsn, size=1, session=session_of(SIGNOFF.model))
    told = reminders()
    began = time.perf_counter()
    for start in range(0, REMINDERS, BATCH):
        async with writer.acquire() as writing, writing.transaction():
            await SIGNOFF.apply(writing, told[start : start + BATCH])
    seconds = time.perf_counter() - began
    say(
        "messages.reminders-to-inbox",
        f"batches of {BATCH}, no Kafka",
        n=REMINDERS,
        seconds=round(seconds, 2),
        messages_per_second=round(REMINDERS / seconds),
    )
    await count(await open_pool(dsn, size=2))


async def count(pool: Pool) -> None:
    inbox, durations = Inbox(pool, lambda: NOW), []
    for number in range(ENTERPRISES):
        reader = Actor(account=UUID(int=number), kind="enterprise", organisation=uuid5(SPACE, f"e{number}"))
        began = time.perf_counter()
        assert await inbox.unread(reader) == REMINDERS // ENTERPRISES
        durations.append(time.perf_counter() - began)
    say("messages.count", "one at a time", n=ENTERPRISES, **percentiles(durations))
