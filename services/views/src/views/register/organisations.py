"""Names of organisations that the asker has met: vendors and makers of instruments, and operators of contracts.

They are offered while somebody types, so that one company is not written in five ways. Row-level security decides which
entries count: an enterprise is offered what stands in its own register and contracts.
"""

from collections.abc import Sequence
from typing import Final

from qingyuan_events.registry import NONE
from qingyuan_runtime.database.connections import Pool

from views.shared.scope import Scope
from views.shared.scoped import scoped
from views.shared.searching import pattern

OFFERED: Final = 20
_FIELDS: Final = ("om_operator", "om_operator_previous", "manufacturer", "maker", "integrator", "installer")


class Organisations:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def named_like(self, scope: Scope, search: str | None) -> Sequence[str]:
        """Those whose name contains what was typed, the most used first."""
        async with scoped(self._pool, scope) as connection:
            rows = await connection.fetch(_NAMED_LIKE, pattern(search) or "%", list(_FIELDS), NONE, OFFERED)
        return [row["name"] for row in rows]


_NAMED_LIKE: Final = """
    select name from (
        select entry.latest->>field as name from register.entry cross join unnest($2::text[]) as field
         where entry.noun = 'instrument' and entry.status <> 'voided'
        union all
        select operator_name from work.contract) named
     where name <> $3 and lower(name) like $1
     group by name order by count(*) desc, name limit $4
"""
