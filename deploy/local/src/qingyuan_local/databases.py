"""Databases and roles: for each service a database, an owner role for migrations, and an application role."""

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from qingyuan_runtime.topology import WITH_DATABASE, WITH_LOG

from qingyuan_local.state import State


@dataclass(frozen=True)
class Databases:
    """The URLs of every database for every role, on the server of `admin_url`."""

    admin_url: str
    state: State

    def app(self, service: str) -> str:
        return self._url(f"{service}_app", f"qingyuan_{service}")

    def owner(self, service: str) -> str:
        return self._url(f"{service}_owner", f"qingyuan_{service}")

    def reader(self, service: str) -> str:
        """For services that follow this one's topic: they may read its log and nothing else."""
        return self._url(f"{service}_reader", f"qingyuan_{service}")

    def keys(self) -> str:
        return self._url("keys_app", "qingyuan_keys")

    def _url(self, role: str, database: str) -> str:
        parts = urlsplit(self.admin_url)
        authority = f"{role}:{self.state.password(role)}@{parts.hostname}:{parts.port or 5432}"
        return urlunsplit(("postgresql", authority, f"/{database}", parts.query, ""))

    async def make(self) -> None:
        """Create what is missing. Passwords and rights are set each time, so that a restored folder or dump works."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            for service in WITH_DATABASE:
                await self._ensure_service(connection, service)
            await self._ensure_role(connection, "keys_app")
            await _ensure_database(connection, "qingyuan_keys", "keys_app")
        finally:
            await connection.close()

    async def _ensure_service(self, connection: asyncpg.Connection, service: str) -> None:
        roles = [f"{service}_app", *([f"{service}_reader"] if service in WITH_LOG else [])]
        for role in (f"{service}_owner", *roles):
            await self._ensure_role(connection, role)
        await _ensure_database(connection, f"qingyuan_{service}", f"{service}_owner", *roles)
        await connection.execute(f"grant pg_read_all_stats to {service}_app")

    async def _ensure_role(self, connection: asyncpg.Connection, role: str) -> None:
        if not await connection.fetchval("select 1 from pg_roles where rolname = $1", role):
            await connection.execute(f"create role {role} login")
        await connection.execute(f"alter role {role} password '{self.state.password(role)}'")
        await _set_timeouts(connection, role)


async def _set_timeouts(connection: asyncpg.Connection, role: str) -> None:
    """Limit transactions: one that stays open in any database holds back every relay of the cluster.

    Owners have no limit on running transactions, since changing large tables takes long.
    """
    await connection.execute(f"alter role {role} set idle_in_transaction_session_timeout = '60s'")
    if role.endswith("_app") and connection.get_server_version().major >= 17:
        await connection.execute(f"alter role {role} set transaction_timeout = '10min'")


async def _ensure_database(connection: asyncpg.Connection, name: str, owner: str, *roles: str) -> None:
    """Create the database and set its owner and who may connect; dumps of a database contain neither."""
    if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
        await connection.execute(f"create database {name} owner {owner}")
    await connection.execute(f"alter database {name} owner to {owner}")
    await connection.execute(f"revoke all on database {name} from public")
    for role in roles:
        await connection.execute(f"grant connect on database {name} to {role}")
