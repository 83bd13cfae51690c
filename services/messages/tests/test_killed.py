"""A thousand facts while follower and sender are killed again and again: each message is there once, and sent once at most."""

import asyncio
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from message_facts import fact, recorded
from qingyuan_events import Fact, Recorded
from qingyuan_local.children import free_port
from qingyuan_local.keys import log_keys, trusted_keys
from qingyuan_local.state import State
from qingyuan_local.testing import DatabaseServer, KafkaServer
from qingyuan_local.topics import make_topics
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.port import Message
from qingyuan_runtime.bus.signing import Keyring
from qingyuan_runtime.database import migrating
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.following.testing import message_of
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.process.clock import now

pytestmark = [pytest.mark.servers, pytest.mark.long, pytest.mark.timeout(600)]
FACTS, MESSAGES_OF_EACH, DELIVERIES_OF_EACH = 1_000, 3, 3
PATIENCE_SECONDS = 240
TOPIC = "qingyuan.tasks"
TRIED = "delivery where state <> 'waiting'"


class Victims:
    """The follower and the sender, killed together, as when a machine loses its power."""

    def __init__(self, commands: Sequence[Sequence[str]], env: dict[str, str]) -> None:
        self._commands = commands
        self._env = env
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        self._running = [subprocess.Popen(command, env=self._env) for command in self._commands]

    def kill(self) -> None:
        for process in self._running:
            process.kill()
        for process in self._running:
            process.wait()


def obstructed() -> Recorded[Fact]:
    """It is sent by night, too, so the test does not depend on the hour."""
    return recorded(fact("visit.obstructed.v1"), stream=f"visit-{uuid4()}", at=now())


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not await condition():
        assert time.monotonic() < end, "it never came"
        await asyncio.sleep(0.05)


async def test_each_message_once_and_each_letter_at_most_once(
    dsn: str, pool: Pool, tmp_path: Path, postgres_server: DatabaseServer, kafka_server: KafkaServer
) -> None:
    state, sent_file, chance = State.open(tmp_path / "state"), tmp_path / "sent", random.Random(14)
    log = await postgres_server.fresh("tasks")
    await asyncio.to_thread(migrating.run_once, log, create_script())
    await make_topics(kafka_server.bootstrap, replicas=1)
    keys = log_keys(state)
    env = os.environ | {
        "DATABASE_URL": dsn,
        "TASKS_DATABASE_URL": log,
        "KAFKA_BOOTSTRAP": kafka_server.bootstrap,
        "LOG_KEYS_DIR": str(keys),
        "TRUSTED_KEYS_DIR": str(trusted_keys(state)),
        "METRICS_PORT": str(free_port()),
        "PYTHONPATH": str(Path(__file__).parent),
        "TRACE_RATIO": "0",
    }
    follower = (sys.executable, "-m", "messages", "project", "notices_tasks")
    sender = (sys.executable, str(Path(__file__).parent / "send_role.py"), dsn, str(sent_file))
    victims = Victims((follower, sender), env)
    told = [obstructed() for _ in range(FACTS)]
    publisher = await KafkaPublisher.open(kafka_server.bootstrap, TOPIC)
    keyring = Keyring(keys / "tasks")
    try:
        await _let_the_follower_begin(victims, pool)
        for start in range(0, FACTS, 100):
            await publisher.publish([signed(each, keyring) for each in told[start : start + 100]])
            await _kill_underway(victims, pool, more=chance.randint(1, 200))
        await _finish(victims, pool)
    finally:
        await asyncio.to_thread(victims.kill)
        await publisher.close()
    await _require_each_once(pool, told, sent_file.read_text().split())


async def _let_the_follower_begin(victims: Victims, pool: Pool) -> None:
    """It follows from where the topic ends when it first starts: what is older it takes from the log, which is empty here."""
    await asyncio.to_thread(victims.start)
    await until(lambda: _at_least(pool, "notices_tasks.followed", 1))
    await asyncio.to_thread(victims.kill)


async def _kill_underway(victims: Victims, pool: Pool, *, more: int) -> None:
    tried = await _count(pool, TRIED)
    await asyncio.to_thread(victims.start)
    await until(lambda: _at_least(pool, TRIED, tried + more))
    await asyncio.to_thread(victims.kill)


async def _finish(victims: Victims, pool: Pool) -> None:
    await asyncio.to_thread(victims.start)
    ended = "delivery where state in ('sent', 'unknown')"
    await until(lambda: _at_least(pool, ended, FACTS * DELIVERIES_OF_EACH))


async def _at_least(pool: Pool, of: str, number: int) -> bool:
    return await _count(pool, of) >= number


async def _require_each_once(pool: Pool, told: Sequence[Recorded[Fact]], sent: Sequence[str]) -> None:
    rows = await pool.fetch("select stream, kind from message")
    there = Counter((row["stream"], row["kind"]) for row in rows)
    assert set(there.values()) == {1}
    assert len(there) == FACTS * MESSAGES_OF_EACH
    assert {stream for stream, _ in there} == {each.stream for each in told}
    assert max(Counter(sent).values()) == 1, "a letter was sent twice"
    ended = await pool.fetch("select provider_id::text, state from delivery")
    noted = {row["provider_id"] for row in ended if row["state"] == "sent"}
    unknown = {row["provider_id"] for row in ended if row["state"] == "unknown"}
    assert noted <= set(sent) <= noted | unknown


async def _count(pool: Pool, of: str) -> int:
    return int(await pool.fetchval(f"select count(*) from {of}"))


def signed(told: Recorded[Fact], keyring: Keyring) -> Message:
    sent = message_of(told)
    return Message(sent.key, sent.value, keyring.sign(sent.key, sent.headers, sent.value))
