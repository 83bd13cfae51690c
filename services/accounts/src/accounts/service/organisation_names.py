"""The names of organisations, which log-ins and signatures show."""

from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection, Pool


async def name_organisation(within: Connection | Pool, organisation: UUID, name: str, *, anew: bool) -> None:
    """Set an organisation's name. An existing name is replaced only with `anew`."""
    await within.execute(_RENAME if anew else _NAME, organisation, name)


_NAME: Final = "insert into organisations values ($1, $2) on conflict do nothing"
_RENAME: Final = (
    "insert into organisations values ($1, $2) on conflict (organisation) do update set name = excluded.name"
)
