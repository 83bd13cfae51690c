"""What pages ask of confirmations, fenced and scoped; and what anybody may ask of a printed record."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection, Pool

from views.confirmations.query_models import ConfirmationQuery
from views.shared.fenced import fenced
from views.shared.names import Names, names_of_rows
from views.shared.pages import List, Page
from views.shared.scope import Scope
from views.shared.where import Where, place_of


@dataclass(frozen=True, slots=True)
class OneConfirmation:
    row: Any
    names: Names


class ConfirmationQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def fenced(self, scope: Scope) -> AbstractAsyncContextManager[Connection]:
        return fenced(self._pool, scope)

    async def page(self, scope: Scope, asked: ConfirmationQuery) -> Page:
        wanted = select(scope, asked)
        async with self.fenced(scope) as connection:
            rows, following = wanted.cut(await connection.fetch(wanted.sql, *wanted.parameters))
            return Page(rows, following, await names_of_rows(connection, scope, rows))

    async def one(self, scope: Scope, confirmation_id: UUID) -> OneConfirmation | None:
        where = Where()
        where.conditions.append(scope.own("c", where.value(scope.place)))
        where.add("c.id = {}", confirmation_id)
        async with self.fenced(scope) as connection:
            row = await connection.fetchrow(_SELECT.format(where=where.sql, limit=1), *where.parameters)
            if row is None:
                return None
            return OneConfirmation(row, await names_of_rows(connection, scope, [row]))

    async def check(self, confirmation_id: UUID) -> Any:
        """Of the standing signature: its hash, when it was given and whether late. None for an unknown id.

        Anybody may ask, so it looks past the fence and at nothing else.
        """
        async with self.fenced(Scope("all", "")) as connection:
            return await connection.fetchrow(_CHECK, confirmation_id)


_SELECT: Final = """
    select c.*, v.contents from confirmations.confirmation c left join work.visit v on v.id = c.visit_id
     where {where}
     order by c.visit_day desc, c.id desc limit {limit}
"""
_CHECK: Final = """
    select case when state = 'signed' then signed_content_sha256 end as sha256, signed_at, late
      from confirmations.confirmation where id = $1
"""
_FIGURES: Final = {
    "unsigned": "c.state not in ('signed', 'voided')",
    "signed_late": "c.state = 'signed' and c.late",
    "originals_late": "c.originals_late",
}
"""Beside the states themselves: figures of the board."""


def select(scope: Scope, asked: ConfirmationQuery) -> List:
    """Those of the newest visits first."""
    where = Where()
    first_day, last_day = asked.period
    where.conditions.append(scope.own("c", where.value(scope.place)))
    where.add("c.visit_day >= {}", first_day)
    where.add("c.visit_day <= {}", last_day)
    where.add("c.enterprise_id = {}", asked.enterprise_id)
    where.add("c.operator_id = {}", asked.operator_id)
    where.add("c.district = {}", asked.district)
    if asked.state in _FIGURES:
        where.conditions.append(_FIGURES[asked.state])
    else:
        where.add("c.state = {}", asked.state)
    if asked.after:
        day, last = place_of(asked.after, date, UUID)
        where.conditions.append(f"(c.visit_day, c.id) < ({where.value(day)}, {where.value(last)})")
    sql = _SELECT.format(where=where.sql, limit=asked.limit + 1)
    return List(sql, where.parameters, ("visit_day", "id"), asked.limit)
