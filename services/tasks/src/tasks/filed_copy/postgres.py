"""The copy of filings as the projection keeps it, in the schema `filed`."""

from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Pool

from tasks.domain.filed import FilingCopy
from tasks.filed_copy.composing import filing_copy
from tasks.filed_copy.saving import filing_from, version_from


class PostgresFiledCopy:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def filing(self, operator_id: UUID) -> FilingCopy:
        row = await self._pool.fetchrow("select * from filed.filing where operator_id = $1", operator_id)
        if row is None:
            return FilingCopy()
        filing = filing_from(row)
        rows = await self._pool.fetch(_VERSIONS, operator_id, filing.begun)
        revoked = await self._pool.fetch(_REVOKED, list({row["resource_id"] for row in rows}))
        return filing_copy(
            filing,
            map(version_from, rows),
            {(row["resource_id"], row["paper_id"]): row["first_day"] for row in revoked},
            {row["resource_id"]: row["last_day"] for row in rows if row["last_day"]},
        )


_VERSIONS: Final = """
    select v.*, e.last_day
      from filed.filed_resource f
      join filed.resource_version v on v.resource_id = f.resource_id and v.version = f.version
      left join filed.ended e on e.resource_id = f.resource_id
     where f.operator_id = $1 and f.filing_version > $2
     order by f.filing_version
"""
_REVOKED: Final = "select * from filed.revoked where resource_id = any($1)"
