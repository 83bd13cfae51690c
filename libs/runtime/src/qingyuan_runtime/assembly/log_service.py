"""A service with an event log, described by one object: relay, auditor, an API on the store, and a twin on fakes."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from fastapi import FastAPI
from qingyuan_events.envelope import Fact

from qingyuan_runtime.assembly.log_roles import Log
from qingyuan_runtime.assembly.service import Command, Service, do_nothing
from qingyuan_runtime.database import migrating
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.edge.http import Ready, always_ready
from qingyuan_runtime.log.store import EventStore
from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.process.running import Role, serve
from qingyuan_runtime.process.settings import LogSettings
from qingyuan_runtime.publishing.restoring import open_log_pool
from qingyuan_runtime.reacting.timers import Clock
from qingyuan_runtime.tokens.issuers import NOBODY, Trusted, Trusts

L = TypeVar("L", bound=LogSettings)
A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class ServiceContext:
    """What the HTTP edge of every service with a log needs. In the twin, store and clock are fakes."""

    store: EventStore
    clock: Clock
    trusted: Trusts
    ready: Ready


@dataclass(frozen=True, kw_only=True)
class LogService(Service[L], Generic[L, A]):
    """`facts` is the base class of the events it records, and names its topic.

    `edge` builds the HTTP application from the service context and the service's own adapters. In a process `adapters`
    opens these, with the connections to the log; in the twin `fakes` creates them. `also_restored` runs after `restored`.
    """

    facts: type[Fact]
    edge: Callable[[ServiceContext, A], FastAPI]
    adapters: Callable[[L, Pool], Awaitable[A]]
    fakes: Callable[[], A]
    also_restored: Callable[[L], None] = do_nothing

    async def api(self, settings: L) -> None:
        assert settings.trusted_keys_dir
        pool = await open_log_pool(settings.database_url)
        trusted = Trusted(settings.trusted_keys_dir)
        context = ServiceContext(
            PostgresStore(pool), now, trusted, lambda: migrating.require_head(pool, self.package)
        )
        app = self.edge(context, await self.adapters(settings, pool))
        await serve(app, host=settings.http_host, port=settings.http_port)

    def twin(self, clock: Clock = now, trusted: Trusts = NOBODY, store: EventStore | None = None) -> FastAPI:
        """The same edge on fakes, which pass the same contract tests as the real parts."""
        context = ServiceContext(store or MemoryStore(), clock, trusted, always_ready)
        return self.edge(context, self.fakes())

    def documented(self) -> FastAPI:
        return self.twin()

    def log(self, settings: L) -> Log:
        return Log(self.package, self.facts.topic, settings)

    def roles(self, settings: L) -> Mapping[str, Role]:
        log = self.log(settings)
        return {**super().roles(settings), "relay": log.relay, "auditor": log.auditor}

    def make_tables(self, settings: L) -> None:
        self.log(settings).migrate()

    def own_commands(self) -> Mapping[str, Command[L]]:
        return {"audit": self._audit, "restored": self._restored} | dict(self.commands)

    def _audit(self, settings: L, _: tuple[str, ...]) -> int:
        return self.log(settings).audit()

    def _restored(self, settings: L, rest: tuple[str, ...]) -> int:
        self.log(settings).restored(*map(int, rest))
        self.also_restored(settings)
        return 0


async def no_adapters(_: LogSettings, __: Pool) -> None:
    """For a service whose edge needs only the service context."""


def no_fakes() -> None:
    """The fakes of such a service, for its twin."""
