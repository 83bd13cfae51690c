"""One import at a time for each operator: in memory, and on real PostgreSQL by the sessions of two processes."""

from collections.abc import Sequence
from typing import Any

import pytest
from counting import until
from filing.shared.imports import Imports, MemoryImports, PostgresImports
from filing_calls import OTHER_OPERATOR
from filing_samples import OPERATOR
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import connect

HERE, ELSEWHERE = 0, 1


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.servers)])
async def processes(request: pytest.FixtureRequest) -> Sequence[Imports]:
    """Of two processes. Memory serves one process only."""
    if request.param == "memory":
        return [MemoryImports()] * 2
    server: DatabaseServer = request.getfixturevalue("postgres_server")
    dsn = await server.fresh("imports_alone")
    return [PostgresImports(dsn), PostgresImports(dsn)]


async def test_who_comes_second_is_not_alone_and_does_not_wait(processes: Sequence[Imports]) -> None:
    async with processes[HERE].alone(OPERATOR) as first:
        for process in processes:
            async with process.alone(OPERATOR) as second:
                assert (first, second) == (True, False)
        async with processes[ELSEWHERE].alone(OPERATOR) as third:
            assert not third, "who was refused has taken nothing from the first"


async def test_another_operator_is_not_held_up(processes: Sequence[Imports]) -> None:
    async with processes[HERE].alone(OPERATOR) as ours, processes[ELSEWHERE].alone(OTHER_OPERATOR) as theirs:
        assert (ours, theirs) == (True, True)


@pytest.mark.parametrize("error", [KeyError, GeneratorExit, KeyboardInterrupt])
async def test_it_is_over_however_it_ends(processes: Sequence[Imports], error: type[BaseException]) -> None:
    with pytest.raises(error):
        async with processes[HERE].alone(OPERATOR):
            raise error
    async with processes[ELSEWHERE].alone(OPERATOR) as next_one:
        assert next_one


@pytest.mark.servers
async def test_no_connection_is_left_open(postgres_server: DatabaseServer) -> None:
    dsn = await postgres_server.fresh("imports_alone")
    watching: Any = await connect(dsn)

    async def is_left() -> bool:
        return await watching.fetchval(_OPEN) == 0

    async with PostgresImports(dsn).alone(OPERATOR), PostgresImports(dsn).alone(OPERATOR):
        assert await watching.fetchval(_OPEN) == 2
    await until(is_left)
    await watching.close()


_OPEN = (
    "select count(*) from pg_stat_activity where application_name = 'import' and datname = current_database()"
)
