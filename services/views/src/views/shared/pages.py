"""Lists in pages: the SELECT for a request, and the page made from its rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, select, tuple_

from views.shared.composed import (
    Condition,
    Conditions,
    Statement,
    chosen,
    composed,
    parameter,
    sendable,
)
from views.shared.cursors import cursor_of, values_of
from views.shared.names import Names
from views.shared.query_models import PageQuery
from views.shared.scope import Scope, own_rows


@dataclass(frozen=True, slots=True)
class List:
    """The SELECT of one page, and the columns that the cursor of the next page consists of."""

    statement: Statement
    order: tuple[str, ...]
    limit: int

    def cut(self, rows: Sequence[Any]) -> tuple[Sequence[Any], str | None]:
        return cut(rows, self.limit, self.order)


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


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A list whose rows have the ids of their enterprise and operator, and a district.

    `build` makes the SELECT from conditions and a limit; `filters` are the conditions it can be filtered by, `id` among
    them; `order` are the columns that sort it, with the types of their values in a cursor.
    """

    row: FromClause
    build: Callable[[Sequence[Condition], int], Select[Any]]
    filters: Conditions
    order: Mapping[str, Any]
    newest_first: bool = True

    def page(self, scope: Scope, page_query: PageQuery, filters: Mapping[str, Any], **more: Any) -> List:
        """The rows after the cursor, one more than a page has. `more` are further parameters that this list always needs."""
        values, cursor_values = sendable(filters), {}
        if page_query.after:
            cursor_values = dict(
                zip(
                    _cursor_parameters(self.order),
                    values_of(page_query.after, *self.order.values()),
                    strict=True,
                )
            )
        query = _listed(self, scope.sees, frozenset(values), bool(page_query.after), page_query.limit + 1)
        statement = query.statement(values | cursor_values | more | {"place": scope.place})
        return List(statement, tuple(self.order), page_query.limit)

    def one(self, scope: Scope, key: UUID) -> Statement:
        """The row with this id."""
        query = _listed(self, scope.sees, frozenset({"id"}), goes_on=False, limit=1)
        return query.statement({"id": key, "place": scope.place})


@composed
def _listed(listing: Listing, sees: str, filters: frozenset[str], goes_on: bool, limit: int) -> Select[Any]:
    conditions = [own_rows(sees, listing.row), *chosen(listing.filters, filters)]
    if goes_on:
        conditions.append(_beyond(listing))
    return listing.build(conditions, limit)


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
    return page_query.model_dump(exclude={"limit", "after"})


def by_name(filters: dict[str, Any], name: str, conditions: Conditions) -> dict[str, Any]:
    """Some values of the filter `name` stand for conditions of their own.

    Such a value is replaced by the filter of that name.
    """
    value = filters[name]
    return filters | {name: None, value: True} if value in conditions else filters
