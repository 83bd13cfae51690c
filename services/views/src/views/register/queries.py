"""The queries of the register.

Each runs in a transaction with row-level security and has a condition for its scope as well.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Final
from uuid import UUID

import asyncpg
from qingyuan_runtime.database.connections import Connection, Pool
from sqlalchemy import ARRAY, CTE, Select, Text, Uuid, any_, func, select, union

from views.register import changes
from views.register.changes import Wanted as WantedChanges
from views.register.entries import DAY, INFINITY, KNOWN, holds, latest
from views.register.statements import Filter
from views.register.statements import count as count_entries
from views.register.statements import select as select_entries
from views.shared.composed import Statement, composed, fixed, parameter
from views.shared.pages import EXPORTED_AT_ONCE, Found, cut
from views.shared.query_models import NumberedQuery
from views.shared.scope import Scope, own_enterprises
from views.shared.scoped import Isolation, scoped
from views.shared.when import When
from views.tables.register import BELIEF, ENTRY, HISTORY

ORDER: Final = ("title", "id")
NOUNS: Final = ("enterprise", "outlet", "monitoring_point", "instrument")


class RegisterQueries:
    """Reads one build of the register through a pool whose search path names it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def scoped(
        self, scope: Scope, isolation: Isolation = "read_committed"
    ) -> AbstractAsyncContextManager[Connection]:
        """A transaction in which row-level security shows the scope's rows only."""
        return scoped(self._pool, scope, isolation)

    async def page(self, scope: Scope, wanted: Filter, when: When, limit: int, after: str | None) -> Found:
        """One page of a list, sorted by title. `following` is the cursor of the next page, None at the end."""
        statement = select_entries(scope, wanted, when, limit=limit + 1, after=after)
        async with self.scoped(scope) as connection:
            return Found(*cut(await connection.fetch(*statement), limit, ORDER))

    async def numbered(self, scope: Scope, wanted: Filter, when: When, limit: int, number: int) -> Found:
        """The page with this number, and how many rows the list has."""
        statement = select_entries(scope, wanted, when, limit=limit + 1, skipped=(number - 1) * limit)
        async with self.scoped(scope) as connection:
            count = await connection.fetchval(*count_entries(scope, wanted, when))
            return Found(*cut(await connection.fetch(*statement), limit, ORDER), count)

    async def all(self, scope: Scope, wanted: Filter, when: When) -> Sequence[asyncpg.Record]:
        """All rows of a list that is always short, like the points of one enterprise."""
        statement = select_entries(scope, wanted, when)
        async with self.scoped(scope) as connection:
            return await connection.fetch(*statement)

    async def every(
        self, scope: Scope, wanted: Filter, when: When
    ) -> AsyncIterator[Sequence[asyncpg.Record]]:
        """All rows of a list of any length, some hundred rows at a time, from one snapshot. For exports."""
        statement = select_entries(scope, wanted, when)
        async with self.scoped(scope, "repeatable_read") as connection:
            cursor = await connection.cursor(*statement)
            while rows := await cursor.fetch(EXPORTED_AT_ONCE):
                yield rows

    async def one(self, scope: Scope, noun: str, entry_id: UUID, when: When) -> asyncpg.Record | None:
        """One entry as of a day, or its latest state if it did not exist on the day; None if the scope has no such entry."""
        statement = select_entries(scope, Filter(noun, id=entry_id, status="all"), when)
        async with self.scoped(scope) as connection:
            return await connection.fetchrow(*statement)

    async def counts(
        self, scope: Scope, enterprises: Sequence[UUID], when: When
    ) -> dict[UUID, dict[str, int]]:
        """How many outlets, points and instruments each enterprise had on the day."""
        counts: dict[UUID, dict[str, int]] = {enterprise: {} for enterprise in enterprises}
        for row in await self._count(scope, "enterprise_id", "noun", NOUNS, enterprises, when):
            counts[row["place"]][row["what"]] = row["n"]
        return counts

    async def instrument_counts(
        self, scope: Scope, enterprise_id: UUID, when: When
    ) -> dict[UUID, dict[str, int]]:
        """How many instruments of each kind each point of an enterprise had on the day."""
        counts: dict[UUID, dict[str, int]] = {}
        for row in await self._count(scope, "parent_id", "kind", ["instrument"], [enterprise_id], when):
            counts.setdefault(row["place"], {})[row["what"]] = row["n"]
        return counts

    async def _count(
        self,
        scope: Scope,
        place: str,
        what: str,
        nouns: Sequence[str],
        enterprises: Sequence[UUID],
        when: When,
    ) -> Sequence[asyncpg.Record]:
        statement = count(scope, place, what, nouns, enterprises, when)
        async with self.scoped(scope) as connection:
            return await connection.fetch(*statement)

    async def chain(self, scope: Scope, instrument_id: UUID) -> Sequence[asyncpg.Record]:
        """The instruments that replaced each other, among them this one; oldest first."""
        async with self.scoped(scope) as connection:
            return await connection.fetch(*chain(scope, instrument_id))

    async def changes(self, scope: Scope, wanted: WantedChanges, limit: int) -> Sequence[asyncpg.Record]:
        """Requests to change an enterprise's name, credit code or district, from the first one."""
        async with self.scoped(scope) as connection:
            return await connection.fetch(*changes.select_page(scope, wanted, limit=limit))

    async def changes_page(self, scope: Scope, wanted: WantedChanges, query: NumberedQuery) -> Found:
        """The page with the number that the query names, with how many requests there are; else that after its cursor."""
        skipped, after = ((query.page - 1) * query.limit, None) if query.page else (0, query.after)
        rows = changes.select_page(scope, wanted, limit=query.limit + 1, after=after, skipped=skipped)
        async with self.scoped(scope) as connection:
            count = await connection.fetchval(*changes.count(scope, wanted)) if query.page else None
            return Found(*cut(await connection.fetch(*rows), query.limit, changes.ORDER), count)

    async def history(self, scope: Scope, stream: str) -> Sequence[asyncpg.Record]:
        """Every fact of one stream, oldest first."""
        async with self.scoped(scope) as connection:
            return await connection.fetch(*history(scope, stream))


