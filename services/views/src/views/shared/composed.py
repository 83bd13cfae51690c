"""Queries with optional parts are composed with SQLAlchemy Core and sent by asyncpg. Pure.

PostgreSQL and asyncpg reuse a prepared statement when its text is the same. So the text depends only on which parts a query
has, the values are parameters, and each text is compiled once.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, ParamSpec, cast

from qingyuan_runtime.domain.text import SENTENCES
from qingyuan_runtime.edge.problems import BadRequest
from sqlalchemy import BindParameter, ColumnElement, FromClause, bindparam, literal
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeEngine

Condition = ColumnElement[bool]
Conditions = dict[str, Condition]
"""The conditions that a list can be filtered by, by the name of the filter."""

TEXTS_KEPT: Final = 512
"""Compiled texts that are cached for each query. A text has some kilobytes, and few of the possible ones are used."""
_DIALECT: Final = asyncpg.dialect()  # type: ignore[no-untyped-call]
Kind = TypeEngine[Any] | type[TypeEngine[Any]]
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Statement:
    """A text and its parameters; unpacked, it is the arguments of `connection.fetch`."""

    sql: str
    parameters: Sequence[Any]

    def __iter__(self) -> Iterator[Any]:
        yield self.sql
        yield from self.parameters


@dataclass(frozen=True, slots=True)
class Composed:
    """A compiled query: its text, and the names of its parameters in their order."""

    sql: str
    names: tuple[str, ...]

    def statement(self, values: Mapping[str, Any]) -> Statement:
        return Statement(self.sql, [values[name] for name in self.names])


def composed(build: Callable[P, Executable]) -> Callable[P, Composed]:
    """Caches compiled queries: `build` gets everything that the text depends on, and is called once for each such set of
    arguments."""

    @lru_cache(TEXTS_KEPT)
    def compiled(*args: Any, **kwargs: Any) -> Composed:
        return compile_query(build(*args, **kwargs))

    return cast(Callable[P, Composed], compiled)


def compile_query(query: Executable) -> Composed:
    compiled = cast(ClauseElement, query).compile(
        dialect=_DIALECT, compile_kwargs={"render_postcompile": True}
    )
    return Composed(str(compiled), tuple(cast(SQLCompiler, compiled).positiontup or ()))


def parameter(name: str, kind: Kind | None = None) -> BindParameter[Any]:
    """A value that differs between requests. Compared with a column, it takes the column's type."""
    return bindparam(name, None, kind)


def fixed(value: str | int) -> BindParameter[Any]:
    """A constant of the query. It is written into the text, so that PostgreSQL's planner knows it."""
    return literal(value, literal_execute=True)


def equals(row: FromClause, *names: str) -> Conditions:
    """Filters that compare the column of the same name with one value."""
    return {name: row.c[name] == parameter(name) for name in names}


def chosen(conditions: Conditions, names: Collection[str]) -> list[Condition]:
    """The conditions with these names, always in the same order."""
    assert conditions.keys() >= set(names)
    return [condition for name, condition in conditions.items() if name in names]


def sendable(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are not None. PostgreSQL cannot store U+0000 in a text, so such a request is refused."""
    given = {name: value for name, value in values.items() if value is not None}
    if any(isinstance(value, str) and "\0" in value for value in given.values()):
        raise BadRequest("query.malformed", f"查询条件{SENTENCES['control_character']}")
    return given
