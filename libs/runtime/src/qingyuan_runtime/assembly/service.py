"""A service as one object: what it consists of goes in; its roles, its migration and its commands come out.

Each service makes one in its `main.py`, the only place where its parts meet, and hands it the command line in `__main__`.
"""

import asyncio
import sys
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from fastapi import FastAPI

from qingyuan_runtime.assembly.commands import operate
from qingyuan_runtime.assembly.followers import AllKept, Reaction, Timers
from qingyuan_runtime.database import migrating
from qingyuan_runtime.edge.health import health
from qingyuan_runtime.following import rebuilding
from qingyuan_runtime.following.projection_schema import position_grants
from qingyuan_runtime.process.running import Role, run
from qingyuan_runtime.process.settings import Settings
from qingyuan_runtime.process.supervising import run_together
from qingyuan_runtime.process.telemetry import start_telemetry

S = TypeVar("S", bound=Settings)
Command = Callable[[S, tuple[str, ...]], int]
"""Something done by hand: what it was told and its arguments go in, the exit code comes out."""


def nothing(_: Settings) -> Mapping[str, Any]:
    """What a service has that has none of it."""
    return {}


def no_more(_: Settings) -> None:
    """What a service does that has no more to do."""


@dataclass(frozen=True, kw_only=True)
class Service(ABC, Generic[S]):
    """`package` is its name, and that of its tables.

    `kept` is what it keeps up to date by following topics: read models have a process each, reactions and timers share
    `worker`. `works` are its other processes by their names, `commands` what is done by hand beside what every service can.
    """

    package: str
    settings: type[S]
    kept: Callable[[S], AllKept] = nothing
    works: Callable[[S], Mapping[str, Role]] = nothing
    commands: Mapping[str, Command[S]] = field(default_factory=dict)
    also_migrate: Callable[[S], None] = no_more

    @abstractmethod
    def documented(self) -> FastAPI:
        """The HTTP edge without any server, for its OpenAPI document."""

    @abstractmethod
    async def api(self, settings: S) -> None:
        """Serve HTTP until cancelled."""

    def main(self, role: str = "all", *rest: str) -> None:
        """`python -m <service> …`: run one role or all, or carry out one command. Ends the process where that fails."""
        settings = self.settings()
        command = self._all_commands().get(role)
        if command is not None:
            # One process migrates several services: what went well must not end it.
            if code := command(settings, rest):
                sys.exit(code)
            return
        start_telemetry(self.package, settings)
        run(self.roles(settings), chosen=" ".join((role, *rest)), beside=health(settings))

    def _all_commands(self) -> Mapping[str, Command[S]]:
        def operating(command: str) -> Command[S]:
            return lambda settings, rest: asyncio.run(operate(self.kept(settings), command, *rest))

        by_hand = (
            {} if self.kept is nothing else {name: operating(name) for name in ("rebuild", "dead-letters")}
        )
        return {"migrate": self._migrate, **by_hand, **self.own_commands()}

    def own_commands(self) -> Mapping[str, Command[S]]:
        return self.commands

    def roles(self, settings: S) -> Mapping[str, Role]:
        """Every role by the name of its process."""
        return {"api": lambda: self.api(settings), **self.following(settings), **self.works(settings)}

    def following(self, settings: S) -> Mapping[str, Role]:
        """A process for each read model, and `worker` for what asks for commands: reactions and timers."""
        roles: dict[str, Role] = {}
        asking: dict[str, Role] = {}
        for name, follower in self.kept(settings).items():
            if isinstance(follower, (Timers, Reaction)):
                asking |= follower.works(name)
            else:
                roles[f"project {name}"] = follower.follow
        return roles | ({"worker": lambda: run_together(asking)} if asking else {})

    def migrate(self, settings: S) -> None:
        """The tables as this version expects them. Safe to repeat."""
        self.make_tables(settings)
        self._place_followers(settings)
        self.also_migrate(settings)

    def make_tables(self, settings: S) -> None:
        """The service's own tables, by its revisions."""
        migrating.upgrade(
            self.package, owner_url=settings.migration_database_url, app_url=settings.database_url
        )

    def _migrate(self, settings: S, _: tuple[str, ...]) -> int:
        self.migrate(settings)
        return 0

    def _place_followers(self, settings: S) -> None:
        kept = self.kept(settings).values()
        if kept:
            migrating.let_make_schemas(settings.migration_database_url, settings.database_url)
        for follower in kept:
            if isinstance(follower, Reaction):
                role = migrating.role_of(settings.database_url)
                migrating.run_once(settings.migration_database_url, position_grants(follower.schema, role))
            else:
                asyncio.run(rebuilding.ensure_current(follower.rebuild()))


@dataclass(frozen=True, kw_only=True)
class PlainService(Service[S]):
    """A service without a log of its own: `serving` is its whole API, and `routes` its edge with nothing behind it."""

    serving: Callable[[S], Awaitable[None]]
    routes: Callable[[], FastAPI]

    def documented(self) -> FastAPI:
        return self.routes()

    async def api(self, settings: S) -> None:
        await self.serving(settings)
