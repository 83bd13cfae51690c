"""What an operator's visits used, and what is left of the filed parts."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Pool

from views.shared.named_lists import Batch, named_batches, named_page
from views.shared.names import names_of_rows
from views.shared.pages import Page
from views.shared.scope import Scope
from views.shared.scoped import scoped
from views.spare_parts import lists
from views.spare_parts.query_models import PartUseQuery

_NAMED: Final = partial(names_of_rows, day="day")


@dataclass(frozen=True, slots=True)
class FoundStock:
    rows: Sequence[Any]
    unfiled: int


class SparePartQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def part_uses(self, scope: Scope, operator_id: UUID, query: PartUseQuery) -> Page:
        return await named_page(self._pool, scope, lists.part_uses(scope, operator_id, query), _NAMED)

    def every_part_use(
        self, scope: Scope, operator_id: UUID, query: PartUseQuery, rows_max: int
    ) -> AsyncIterator[Batch]:
        listed = lists.part_uses(scope, operator_id, query)
        return named_batches(self._pool, scope, listed, rows_max, _NAMED)

    async def stock(self, scope: Scope, operator_id: UUID, today: date) -> FoundStock | None:
        """None for enterprises and for other operators.

        Whoever may read a filing reads its stock. Parts are used all over the city, so the sums are of all visits, also for an
        office of one district; the visits themselves it sees only there.
        """
        if scope.sees not in ("operator", "district", "all"):
            return None
        if scope.sees == "operator" and scope.place != str(operator_id):
            return None
        async with scoped(self._pool, Scope("all", "")) as connection:
            rows = await connection.fetch(_STOCK, operator_id, today)
            unfiled = await connection.fetchval(_UNFILED, operator_id)
        return FoundStock(rows, unfiled)


_STOCK: Final = """
    with filed as (
        select p.part, min(p.name) as name, min(p.model) as model, sum(p.quantity) as quantity, min(p.since) as since,
               array_agg(distinct p.category order by p.category) as categories,
               array_agg(distinct p.place order by p.place) as places
          from filings.filed_part p join filings.filed_resource f using (resource_id)
         where p.operator_id = $1 and not f.cancelled and p.last_day >= $2
         group by p.part)
    select filed.*, used.*
      from filed
     cross join lateral (
          select coalesce(sum(u.quantity), 0) as used, count(*) as uses, count(*) filter (where u.expired) as expired,
                 coalesce(array_agg(distinct u.unit order by u.unit), '{}') as units
            from work.part_use u
           where u.operator_id = $1 and u.part = filed.part and u.day >= filed.since) used
     order by filed.name, filed.model
"""
_UNFILED: Final = """
    select count(*) from work.part_use u
     where u.operator_id = $1
       and not exists (select from filings.filed_part p
                        where p.operator_id = $1 and p.part = u.part and p.last_day >= u.day)
"""
