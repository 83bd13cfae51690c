"""Transactions that count or look for something before they add to it, one after the other."""

from typing import Final

from qingyuan_runtime.database.connections import Connection


async def one_at_a_time(within: Connection, what: str) -> None:
    """Wait for other transactions about the same thing. Before the statement that looks: it then sees what the wait was for."""
    await within.execute(_LOCK, what)


_LOCK: Final = "select pg_advisory_xact_lock(hashtextextended($1, 0))"
