"""A log restored to before a voiding, after the code was given to another: what is lost is told, and nobody guesses."""

import asyncio
import subprocess
from pathlib import Path

import asyncpg
import pytest
from counting import running, until
from qingyuan_local.postgres import binary
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.bus.memory import MemoryPublisher, MemoryReader, MemoryTopic
from qingyuan_runtime.bus.port import Publisher, Reader
from qingyuan_runtime.bus.signing import Keyring
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.domain.decider import Claim
from qingyuan_runtime.log.rows import PostgresRows
from qingyuan_runtime.log.store import ClaimTaken
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.publishing.auditing import Auditor
from qingyuan_runtime.publishing.relay import Relay, Source
from qingyuan_runtime.publishing.restoring import raise_epoch
from sample_messages import put_key
from store_writes import ends, put, write

pytestmark = pytest.mark.servers
CODE = Claim("outlet-code", "e1/DW001")


class Published:
    """A topic in memory, the keys of its messages, and what the auditor finds in it."""

    def __init__(self, keys: Path) -> None:
        put_key(keys, "20260101")
        self.keys, self.topic = Keyring(keys), MemoryTopic()

    async def publisher(self) -> Publisher:
        return MemoryPublisher(self.topic)

    async def reader(self) -> Reader:
        return MemoryReader(self.topic)

    async def publish(self, dsn: str, messages: int) -> None:
        async def there() -> bool:
            return sum(map(len, self.topic.logs)) == messages

        async with running(Relay(Source(dsn, "registry", keys=self.keys), self.publisher, self.reader).run()):
            await until(there)

    async def audited(self, dsn: str) -> tuple[int, int]:
        """How many published facts a restored log no longer holds, and how many faults there are."""
        findings = await Auditor(self.reader, PostgresRows(dsn), self.keys).read_to_end()
        return findings.withdrawn, sum(findings.figures.values())


async def test_the_audit_tells_what_a_restore_to_before_a_voiding_has_lost_and_the_code_has_its_old_holder(
    postgres_server: DatabaseServer, scratch: Path, tmp_path: Path
) -> None:
    dsn, published = await postgres_server.fresh("log"), Published(tmp_path)
    async with await open_pool(dsn, size=4) as pool:
        await pool.execute(create_script())
        store = PostgresStore(pool)
        await put(store, write("a", claims=(CODE,)))
        await run("pg_dump", "-Fc", "-d", dsn, "-f", str(scratch / "before.dump"))
        await put(store, ends("a", voids=True))
        await put(store, write("b", claims=(CODE,)))
        await published.publish(dsn, 3)
    assert await published.audited(dsn) == (0, 0)
    restored = f"{dsn}_restored"
    await run("createdb", "--maintenance-db", dsn, restored.rpartition("/")[2])
    await run("pg_restore", "--exit-on-error", "-d", restored, str(scratch / "before.dump"))
    await raise_epoch(restored, now())
    assert await published.audited(restored) == (2, 0)
    async with await open_pool(restored, size=4) as pool:
        await check_holders(PostgresStore(pool))


async def check_holders(store: PostgresStore) -> None:
    """Nobody has voided it in this log, so the code is not free; whoever voids it again gives it to the other again."""
    assert await store.holder(CODE) == "a"
    with pytest.raises(ClaimTaken):
        await put(store, write("b", claims=(CODE,)))
    await put(store, ends("a", voids=True))
    await put(store, write("b", claims=(CODE,)))
    assert await store.holder(CODE) == "b"


async def test_what_restored_rows_of_claims_say_is_what_their_log_says(
    postgres_server: DatabaseServer, scratch: Path
) -> None:
    """A dump taken after the voiding holds the row of the new holder alone."""
    dsn = await postgres_server.fresh("log")
    async with await open_pool(dsn, size=4) as pool:
        await pool.execute(create_script())
        store = PostgresStore(pool)
        await put(store, write("a", claims=(CODE,)))
        await put(store, ends("a", voids=True), write("b", claims=(CODE,)))
    await run("pg_dump", "-Fc", "-d", dsn, "-f", str(scratch / "after.dump"))
    restored = f"{dsn}_restored"
    await run("createdb", "--maintenance-db", dsn, restored.rpartition("/")[2])
    await run("pg_restore", "--exit-on-error", "-d", restored, str(scratch / "after.dump"))
    connection = await asyncpg.connect(restored)
    rows = await connection.fetch("select stream_id, voided from streams order by stream_id")
    assert [tuple(row) for row in rows] == [("a", True), ("b", False)]
    assert await connection.fetch("select stream_id from claims") == [("b",)]
    await connection.close()


async def run(program: str, *arguments: str) -> None:
    await asyncio.to_thread(subprocess.run, [binary(program), *arguments], check=True)
