"""A sender that is stopped before it could send anything leaves nothing that looks sent."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from message_facts import NOW
from messages.addresses import Recipient, ServedAddresses
from messages.channels.port import Letter, Outcome
from qingyuan_runtime.tokens.issuers import EveryIssuer
from sending_office import Office, Recording, tell, wait_for_the_morning

pytestmark = pytest.mark.servers
SEND_ROLE = Path(__file__).parent / "send_role.py"
EVERY = {("email", "waiting"), ("sms", "waiting"), ("wechat", "waiting")}


class SilentAccounts:
    """Accepts the question, and never answers."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def addresses(self, _request: web.Request) -> web.Response:
        self.asked.set()
        await asyncio.sleep(3_600)
        return web.Response()

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/addresses", self.addresses)
        return app


@dataclass
class Slow(Recording):
    """The first who asks what became of a letter waits for the answer, and a letter takes its time."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    sending: asyncio.Event = field(default_factory=asyncio.Event)
    handed_over: asyncio.Event = field(default_factory=asyncio.Event)

    async def outcome(self, provider_id: UUID) -> Outcome | None:
        if not self.asked.is_set():
            self.asked.set()
            await self.answered.wait()
        return self.says

    async def send(self, letter: Letter) -> None:
        self.sending.set()
        await super().send(letter)
        await self.handed_over.wait()


async def _sent_later(office: Office) -> set[str]:
    """What comes of it when the sender is there again, and after any sender before it counts as dead."""
    for pause in (0, 6):
        office.clock.now += timedelta(minutes=pause)
        await office.sender().send()
    return {state for _, state in await office.states()}


async def test_who_is_stopped_while_accounts_is_silent_has_claimed_nothing(dsn: str, office: Office) -> None:
    await wait_for_the_morning(dsn, office)
    silent = SilentAccounts()
    async with TestServer(silent.app()) as server:
        addresses = ServedAddresses(str(server.make_url("")).rstrip("/"), EveryIssuer())
        sending = asyncio.create_task(office.sender(addresses).send())
        await asyncio.wait_for(silent.asked.wait(), 10)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    assert set(await office.states()) == EVERY
    assert await office.pool.fetchval("select max(tries) from delivery") == 0
    assert await _sent_later(office) == {"sent"}
    assert len(office.way.letters) == 3


async def test_who_is_killed_while_accounts_is_silent_has_claimed_nothing(
    dsn: str, office: Office, tmp_path: Path
) -> None:
    await wait_for_the_morning(dsn, office)
    await office.pool.execute("update preference set quiet = false")
    await office.pool.execute("update delivery set next_try = clock_timestamp() - interval '1 hour'")
    await office.pool.execute("update message set at = clock_timestamp() - interval '1 hour'")
    told = tmp_path / "told"
    env = os.environ | {"PYTHONPATH": str(SEND_ROLE.parent)}
    process = await asyncio.create_subprocess_exec(sys.executable, SEND_ROLE, dsn, told, "away", env=env)
    try:
        async with asyncio.timeout(60):
            while not told.exists() or "asked" not in told.read_text():
                await asyncio.sleep(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()
    assert set(await office.states()) == EVERY


async def test_senders_that_ask_at_the_same_time_send_each_once(dsn: str, office: Office) -> None:
    """All of them see the same deliveries before any of them claims."""
    for _ in range(5):
        await tell(dsn, "confirmation.disputed.v1")
    await office.spreader().spread()
    together = asyncio.Barrier(3)

    class Meeting:
        def __init__(self) -> None:
            self.met = False

        async def recipients(self, _audience: object) -> Sequence[Recipient]:
            if not self.met:
                self.met = True
                await together.wait()
            return office.addresses.everybody

    await asyncio.gather(*(office.sender(Meeting()).send() for _ in range(3)))
    ids = [letter.provider_id for letter in office.way.letters]
    assert len(ids) == len(set(ids)) == 5
    assert {state for _, state in await office.states()} == {"sent"}


async def test_what_another_sender_has_claimed_again_is_not_settled_by_an_older_answer(
    dsn: str, office: Office
) -> None:
    """Two senders ask what became of an abandoned letter. One is told, claims it and is sending it when the other is told."""
    await tell(dsn, "confirmation.disputed.v1")
    await office.spreader().spread()
    await office.pool.execute("update delivery set state = 'sending', tries = 1, claimed_at = $1", NOW)
    office.clock.now += timedelta(minutes=6)
    way = Slow(says="unsent")
    office.way = way
    late = asyncio.create_task(office.sender().send())
    await asyncio.wait_for(way.asked.wait(), 10)
    first = asyncio.create_task(office.sender().send())
    await asyncio.wait_for(way.sending.wait(), 10)
    way.answered.set()
    ended, _ = await asyncio.wait({late}, timeout=10)
    assert ended, "it sends what the other is sending"
    assert await office.states() == [("wechat", "sending")]
    way.handed_over.set()
    await first
    assert len(way.letters) == 1
    assert await office.states() == [("wechat", "sent")]


async def test_senders_that_put_off_and_drop_the_same_do_not_wait_for_each_other(
    dsn: str, office: Office
) -> None:
    """Each locks what it finds, in any order: without skipping what is locked two of them could hold each other up."""
    for _ in range(3):
        await tell(dsn, "confirmation.disputed.v1")
    await office.spreader().spread()
    for changed, later in (
        ("done_at = now()", timedelta()),
        ("done_at = null", timedelta(hours=14)),
        ("done_at = null", timedelta(days=3)),
    ):
        await office.pool.execute(f"update message set {changed}")
        office.clock.now = NOW + later
        async with office.pool.acquire() as connection, connection.transaction():
            await connection.execute("select from delivery for update")
            async with asyncio.timeout(20):
                await office.sender().send()
    assert office.way.letters == []
    assert {state for _, state in await office.states()} == {"waiting"}