def count(
    scope: Scope, place: str, what: str, nouns: Sequence[str], enterprises: Sequence[UUID], when: When
) -> Statement:
    """How many entries of these nouns there were on the day, by the columns `place` and `what` of the entry."""
    values = {"enterprises": enterprises, "nouns": nouns, "day": when.as_of, "known": when.as_known}
    return _count(scope.sees, place, what).statement(values | {"place": scope.place})


@composed
def _count(sees: str, place: str, what: str) -> Select[Any]:
    entry, belief = ENTRY.alias("e"), BELIEF.alias("b")
    return (
        select(entry.c[place].label("place"), entry.c[what].label("what"), func.count().label("n"))
        .join_from(entry, belief, belief.c.id == entry.c.id)
        .where(
            entry.c.enterprise_id == any_(parameter("enterprises", ARRAY(Uuid))),
            entry.c.noun == any_(parameter("nouns", ARRAY(Text))),
            own_enterprises(sees, entry),
            holds(belief.c.valid_from, belief.c.valid_to, DAY),
            holds(belief.c.known_from, belief.c.known_to, KNOWN),
        )
        .group_by(entry.c[place], entry.c[what])
    )


def chain(scope: Scope, instrument_id: UUID) -> Statement:
    """The instruments that replaced each other, among them this one; oldest first."""
    return _chain(scope.sees).statement({"instrument_id": instrument_id, "place": scope.place})


@composed
def _chain(sees: str) -> Select[Any]:
    line, entry, belief = _line(), ENTRY.alias("e"), BELIEF.alias("b")
    ended = func.max(func.coalesce(belief.c.valid_to, INFINITY))
    return (
        select(
            line.c.id,
            latest(entry, "model").label("model"),
            entry.c.status,
            func.min(belief.c.valid_from).label("valid_from"),
            func.nullif(ended, INFINITY).label("valid_to"),
        )
        .join_from(line, entry, entry.c.id == line.c.id)
        .join(belief, (belief.c.id == line.c.id) & belief.c.known_to.is_(None), isouter=True)
        .where(own_enterprises(sees, entry))
        .group_by(line.c.id, entry.c.latest, entry.c.status, line.c.place)
        .order_by(line.c.place)
    )


def _line() -> CTE:
    """The instruments that it replaced, one after the other, and those that came after it, with their places."""
    older, newer = _replacements("older", "replaces", -1), _replacements("newer", "replaced_by", 1)
    return union(select(older.c.id, older.c.place), select(newer.c.id, newer.c.place)).cte("line")


def _replacements(name: str, link: str, step: int) -> CTE:
    entry = ENTRY.alias("e")
    itself = select(ENTRY.c.id, ENTRY.c[link].label("next"), fixed(0).label("place"))
    found = itself.where(ENTRY.c.id == parameter("instrument_id")).cte(name, recursive=True)
    following = select(entry.c.id, entry.c[link], found.c.place + fixed(step))
    return found.union_all(following.join_from(entry, found, entry.c.id == found.c.next))


def history(scope: Scope, stream: str) -> Statement:
    """Every fact of one stream, oldest first."""
    return _history(scope.sees).statement({"stream": stream, "place": scope.place})


@composed
def _history(sees: str) -> Select[Any]:
    line = HISTORY.alias("e")
    of_stream = line.c.stream == parameter("stream")
    return select(line).where(of_stream, own_enterprises(sees, line)).order_by(line.c.version)
