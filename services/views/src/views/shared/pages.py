"""A list in pages: how its SELECT is made of a question, and what it found."""

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
from views.shared.cursors import cursor_of, place_of
from views.shared.names import Names
from views.shared.query_models import PageQuery
from views.shared.scope import Scope, own_rows


@dataclass(frozen=True, slots=True)
class List:
    """One SELECT, and how the place of a row in its order is written down and read again."""

    statement: Statement
    order: tuple[str, ...]
    limit: int

    def cut(self, rows: Sequence[Any]) -> tuple[Sequence[Any], str | None]:
        """Of one row more than wanted: those to show, and the cursor of the next page if there is one."""
        if len(rows) <= self.limit:
            return rows, None
        last = rows[self.limit - 1]
        return rows[: self.limit], cursor_of(*(last[name] for name in self.order))


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list with the names of what they point at; `following` is the cursor of the next page, if there is one."""

    rows: Sequence[Any]
    following: str | None
    names: Names


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A list of rows that name whose they are.

    `build` makes the SELECT of conditions and a limit; `filters` are what it can be narrowed by, `id` among them;
    `order` are columns of `row` with the types that a cursor holds.
    """

    row: FromClause
    build: Callable[[Sequence[Condition], int], Select[Any]]
    filters: Conditions
    order: Mapping[str, Any]
    newest_first: bool = True

    def page(self, scope: Scope, asked: PageQuery, filters: Mapping[str, Any], **more: Any) -> List:
        """The rows that follow the cursor, one more than a page has. `more` are values that every such query takes."""
        values, place = sendable(filters), {}
        if asked.after:
            place = dict(zip(_after(self.order), place_of(asked.after, *self.order.values()), strict=True))
        query = _listed(self, scope.sees, frozenset(values), bool(asked.after), asked.limit + 1)
        statement = query.statement(values | place | more | {"place": scope.place})
        return List(statement, tuple(self.order), asked.limit)

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
    """Whether a row comes after the one that the cursor names."""
    columns = [listing.row.c[name] for name in listing.order]
    place = tuple_(
        *(parameter(name, column.type) for name, column in zip(_after(listing.order), columns, strict=True))
    )
    return tuple_(*columns) < place if listing.newest_first else tuple_(*columns) > place


def _after(order: Mapping[str, Any]) -> list[str]:
    return [f"after_{name}" for name in order]


@composed
def _own_row(row: FromClause, sees: str) -> Select[Any]:
    return select(row).where(own_rows(sees, row), row.c.id == parameter("id"))


def own_row(row: FromClause, scope: Scope, key: UUID) -> Statement:
    """The row with this id, if it is the scope's own."""
    return _own_row(row, scope.sees).statement({"id": key, "place": scope.place})


def within(day: ColumnElement[Any]) -> Conditions:
    """The first and the last day that are asked for."""
    return {"first_day": day >= parameter("first_day"), "last_day": day <= parameter("last_day")}


def filters_of(asked: PageQuery) -> dict[str, Any]:
    """What a question narrows its list by."""
    return asked.model_dump(exclude={"limit", "after"})


def by_name(filters: dict[str, Any], name: str, conditions: Conditions) -> dict[str, Any]:
    """The filters; a value of `name` that is itself the name of a condition has become that condition."""
    value = filters[name]
    return filters | {name: None, value: True} if value in conditions else filters
