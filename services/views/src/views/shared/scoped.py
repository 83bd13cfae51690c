"""A transaction in which row-level security shows the rows of one scope only."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from qingyuan_runtime.database.connections import Connection, Pool

from views.shared.scope import Scope, introduce_contractors, set_row_security

Isolation = Literal["read_committed", "repeatable_read"]


@asynccontextmanager
async def scoped(
    pool: Pool, scope: Scope, isolation: Isolation = "read_committed"
) -> AsyncIterator[Connection]:
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation=isolation, readonly=True),
    ):
        await set_row_security(connection, scope)
        if scope.sees == "enterprise":
            await introduce_contractors(connection)
        yield connection
