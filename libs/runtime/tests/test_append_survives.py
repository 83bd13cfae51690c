"""Commands appended together by a process that is killed: every confirmed one is stored, every repeated one only once."""

import asyncio
import sys
from pathlib import Path

import append_role
import asyncpg
import pytest
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.log.store import Receipt
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script

pytestmark = pytest.mark.servers
KILLS = 3
ANSWERS_BEFORE_KILL = 400
LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)


@pytest.fixture
async def dsn(postgres_server: DatabaseServer) -> str:
    made = await postgres_server.fresh("dying")
    connection = await asyncpg.connect(made)
    await connection.execute(create_script())
    await connection.close()
    return made


async def write_until_killed(dsn: str) -> dict[tuple[int, int], int]:
    """Start sixteen writers and kill their process after some answers. Returns the answered versions by writer and number."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, append_role.__file__, dsn, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parent
    )
    assert process.stdout
    answered: dict[tuple[int, int], int] = {}
    while len(answered) < ANSWERS_BEFORE_KILL:
        writer, number, version = (int(word) for word in (await process.stdout.readline()).split())
        answered[writer, number] = version
    process.kill()
    rest = await process.stdout.read()
    for line in rest.splitlines():
        if len(words := line.split()) == 3:
            answered[int(words[0]), int(words[1])] = int(words[2])
    await process.wait()
    return answered


async def test_after_kills_every_answered_command_is_stored_and_a_repeat_adds_nothing(dsn: str) -> None:
    answered: dict[tuple[int, int], int] = {}
    for _ in range(KILLS):
        answered |= await write_until_killed(dsn)
    async with await open_pool(dsn, size=8) as pool:
        store = PostgresStore(pool)
        together = await pool.fetchval("select count(*) - count(distinct xid) from events")
        for (writer, number), version in answered.items():
            assert await append_role.append(store, writer, number) == Receipt(
                append_role.stream(writer), version
            )
        for writer in range(append_role.WRITERS):
            recorded = await store.read(append_role.stream(writer))
            commands = [append_role.command(writer, number) for number in range(len(recorded))]
            assert [entry.meta.command_id for entry in recorded] == commands
            assert len(recorded) > max((n for w, n in answered if w == writer), default=-1)
    assert together > 0, "no two commands shared a transaction: nothing was tried"


async def test_commands_repeated_after_lost_connections_are_stored_once(dsn: str) -> None:
    async with await open_pool(dsn, size=8) as pool, await open_pool(dsn, size=1) as killer:
        store = PostgresStore(pool)

        async def append_until_answered(writer: int, number: int) -> Receipt:
            while True:
                try:
                    return await append_role.append(store, writer, number)
                except LOST:
                    continue

        async def write(writer: int) -> None:
            for number in range(40):
                assert (await append_until_answered(writer, number)).version == number + 1

        async def kill() -> int:
            killed = 0
            while True:
                killed += await killer.fetchval(
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                    " where datname = current_database() and pid <> pg_backend_pid() and query like '%append_command%'"
                )
                await asyncio.sleep(0.02)
                if done.is_set():
                    return killed

        done = asyncio.Event()
        killing = asyncio.create_task(kill())
        await asyncio.gather(*(write(writer) for writer in range(append_role.WRITERS)))
        done.set()
        assert await killing > 0
        for writer in range(append_role.WRITERS):
            assert len(await store.read(append_role.stream(writer))) == 40
