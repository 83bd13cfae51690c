"""Lists with the names for the ids in their rows, read in the transaction that read the rows."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from qingyuan_runtime.database.connections import Connection, Pool

from views.shared.names import Names
from views.shared.pages import List, Page, read, read_all
from views.shared.scope import Scope
from views.shared.scoped import scoped
from views.shared.voided import introduce_points

Naming = Callable[[Connection, Scope, Sequence[Any]], Awaitable[Names]]
"""Reads the names that the rows of a list need."""
Batch = tuple[Sequence[Any], Names]


async def named_page(pool: Pool, scope: Scope, listed: List, naming: Naming) -> Page:
    async with scoped(pool, scope) as connection:
        await introduce_points(connection, scope)
        found = await read(connection, listed)
        names = await naming(connection, scope, found.rows)
        return Page(found.rows, found.following, names, found.count)


async def named_batches(
    pool: Pool, scope: Scope, listed: List, rows_max: int, naming: Naming
) -> AsyncIterator[Batch]:
    """All rows with their names, from one snapshot, up to `rows_max` and one more. For exports."""
    async with scoped(pool, scope, "repeatable_read") as connection:
        await introduce_points(connection, scope)
        async for rows in read_all(connection, listed, rows_max):
            yield rows, await naming(connection, scope, rows)
