"""Queries that vary are composed with SQLAlchemy Core and sent by asyncpg. Pure.

PostgreSQL and asyncpg know a prepared statement by its text. So the text depends on which parts a query has and never on
the values asked for, and each text is compiled once.
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
"""What a list can be narrowed by, under the name of the filter."""

TEXTS_KEPT: Final = 512
"""Of each query. A text is some kilobytes, and people use a few of the possible ones."""
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
    """`build` makes a query from what its text depends on; it is called once for each such set of arguments."""

    @lru_cache(TEXTS_KEPT)
    def compiled(*shape: Any, **more: Any) -> Composed:
        return compile_query(build(*shape, **more))

    return cast(Callable[P, Composed], compiled)


def compile_query(query: Executable) -> Composed:
    made = cast(ClauseElement, query).compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    return Composed(str(made), tuple(cast(SQLCompiler, made).positiontup or ()))


def parameter(name: str, kind: Kind | None = None) -> BindParameter[Any]:
    """A value that comes with each question. Compared with a column, it has the type of that."""
    return bindparam(name, None, kind)


def fixed(value: str | int) -> BindParameter[Any]:
    """A value of the query itself. It is written out, so that the planner knows it."""
    return literal(value, literal_execute=True)


def equals(row: FromClause, *names: str) -> Conditions:
    """Filters that each ask for one value of the column of their name."""
    return {name: row.c[name] == parameter(name) for name in names}


def chosen(conditions: Conditions, names: Collection[str]) -> list[Condition]:
    """The conditions of these names, in an order that does not depend on the question."""
    assert conditions.keys() >= set(names)
    return [condition for name, condition in conditions.items() if name in names]


def sendable(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are given. PostgreSQL takes no text with U+0000: such a question is refused."""
    given = {name: value for name, value in values.items() if value is not None}
    if any(isinstance(value, str) and "\0" in value for value in given.values()):
        raise BadRequest("query.malformed", f"查询条件{SENTENCES['control_character']}")
    return given
