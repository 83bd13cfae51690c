"""Rows go to PostgreSQL in sets: one statement however many rows, their columns as arrays."""

from collections.abc import Sequence
from typing import Any

from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.domain.text import storable


async def save(connection: Connection, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run `statement` once, its parameters being the columns of `rows`; nothing when there are none."""
    if rows:
        await connection.execute(statement, *(storable(column) for column in zip(*rows, strict=True)))
