"""Lists in pages: the SELECT for a request, and the page made from its rows."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection
from sqlalchemy import BigInteger, ColumnElement, FromClause, Select, func, select, tuple_

from views.shared.composed import (
    Condition,
    Conditions,
    Statement,
    chosen,
    composed,
    fixed,
    parameter,
    sendable,
)
from views.shared.cursors import cursor_of, values_of
from views.shared.names import Names
from views.shared.query_models import NumberedQuery, PageQuery
from views.shared.scope import Scope, own_rows

COUNTED_MAX: Final = 10_000
"""Longer lists are not counted to their end."""
EXPORTED_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A list whose rows have the ids of their enterprise and operator, and a district.

    `build` makes the SELECT from conditions and a limit; `filters` are the conditions it can be filtered by, `id` among
    them; `order` are the columns that sort it, with the types of their values in a cursor; `joined` is what the conditions
    speak of, where that is more than the row; `own` is the condition for the rows of a scope.
    """

    row: FromClause
    build: Callable[[Sequence[Condition], int], Select[Any]]
    filters: Conditions
    order: Mapping[str, Any]
    newest_first: bool = True
    joined: FromClause | None = None
    own: Callable[[str, FromClause], Condition] = own_rows

    def page(self, scope: Scope, page_query: PageQuery, filters: Mapping[str, Any], **more: Any) -> "List":
        """The rows that the request asks for. `more` are further parameters that this list always needs."""
        values = sendable(filters)
        number = page_query.page if isinstance(page_query, NumberedQuery) else None
        return List(
            self,
            scope.sees,
            frozenset(values),
            values | more | {"place": scope.place},
            page_query.limit,
            page_query.after,
            number,
        )

    def one(self, scope: Scope, key: UUID) -> Statement:
        """The row with this id."""
        query = _listed(self, scope.sees, frozenset({"id"}), goes_on=False, limit=1)
        return query.statement({"id": key, "place": scope.place})


@dataclass(frozen=True, slots=True)
class List:
    """One request for a list: the SELECTs that answer it.

    Its page is named by the cursor `after`, or by its `number`; only the latter makes the rows counted.
    """

    listing: Listing
    sees: str
    filters: frozenset[str]
    values: Mapping[str, Any]
    limit: int
    after: str | None
    number: int | None

    @property
    def statement(self) -> Statement:
        return self.following(self.after)

    def following(self, after: str | None) -> Statement:
        """The rows after the cursor, one more than a page has."""
        cursor = _cursor_values(self.listing, after) if after else {}
        query = _listed(self.listing, self.sees, self.filters, bool(cursor), self.limit + 1)
        return query.statement({**self.values, **cursor})

    def row_before(self) -> Statement:
        """The last row before the page with this number."""
        assert self.number
        skipped = (self.number - 1) * self.limit - 1
        return _row_at(self.listing, self.sees, self.filters).statement({**self.values, "skipped": skipped})

    def count(self) -> Statement:
        return _counted(self.listing, self.sees, self.filters).statement(self.values)

    def cut(self, rows: Sequence[Any]) -> tuple[Sequence[Any], str | None]:
        return cut(rows, self.limit, tuple(self.listing.order))


@dataclass(frozen=True, slots=True)
class Found:
    """`count` is how many rows the whole list has, counted up to `COUNTED_MAX` + 1; None where no page number was given."""

    rows: Sequence[Any]
    following: str | None
    count: int | None = None


async def read(connection: Connection, listed: List) -> Found:
    """The page that is asked for. A page after the last one is empty."""
    if listed.number is None:
        return Found(*listed.cut(await connection.fetch(*listed.statement)))
    count = await connection.fetchval(*listed.count())
    after = None
    if listed.number > 1:
        before = await connection.fetchrow(*listed.row_before())
        if before is None:
            return Found([], None, count)
        after = cursor_of(*before.values())
    return Found(*listed.cut(await connection.fetch(*listed.following(after))), count)


