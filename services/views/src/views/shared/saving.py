"""Saves any number of rows with one statement, which gets their columns as arrays."""

from collections.abc import Sequence
from typing import Any

from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.domain.text import storable


async def save(connection: Connection, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run `statement` once with the columns of `rows` as its parameters; do nothing without rows."""
    if rows:
        await connection.execute(statement, *(storable(column) for column in zip(*rows, strict=True)))
