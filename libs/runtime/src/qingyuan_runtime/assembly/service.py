"""A service described by one object, from which its roles, its migration and its commands are derived.

Each service creates one in its `main.py`, the only module that connects its parts, and runs it from `__main__`.
"""

import asyncio
import sys
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from fastapi import FastAPI

from qingyuan_runtime.assembly.commands import operate
from qingyuan_runtime.assembly.followers import Followers, Reaction, Timers
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
"""A command for an operator: takes the settings and the arguments, returns the exit code."""


def nothing(_: Settings) -> Mapping[str, Any]:
    """For a service without followers, or without further roles."""
    return {}


def do_nothing(_: Settings) -> None:
    """For a service with nothing more to do."""


@dataclass(frozen=True, kw_only=True)
class Service(ABC, Generic[S]):
    """`package` is the name of the service, of its Python package and of its migrations.

    Of its `followers` each read model has a role of its own, reactions and timers share the role `worker`. `works` are
    further roles by name, `commands` further commands by name. `also_migrate` runs at the end of a migration.
    """

    package: str
    settings: type[S]
    followers: Callable[[S], Followers] = nothing
    works: Callable[[S], Mapping[str, Role]] = nothing
    commands: Mapping[str, Command[S]] = field(default_factory=dict)
    also_migrate: Callable[[S], None] = do_nothing

    @abstractmethod
    def documented(self) -> FastAPI:
        """The HTTP edge without any server, for its OpenAPI document."""

    @abstractmethod
    async def api(self, settings: S) -> None:
        """Serve HTTP until cancelled."""

    def main(self, role: str = "all", *rest: str) -> None:
        """`python -m <service> …`: run one role or all, or one command. Exits with the code of a command that fails."""
        settings = self.settings()
        command = self._all_commands().get(role)
        if command is not None:
            # Not after a success: one process migrates several services one after the other.
            if code := command(settings, rest):
                sys.exit(code)
            return
        start_telemetry(self.package, settings)
        run(self.roles(settings), chosen=" ".join((role, *rest)), beside=health(settings))

    def _all_commands(self) -> Mapping[str, Command[S]]:
        def operating(command: str) -> Command[S]:
            return lambda settings, rest: asyncio.run(operate(self.followers(settings), command, *rest))

        names = () if self.followers is nothing else ("rebuild", "dead-letters")
        for_followers = {name: operating(name) for name in names}
        return {"migrate": self._migrate, **for_followers, **self.own_commands()}

    def own_commands(self) -> Mapping[str, Command[S]]:
        return self.commands

    def roles(self, settings: S) -> Mapping[str, Role]:
        """Every role by its name."""
        return {"api": lambda: self.api(settings), **self.follower_roles(settings), **self.works(settings)}

    def follower_roles(self, settings: S) -> Mapping[str, Role]:
        """A role for each read model, and `worker` for all reactions and timers, which send commands."""
        roles: dict[str, Role] = {}
        worker: dict[str, Role] = {}
        for name, follower in self.followers(settings).items():
            if isinstance(follower, (Timers, Reaction)):
                worker |= follower.works(name)
            else:
                roles[f"project {name}"] = follower.follow
        return roles | ({"worker": lambda: run_together(worker)} if worker else {})

    def migrate(self, settings: S) -> None:
        """Bring all tables to this version. Safe to repeat."""
        self.make_tables(settings)
        self._migrate_followers(settings)
        self.also_migrate(settings)

    def make_tables(self, settings: S) -> None:
        """Bring the service's own tables to the newest revision."""
        migrating.upgrade(
            self.package, owner_url=settings.migration_database_url, app_url=settings.database_url
        )

    def _migrate(self, settings: S, rest: tuple[str, ...]) -> int:
        """`migrate tables` leaves the followers out: they read logs of other services, which must have their tables first."""
        if rest == ("tables",):
            self.make_tables(settings)
        else:
            self.migrate(settings)
        return 0

    def _migrate_followers(self, settings: S) -> None:
        followers = self.followers(settings).values()
        if followers:
            migrating.let_make_schemas(settings.migration_database_url, settings.database_url)
        for follower in followers:
            if isinstance(follower, Reaction):
                role = migrating.role_of(settings.database_url)
                migrating.run_once(settings.migration_database_url, position_grants(follower.schema, role))
            else:
                asyncio.run(rebuilding.ensure_current(follower.rebuild()))


@dataclass(frozen=True, kw_only=True)
class PlainService(Service[S]):
    """A service without a log. `serving` runs its API, `routes` builds the HTTP edge without any server behind it."""

    serving: Callable[[S], Awaitable[None]]
    routes: Callable[[], FastAPI]

    def documented(self) -> FastAPI:
        return self.routes()

    async def api(self, settings: S) -> None:
        await self.serving(settings)