async def read_all(connection: Connection, listed: List, rows_max: int) -> AsyncIterator[Sequence[Any]]:
    """The whole list, a page at a time, up to `rows_max` and one more: for exports, which say where they were cut."""
    after, left = None, rows_max + 1
    while left > 0:
        rows, after = listed.cut(await connection.fetch(*listed.following(after)))
        yield rows[:left]
        left -= len(rows)
        if after is None:
            return


def cut(rows: Sequence[Any], limit: int, order: Sequence[str]) -> tuple[Sequence[Any], str | None]:
    """The rows to show, and the cursor of the next page if there is one. The SELECT reads one row more than a page has."""
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], cursor_of(*(last[name] for name in order))


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list with the names for their ids; `following` is the cursor of the next page, if there is one."""

    rows: Sequence[Any]
    following: str | None
    names: Names
    count: int | None = None


@composed
def _listed(listing: Listing, sees: str, filters: frozenset[str], goes_on: bool, limit: int) -> Select[Any]:
    conditions = _conditions(listing, sees, filters)
    if goes_on:
        conditions.append(_beyond(listing))
    return listing.build(conditions, limit)


@composed
def _row_at(listing: Listing, sees: str, filters: frozenset[str]) -> Select[Any]:
    columns = [listing.row.c[name] for name in listing.order]
    return (
        select(*columns)
        .select_from(_source(listing))
        .where(*_conditions(listing, sees, filters))
        .order_by(*(column.desc() if listing.newest_first else column for column in columns))
        .offset(parameter("skipped", BigInteger))
        .limit(fixed(1))
    )


@composed
def _counted(listing: Listing, sees: str, filters: frozenset[str]) -> Select[Any]:
    rows = select(fixed(1).label("row")).select_from(_source(listing))
    bounded = rows.where(*_conditions(listing, sees, filters)).limit(fixed(COUNTED_MAX + 1)).subquery()
    return select(func.count()).select_from(bounded)


def _conditions(listing: Listing, sees: str, filters: frozenset[str]) -> list[Condition]:
    return [listing.own(sees, listing.row), *chosen(listing.filters, filters)]


def _source(listing: Listing) -> FromClause:
    return listing.row if listing.joined is None else listing.joined


def _cursor_values(listing: Listing, after: str) -> dict[str, Any]:
    values = values_of(after, *listing.order.values())
    return dict(zip(_cursor_parameters(listing.order), values, strict=True))


def _beyond(listing: Listing) -> Condition:
    """Whether a row comes after the row of the cursor."""
    columns = [listing.row.c[name] for name in listing.order]
    cursor = tuple_(
        *(
            parameter(name, column.type)
            for name, column in zip(_cursor_parameters(listing.order), columns, strict=True)
        )
    )
    return tuple_(*columns) < cursor if listing.newest_first else tuple_(*columns) > cursor


def _cursor_parameters(order: Mapping[str, Any]) -> list[str]:
    return [f"after_{name}" for name in order]


@composed
def _own_row(row: FromClause, sees: str) -> Select[Any]:
    return select(row).where(own_rows(sees, row), row.c.id == parameter("id"))


def own_row(row: FromClause, scope: Scope, key: UUID) -> Statement:
    """The row with this id, if it belongs to the scope."""
    return _own_row(row, scope.sees).statement({"id": key, "place": scope.place})


def within(day: ColumnElement[Any]) -> Conditions:
    """The filters for a period of days, both ends included."""
    return {"first_day": day >= parameter("first_day"), "last_day": day <= parameter("last_day")}


def filters_of(page_query: PageQuery) -> dict[str, Any]:
    """The filters of a request: its parameters without those for paging."""
    return page_query.model_dump(exclude={"limit", "after", "page"})


def by_name(filters: dict[str, Any], name: str, conditions: Conditions) -> dict[str, Any]:
    """Some values of the filter `name` stand for conditions of their own.

    Such a value is replaced by the filter of that name.
    """
    value = filters[name]
    return filters | {name: None, value: True} if value in conditions else filters
