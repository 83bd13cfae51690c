"""Who imports at present: one at a time for each operator."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, Protocol
from uuid import UUID

from qingyuan_runtime.database.connections import STATEMENT_SECONDS, connect
from qingyuan_runtime.database.locking import alone
from qingyuan_runtime.process.closing import opened


class Imports(Protocol):
    def alone(self, operator_id: UUID) -> AbstractAsyncContextManager[bool]:
        """Yields whether nobody else imports for this operator; then nobody begins to inside the block. Never waits for another."""
        ...


class MemoryImports:
    """For one process: tests, and the demo's history."""

    def __init__(self) -> None:
        self._running: set[UUID] = set()

    @asynccontextmanager
    async def alone(self, operator_id: UUID) -> AsyncIterator[bool]:
        if operator_id in self._running:
            yield False
            return
        self._running.add(operator_id)
        try:
            yield True
        finally:
            self._running.remove(operator_id)


class PostgresImports:
    """A connection for each import: the pool is left to the commands of its rows, and the end of the process ends the lock."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    @asynccontextmanager
    async def alone(self, operator_id: UUID) -> AsyncIterator[bool]:
        opening = connect(self._dsn, patience=STATEMENT_SECONDS, application_name="import")
        async with opened(opening) as connection, alone(connection, _LOCK, str(operator_id)) as is_alone:
            yield is_alone


_LOCK: Final = "hashtextextended($1, 11)"
