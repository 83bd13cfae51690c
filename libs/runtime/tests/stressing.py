"""Sixteen writers with everything that can make a relay skip events, while relay, projector and broker are killed."""

import asyncio
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import asyncpg
from counting import meta, outlet
from qingyuan_events import encode

HERE = Path(__file__).parent
STREAMS = 400
FACTS_PER_APPEND = 2
_ADD = "select add_write($1, $2, $3, $4, $5, null, false, '{}', '{}')"


@dataclass
class Written:
    """The number of committed facts of each stream."""

    facts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.facts.values())


@dataclass
class Writer:
    """Owns its streams, so it knows their versions; shares everything else with fifteen others."""

    number: int
    dsn: str
    wanted: int
    written: Written
    random: random.Random
    body: str = field(default_factory=lambda: encode(outlet()).decode())

    async def run(self) -> None:
        connection = await asyncpg.connect(self.dsn)
        try:
            done = 0
            while done < self.wanted:
                done += await self._append(connection)
        finally:
            await connection.close()

    async def _append(self, connection: asyncpg.Connection) -> int:
        stream = f"w{self.number}-{self.random.randrange(STREAMS // 16)}"
        expected = self.written.facts.get(stream, 0)
        transaction = connection.transaction()
        await transaction.start()
        chance = self.random.random()
        try:
            if chance < 0.05:
                await connection.execute("select pg_current_xact_id()")  # an xid long before the append
                await asyncio.sleep(self.random.random() * 0.02)
            await connection.execute(
                "select begin_append($1, $2, 'f', $3, $4)", [stream], uuid4(), stream, expected
            )
            bodies = [self.body] * FACTS_PER_APPEND
            types = ["outlet.added.v1"] * FACTS_PER_APPEND
            await connection.execute(_ADD, stream, expected, types, bodies, meta().model_dump_json())
            if 0.05 < chance < 0.1:
                await asyncio.sleep(self.random.random() * 0.02)  # a slow commit
            if 0.1 < chance < 0.15:
                await transaction.rollback()
                return 0
            await transaction.commit()
        except asyncpg.PostgresError as error:
            await transaction.rollback()
            if error.sqlstate != "QY002":  # an older transaction must be tried again in a new one
                raise
            return 0
        self.written.facts[stream] = expected + FACTS_PER_APPEND
        return FACTS_PER_APPEND


async def write(dsn: str, wanted: int, seed: int) -> Written:
    """Sixteen writers until `wanted` facts are committed."""
    written = Written()
    each = wanted // 16 + 1
    writers = [Writer(n, dsn, each, written, random.Random(seed + n)) for n in range(16)]
    await asyncio.gather(*(writer.run() for writer in writers))
    return written


@contextmanager
def role(name: str, dsn: str, bootstrap: str, topic: str) -> Iterator["Killable"]:
    killable = Killable([sys.executable, str(HERE / "stress_role.py"), name, dsn, bootstrap, topic])
    try:
        yield killable
    finally:
        killable.kill()


class Killable:
    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def kill_and_restart(self) -> None:
        self.kill()
        self._process = self._start()
