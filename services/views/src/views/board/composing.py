"""The one SELECT of the board. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    cast,
    false,
    func,
    null,
    or_,
    select,
    tuple_,
    union_all,
)

from views.board.figures import CONFIRMATIONS, VISITS, Counted
from views.shared.composed import Condition, composed, equals, fixed, parameter
from views.shared.scope import own_rows
from views.shared.voided import at_voided_point
from views.tables.work import VISIT

KEYS: Final = {"district": "district", "operator": "operator_id", "enterprise": "enterprise_id"}
_SUMMED: Final = (*("planned", "done", "missed"), *VISITS.names, *CONFIRMATIONS.names)


@dataclass(frozen=True, slots=True)
class Part:
    """The figures of one table for a range of whole months (`months`) or of single days.

    `over`: the range is in the past, so what is planned and not done is missed. `voided`: what the tallies count as
    planned at points that were registered by mistake is taken away again.
    """

    counted: Counted
    months: bool
    over: bool
    voided: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything that the text of the SELECT depends on; values are parameters."""

    sees: str
    by: str
    filters: frozenset[str]
    parts: tuple[Part, ...]
    order: str
    goes_on: bool
    limit: int

    @property
    def per_enterprise(self) -> bool:
        """Whether each enterprise has to be counted separately, for which the `total` tables cannot be used."""
        return self.by == "enterprise" or "enterprise_id" in self.filters or self.sees == "enterprise"


def span(part: int) -> tuple[str, str]:
    """The names of the parameters that bound the days or months of a part."""
    return f"since_{part}", f"until_{part}"


@composed
def board(shape: Shape) -> Select[Any]:
    """The totals as the first row, whose key is null, then the rows that follow the cursor."""
    figures = _figures(shape)
    order, whole = figures.c[shape.order], figures.c.whole
    query = select(figures).order_by(whole.desc(), order.desc(), figures.c.key).limit(fixed(shape.limit))
    return query.where(or_(whole, _beyond(order, figures.c.key))) if shape.goes_on else query


def _beyond(order: ColumnElement[Any], key: ColumnElement[Any]) -> Condition:
    """Whether a row comes after the cursor: a smaller figure, or the same figure and a later key."""
    number = parameter("after_number")
    return (order < number) | ((order == number) & (key > parameter("after_key")))


def _figures(shape: Shape) -> CTE:
    """A row for each key and one with the totals (`whole`); each has the number of keys, too."""
    parts = [_part(shape, n) for n in range(len(shape.parts))] or [_nothing(shape)]
    counted = union_all(*parts).subquery("counted")
    added = (
        select(
            counted.c.key,
            (func.grouping(counted.c.key) == fixed(1)).label("whole"),
            *(_sum(counted.c[name]).label(name) for name in _SUMMED),
        )
        .group_by(func.grouping_sets(tuple_(counted.c.key), tuple_()))
        .cte("added")
    )
    keys = select(func.count()).select_from(added).where(~added.c.whole).scalar_subquery()
    unsigned = added.c.complete - added.c.signed
    return select(added, unsigned.label("unsigned"), keys.label("keys")).cte("figures")


def _sum(figure: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(func.coalesce(func.sum(figure), fixed(0)), BigInteger)


def _part(shape: Shape, number: int) -> Select[Any]:
    """The figures of one part by key. Figures of other tables are 0, so that UNION ALL can combine the parts."""
    part = shape.parts[number]
    row = _source(shape, part).alias("k")
    counts = _counts(part, row)
    conditions = [own_rows(shape.sees, row), *equals(row, *sorted(shape.filters)).values()]
    key = row.c[KEYS[shape.by]]
    return (
        select(key.label("key"), *(counts.get(name, fixed(0)).label(name) for name in _SUMMED))
        .where(
            *conditions, _counted_days(part, row, number), *([at_voided_point(row)] if part.voided else [])
        )
        .group_by(key)
    )


def _source(shape: Shape, part: Part) -> FromClause:
    if not part.months:
        return part.counted.rows
    return part.counted.tally if shape.per_enterprise else part.counted.total


def _counted_days(part: Part, row: FromClause, number: int) -> Condition:
    since, until = (parameter(name) for name in span(number))
    if part.months:
        return (row.c.month >= since) & (row.c.month < until)
    return row.c[part.counted.day].between(since, until)


def _counts(part: Part, row: FromClause) -> Mapping[str, ColumnElement[Any]]:
    """As integers: PostgreSQL sums bigints as `numeric`, which is slower."""
    if part.voided:
        return _taken_away(part, row)
    if part.months:
        counts = {name: cast(func.sum(row.c[name]), Integer) for name in part.counted.names}
    else:
        rows = part.counted.figures(row)
        counts = {name: cast(func.count().filter(condition), Integer) for name, condition in rows.items()}
    return counts | {"missed": counts["planned"] - counts["done"]} if part.over else counts


def _taken_away(part: Part, row: FromClause) -> Mapping[str, ColumnElement[Any]]:
    """What was planned and not done, as figures below 0."""
    figures = part.counted.figures(row)
    undone = fixed(0) - cast(func.count().filter(figures["planned"] & ~figures["done"]), Integer)
    return {"planned": undone, "missed": undone} if part.over else {"planned": undone}


def _nothing(shape: Shape) -> Select[Any]:
    """An empty SELECT with the same columns, for a period that contains no day."""
    key = cast(null(), VISIT.c[KEYS[shape.by]].type)
    return select(key.label("key"), *(fixed(0).label(name) for name in _SUMMED)).where(false())
