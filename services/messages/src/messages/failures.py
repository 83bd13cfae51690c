"""What could not be sent, for those who can do something about it. Addresses are not shown, nor kept."""

from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Pool

SHOWN_MAX: Final = 200


class Failures:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of(self, organisation: UUID | None) -> list[dict[str, object]]:
        """The latest first; of all organisations for None."""
        rows = await self._pool.fetch(_FAILED, organisation, SHOWN_MAX)
        return [
            {
                "id": str(row["provider_id"]),
                "kind": row["kind"],
                "title": row["title"],
                "channel": row["channel"],
                "account": str(row["account"]),
                "state": row["state"],
                "tries": row["tries"],
                "error": row["error"],
                "at": row["ended_at"].isoformat(),
            }
            for row in rows
        ]


_FAILED: Final = """
    select d.*, m.kind, m.title from delivery d join message m using (message_id)
     where d.state in ('failed', 'unknown') and ($1::uuid is null or d.organisation = $1)
     order by d.ended_at desc limit $2
"""
