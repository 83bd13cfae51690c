"""The copy of contracts as the projection keeps it, in the schema `contracted`."""

from datetime import date, timedelta
from uuid import UUID

from qingyuan_runtime.database.connections import Pool


class PostgresContracted:
    patience = timedelta(seconds=1)

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def covers(self, operator_id: UUID, point_id: UUID, day: date | None) -> bool:
        return bool(await self._pool.fetchval(_COVERS, operator_id, point_id, day))


_COVERS = """
    select exists (
        select from contracted.contract
         where operator_id = $1 and $2 = any(points)
           and ($3::date is null or ($3 >= first_day and $3 <= least(last_day, ended_on)))
    )
"""
