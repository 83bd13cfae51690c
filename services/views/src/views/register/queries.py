"""What pages ask of the register. Every query runs inside a fenced transaction and names its scope."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Final
from uuid import UUID

import asyncpg
from qingyuan_runtime.database.connections import Connection, Pool

from views.register import changes
from views.register.statements import Filter, Page, When, page_of, select
from views.shared.fenced import Isolation, fenced
from views.shared.scope import Scope

EXPORTED_AT_ONCE: Final = 500
NOUNS: Final = ("enterprise", "outlet", "monitoring_point", "instrument")


class RegisterQueries:
    """Reads one build of the register through a pool whose search path names it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def fenced(
        self, scope: Scope, isolation: Isolation = "read_committed"
    ) -> AbstractAsyncContextManager[Connection]:
        """A transaction in which row-level security shows the scope's rows and no others."""
        return fenced(self._pool, scope, isolation)

    async def page(self, scope: Scope, wanted: Filter, when: When, limit: int, after: str | None) -> Page:
        """One page of a list, sorted by title. `following` is the cursor of the next page, None at the end."""
        asked = select(scope, wanted, when, limit=limit + 1, after=after)
        async with self.fenced(scope) as connection:
            return page_of(await connection.fetch(asked.sql, *asked.parameters), limit)

    async def all(self, scope: Scope, wanted: Filter, when: When) -> Sequence[asyncpg.Record]:
        """A whole list that is short by nature, like the points of one enterprise."""
        asked = select(scope, wanted, when)
        async with self.fenced(scope) as connection:
            return await connection.fetch(asked.sql, *asked.parameters)

    async def every(
        self, scope: Scope, wanted: Filter, when: When
    ) -> AsyncIterator[Sequence[asyncpg.Record]]:
        """A whole list however long, some hundred rows at a time, all of one moment. For exports."""
        asked = select(scope, wanted, when)
        async with self.fenced(scope, "repeatable_read") as connection:
            cursor = await connection.cursor(asked.sql, *asked.parameters)
            while rows := await cursor.fetch(EXPORTED_AT_ONCE):
                yield rows

    async def one(self, scope: Scope, noun: str, entry_id: UUID, when: When) -> asyncpg.Record | None:
        """One thing as of a day, or as it was last; None when there is none for this actor."""
        asked = select(scope, Filter(noun, id=entry_id, status="all"), when)
        async with self.fenced(scope) as connection:
            return await connection.fetchrow(asked.sql, *asked.parameters)

    async def counts(
        self, scope: Scope, enterprises: Sequence[UUID], when: When
    ) -> dict[UUID, dict[str, int]]:
        """How many outlets, points and instruments each enterprise had on the day."""
        found: dict[UUID, dict[str, int]] = {one: {} for one in enterprises}
        for row in await self._count(scope, "e.enterprise_id", "e.noun", NOUNS, enterprises, when):
            found[row["place"]][row["what"]] = row["n"]
        return found

    async def instrument_counts(
        self, scope: Scope, enterprise_id: UUID, when: When
    ) -> dict[UUID, dict[str, int]]:
        """How many instruments of each kind each point of an enterprise had on the day."""
        found: dict[UUID, dict[str, int]] = {}
        for row in await self._count(scope, "e.parent_id", "e.kind", ["instrument"], [enterprise_id], when):
            found.setdefault(row["place"], {})[row["what"]] = row["n"]
        return found

    async def _count(
        self,
        scope: Scope,
        place: str,
        what: str,
        nouns: Sequence[str],
        enterprises: Sequence[UUID],
        when: When,
    ) -> Sequence[asyncpg.Record]:
        sql = _COUNT.format(place=place, what=what, scope=scope.condition(5))
        async with self.fenced(scope) as connection:
            return await connection.fetch(sql, enterprises, when.as_of, when.as_known, nouns, scope.place)

    async def chain(self, scope: Scope, instrument_id: UUID) -> Sequence[asyncpg.Record]:
        """The line of replacements an instrument stands in, oldest first."""
        sql = _CHAIN.format(scope=scope.condition(2))
        async with self.fenced(scope) as connection:
            return await connection.fetch(sql, instrument_id, scope.place)

    async def changes(
        self, scope: Scope, state: changes.State, enterprise_id: UUID | None
    ) -> Sequence[asyncpg.Record]:
        """Requests to change what an enterprise is known by."""
        async with self.fenced(scope) as connection:
            return await changes.page(connection, scope, state, enterprise_id)

    async def history(self, scope: Scope, stream: str) -> Sequence[asyncpg.Record]:
        """Every fact of one stream, oldest first."""
        sql = _HISTORY.format(scope=scope.condition(2))
        async with self.fenced(scope) as connection:
            return await connection.fetch(sql, stream, scope.place)


_COUNT: Final = """
    select {place} as place, {what} as what, count(*) as n
      from entry e join belief b on b.id = e.id
     where e.enterprise_id = any($1) and e.noun = any($4) and {scope}
       and b.valid_from <= $2 and (b.valid_to is null or b.valid_to > $2)
       and b.known_from <= $3 and (b.known_to is null or b.known_to > $3)
     group by {place}, {what}
"""
_CHAIN: Final = """
    with recursive older as (
        select id, replaces, 0 as place from entry where id = $1
        union all select e.id, e.replaces, place - 1 from entry e join older o on e.id = o.replaces
    ), newer as (
        select id, replaced_by, 0 as place from entry where id = $1
        union all select e.id, e.replaced_by, place + 1 from entry e join newer n on e.id = n.replaced_by
    ), line as (
        select id, place from older union select id, place from newer
    )
    select line.id, e.latest->>'model' as model, e.status, min(b.valid_from) as valid_from,
           nullif(max(coalesce(b.valid_to, 'infinity')), 'infinity') as valid_to
      from line join entry e on e.id = line.id
      left join belief b on b.id = line.id and b.known_to is null
     where {scope}
     group by line.id, e.latest, e.status, place order by place
"""
_HISTORY: Final = "select * from history e where stream = $1 and {scope} order by version"
