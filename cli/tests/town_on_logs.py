"""The demo town on logs in real databases, with the registry's own edge and without any other part of the system."""

import base64
import tempfile
import time
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from anyio.from_thread import BlockingPortal
from qingyuan_cli.seeding import registering, town
from qingyuan_cli.seeding.client import sent_key
from qingyuan_cli.seeding.history.seed import Demo
from qingyuan_cli.seeding.identities import id_of
from qingyuan_events import Actor
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.log import privacy
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer
from registry.main import SERVICE

TODAY = date(2026, 11, 30)
Json = dict[str, Any]


class TownOnLogs:
    """`commands` and `logged_in` are what the seed has asked for."""

    def __init__(self, portal: BlockingPortal, server: DatabaseServer) -> None:
        self._portal, self._keys = portal, EveryIssuer()
        self.dsns = {
            name: portal.call(_log, server, name) for name in ("registry", "filing", "tasks", "signoff")
        }
        self._keys_dsn = portal.call(_keys, server)
        self._folder = tempfile.TemporaryDirectory()
        self._kek = Path(self._folder.name) / "kek"
        self._kek.write_text(base64.b64encode(bytes(32)).decode())
        self._pool = portal.call(open_pool, self.dsns["registry"])
        app = SERVICE.twin(now, self._keys, PostgresStore(self._pool))
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://registry")
        self._actors = dict(_staff())
        self.commands: list[str] = []
        self.logged_in: list[str] = []
        self.enterprises = {
            each["key"]: registering.register(self.sender(), each) for each in town.ENTERPRISES
        }
        for each in town.ENTERPRISES:
            owner = Actor(
                account=id_of(each["account"]), kind="enterprise", organisation=self.enterprises[each["key"]]
            )
            self._actors[each["account"]] = owner
        self.commands.clear()

    def close(self) -> None:
        self._portal.call(self._http.aclose)
        self._portal.call(self._pool.close)
        self._folder.cleanup()

    def demo(self) -> Demo:
        databases = SimpleNamespace(owner=lambda service: self.dsns.get(service, ""))
        plan: Any = SimpleNamespace(databases=databases, url=lambda _: "", env=lambda _: self._env())
        return Demo(plan, "", TODAY)

    def _env(self) -> dict[str, str]:
        return {
            "FILES_STORE_URL": "",
            "KEYS_DATABASE_URL": self._keys_dsn,
            "KEY_ENCRYPTION_KEY_FILE": str(self._kek),
        }

    def sender(self, base: str = "") -> "Sender":
        """In place of a `Client` of the gateway."""
        return Sender(self)

    def ask(self, account: str, path: str, body: Json, key: str) -> UUID:
        self.commands.append(key)
        token = issue(self._actors[account], self._keys, now=time.time())
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": sent_key(key)}
        post = partial(self._http.post, path.removeprefix("/registry"), json=body, headers=headers)
        answer = self._portal.call(post)
        assert answer.status_code == 202, answer.text
        return UUID(answer.json()["stream"].split("-", 1)[1])

    def session(self, account: str) -> Json:
        self.logged_in.append(account)
        actor = self._actors[account]
        named = {"id": str(actor.account), "organisation": actor.organisation and str(actor.organisation)}
        fields = {"kind": actor.kind, "district": actor.district, "role": actor.role}
        return {"account": named | fields | {"organisation_name": "上海某某运维有限公司"}}

    def execute(self, service: str, statement: str) -> Any:
        return self._portal.call(_execute, self.dsns[service], statement)

    def streams(self, service: str, condition: str) -> list[str]:
        found: list[str] | None = self.execute(
            service, f"select array_agg(stream_id order by pos) from events where {condition}"
        )
        assert found
        return found


class Sender:
    def __init__(self, town_on_logs: TownOnLogs) -> None:
        self._town, self._account = town_on_logs, "demo-admin"

    def log_in(self, account: str, password: str) -> Json:
        self._account = account
        return self._town.session(account)

    def command(self, path: str, body: Json, *, key: str) -> UUID:
        return self._town.ask(self._account, path, body, key)

    def close(self) -> None:
        pass


def _staff() -> Mapping[str, Actor]:
    staff = {
        name: Actor(account=id_of(name), kind=kind, district=district, role=role)  # type: ignore[arg-type]
        for name, _, kind, district, role in town.ACCOUNTS
    }
    for name, _, operator, role in town.OPERATORS:
        organisation = id_of(f"operator {operator}")
        staff[name] = Actor(account=id_of(name), kind="operator", organisation=organisation, role=role)  # type: ignore[arg-type]
    return staff


async def _log(server: DatabaseServer, name: str) -> str:
    dsn = await server.fresh(name)
    await _execute(dsn, create_script())
    return dsn


async def _keys(server: DatabaseServer) -> str:
    dsn = await server.fresh("keys")
    await _execute(dsn, privacy.create_script())
    return dsn


async def _execute(dsn: str, statement: str) -> Any:
    connection = await asyncpg.connect(dsn)
    try:
        if statement.startswith("select"):
            return await connection.fetchval(statement)
        return await connection.execute(statement)
    finally:
        await connection.close()
