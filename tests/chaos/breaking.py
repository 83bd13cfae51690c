"""Ways to hurt a running system. Each is a value, so that a scenario is data; each ends with everything back."""

import asyncio
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import asyncpg

from chaos import poison
from chaos.system import System


class Blow(Protocol):
    async def fall(self, system: System) -> None:
        """Hurt, wait, and let go: when this returns, everything that was taken away is back."""
        ...


@dataclass(frozen=True)
class Kill:
    """Services are killed one after the other."""

    names: tuple[str, ...]
    between: float = 2.0

    async def fall(self, system: System) -> None:
        for name in self.names:
            system.kill(name)
            await asyncio.sleep(self.between)


@dataclass(frozen=True)
class Away:
    """A server is ended (`how`: SIGTERM as a person stops it, SIGKILL as a crash does) and stays away."""

    name: str
    how: signal.Signals
    seconds: float

    async def fall(self, system: System) -> None:
        with system.down(self.name, self.how):
            await asyncio.sleep(self.seconds)
        await asyncio.to_thread(system.wait_back, self.name)


@dataclass(frozen=True)
class Freeze:
    name: str
    seconds: float

    async def fall(self, system: System) -> None:
        with system.frozen(self.name):
            await asyncio.sleep(self.seconds)


@dataclass(frozen=True)
class PowerCut:
    async def fall(self, system: System) -> None:
        await asyncio.to_thread(system.power_cut)


@dataclass(frozen=True)
class Poison:
    """Messages that no relay sent, of every kind, on every topic."""

    async def fall(self, system: System) -> None:
        await asyncio.to_thread(poison.publish, system.bootstrap)


@dataclass(frozen=True)
class RecreateTopic:
    """A topic is deleted and made again: everything that was in it is gone, and offsets begin at 0."""

    name: str

    async def fall(self, system: System) -> None:
        await asyncio.to_thread(poison.recreate, system.bootstrap, self.name)


@dataclass(frozen=True)
class LongTransaction:
    """Somebody writes in a database of the cluster that is not ours, and goes to lunch."""

    seconds: float

    async def fall(self, system: System) -> None:
        connection = await asyncpg.connect(system.url("postgres"))
        try:
            async with connection.transaction():
                await connection.execute("create temporary table lunch (id int) on commit drop")
                await connection.execute("select pg_current_xact_id()")
                await asyncio.sleep(self.seconds)
        finally:
            await connection.close()


@dataclass(frozen=True)
class IdleConnections:
    """Somebody's tool takes nearly all connections that the server has."""

    number: int
    seconds: float

    async def fall(self, system: System) -> None:
        held: list[asyncpg.Connection] = []
        try:
            for _ in range(self.number):
                try:
                    held.append(await asyncpg.connect(system.url("postgres"), timeout=5))
                except (asyncpg.PostgresError, OSError, TimeoutError):
                    break
            await asyncio.sleep(self.seconds)
        finally:
            await asyncio.gather(*(connection.close() for connection in held))


@dataclass(frozen=True)
class FillDisk:
    """The disk that the whole system writes to has no byte left."""

    seconds: float

    async def fall(self, system: System) -> None:
        ballast = system.stack.folder / "ballast"
        try:
            await asyncio.to_thread(_fill, ballast)
            await asyncio.sleep(self.seconds)
        finally:
            ballast.unlink(missing_ok=True)


def _fill(ballast: Path) -> None:
    with suppress(OSError), ballast.open("wb", buffering=0) as out:
        while True:
            out.write(bytes(1 << 20))


@dataclass(frozen=True)
class MoveClock:
    """The services' clock is ahead of the real one by so many seconds from now on."""

    ahead: float
    then_wait: float

    async def fall(self, system: System) -> None:
        fresh = system.moved_clock.with_suffix(".new")
        fresh.write_text(str(self.ahead))
        fresh.replace(system.moved_clock)
        await asyncio.sleep(self.then_wait)
