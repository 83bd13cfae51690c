"""Real PostgreSQL, and a connection that is cut between the append and its answer: the phone sends the command again."""

import asyncio
import time
from contextlib import suppress
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
from qingyuan_events import Actor
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.log.store import Write
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer
from structlog.testing import capture_logs
from tasks.filed_copy.memory import MemoryFiledCopy
from tasks.http import build_app
from tasks.register_copy.memory import MemoryRegisterCopy
from tasks.shared.repository import Repository
from visit_calls import COMMANDS, OPENING
from visit_samples import (
    CONTRACT,
    OPERATOR,
    RECEIVED,
    TECHNICIAN,
    TOWN,
    VISIT,
    confirmed,
    recorded,
    submitted,
)

pytestmark = pytest.mark.servers

KEY = EveryIssuer()
READY = b"Z\x00\x00\x00\x05I"
"""PostgreSQL's message that a command is complete; what came before it is committed."""


class CuttingProxy:
    """A proxy in front of PostgreSQL. Once armed, it passes on the next append and cuts off its answer."""

    def __init__(self, host: str, port: int) -> None:
        self._to = host, port
        self.armed = False
        self.cut = 0

    async def start(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def _serve(self, mine: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        theirs, onward = await asyncio.open_connection(*self._to)
        connection = _Connection(self, back)
        with suppress(OSError):
            await asyncio.gather(
                connection.asking(mine, onward), connection.answering(theirs), return_exceptions=True
            )
        for writer in (onward, back):
            writer.close()


class _Connection:
    def __init__(self, proxy: CuttingProxy, back: asyncio.StreamWriter) -> None:
        self._proxy = proxy
        self._back = back
        self._doomed = False

    async def asking(self, mine: asyncio.StreamReader, onward: asyncio.StreamWriter) -> None:
        """The append is the only query that carries an event of a visit."""
        while said := await mine.read(65_536):
            if self._proxy.armed and b"visit." in said:
                self._proxy.armed, self._doomed = False, True
            onward.write(said)
            await onward.drain()
        onward.close()

    async def answering(self, theirs: asyncio.StreamReader) -> None:
        while said := await theirs.read(65_536):
            if not self._doomed:
                self._back.write(said)
                await self._back.drain()
            elif said.endswith(READY):
                self._proxy.cut += 1
                self._back.transport.abort()
        self._back.close()


@pytest.fixture
async def proxy(postgres_server: DatabaseServer) -> CuttingProxy:
    parts = urlsplit(postgres_server.admin_url)
    return CuttingProxy(parts.hostname or "127.0.0.1", parts.port or 5432)


async def test_a_command_whose_answer_was_lost_is_repeated_and_nothing_is_doubled(
    postgres_server: DatabaseServer, proxy: CuttingProxy
) -> None:
    dsn = await postgres_server.fresh("tasks")
    connection = await asyncpg.connect(dsn)
    await connection.execute(create_script())
    await connection.close()
    server = await proxy.start()
    port, parts = server.sockets[0].getsockname()[1], urlsplit(dsn)
    pool = await open_pool(
        f"postgresql://{parts.netloc.rpartition('@')[0]}@127.0.0.1:{port}{parts.path}", size=2
    )
    store = PostgresStore(pool)
    await store.append(
        [Write(f"contract-{CONTRACT}", 0, (submitted, confirmed))], recorded("any", [submitted])[0].meta, "f"
    )
    repository = Repository(store, MemoryRegisterCopy(TOWN), MemoryFiledCopy(), lambda: RECEIVED)
    async with phone_of(repository) as phone:
        with capture_logs() as logged:
            for what, facts in (("sign-in", 2), ("sheets", 3), ("photos", 4), ("sign-out", 6)):
                proxy.armed = True
                lost = await say(phone, what, key=f"the key of {what}")
                assert (lost.status_code, lost.json()["code"]) == (503, "store.away")
                again = await say(phone, what, key=f"the key of {what}")
                assert (again.status_code, again.json()["version"]) == (202, facts)
                assert len(await store.read(f"visit-{VISIT}")) == facts
    assert proxy.cut == 4
    assert [line["event"] for line in logged] == ["request.store_away"] * 4
    await pool.close()
    server.close()


def phone_of(repository: Repository) -> httpx.AsyncClient:
    async def ready() -> None:
        return None

    app = build_app(repository, trusted=KEY, ready=ready)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://tasks")


async def say(phone: httpx.AsyncClient, what: str, *, key: str) -> httpx.Response:
    actor = Actor(account=TECHNICIAN, kind="operator", organisation=OPERATOR)
    headers = {"Authorization": f"Bearer {issue(actor, KEY, now=time.time())}", "Idempotency-Key": key}
    body = {"opening": OPENING, **COMMANDS[what]}
    return await phone.post(f"/visits/{VISIT}/{what}", json=body, headers=headers)
