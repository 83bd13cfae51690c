"""A sender that is stopped before it could send anything leaves nothing that looks sent."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from messages.addresses import Recipient, ServedAddresses
from qingyuan_runtime.tokens.issuers import EveryIssuer
from sending_office import Office, tell, wait_for_the_morning

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
