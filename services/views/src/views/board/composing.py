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
from views.tables.work import VISIT

KEYS: Final = {"district": "district", "operator": "operator_id", "enterprise": "enterprise_id"}
_SUMMED: Final = (*("planned", "done", "missed"), *VISITS.names, *CONFIRMATIONS.names)


@dataclass(frozen=True, slots=True)
class Part:
    """Figures of one table over whole months, or over some days. `over`: what is not done by now is missed."""

    counted: Counted
    months: bool
    over: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """All that the text of the SELECT depends on."""

    sees: str
    by: str
    filters: frozenset[str]
    parts: tuple[Part, ...]
    order: str
    goes_on: bool
    limit: int

    @property
    def apart(self) -> bool:
        """Whether enterprises are told apart."""
        return self.by == "enterprise" or "enterprise_id" in self.filters or self.sees == "enterprise"


def span(part: int) -> tuple[str, str]:
    """The names of the parameters that say from when until when a part is counted."""
    return f"since_{part}", f"until_{part}"


@composed
def board(shape: Shape) -> Select[Any]:
    """The totals first, their key null, then the keys that follow the last one shown."""
    figures = _figures(shape)
    order, whole = figures.c[shape.order], figures.c.whole
    query = select(figures).order_by(whole.desc(), order.desc(), figures.c.key).limit(fixed(shape.limit))
    return query.where(or_(whole, _beyond(order, figures.c.key))) if shape.goes_on else query


def _beyond(order: ColumnElement[Any], key: ColumnElement[Any]) -> Condition:
    """Fewer of what is in order, or as many and a later key."""
    number = parameter("after_number")
    return (order < number) | ((order == number) & (key > parameter("after_key")))


def _figures(shape: Shape) -> CTE:
    """A row for each key and one for all together, with how many keys there are."""
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
    """One table's figures of some days by key, those of other tables being none."""
    part = shape.parts[number]
    row = _source(shape, part).alias("k")
    counts = _counts(part, row)
    conditions = [own_rows(shape.sees, row), *equals(row, *sorted(shape.filters)).values()]
    key = row.c[KEYS[shape.by]]
    return (
        select(key.label("key"), *(counts.get(name, fixed(0)).label(name) for name in _SUMMED))
        .where(*conditions, _counted_days(part, row, number))
        .group_by(key)
    )


def _source(shape: Shape, part: Part) -> FromClause:
    if not part.months:
        return part.counted.rows
    return part.counted.tally if shape.apart else part.counted.total


def _counted_days(part: Part, row: FromClause, number: int) -> Condition:
    since, until = (parameter(name) for name in span(number))
    if part.months:
        return (row.c.month >= since) & (row.c.month < until)
    return row.c[part.counted.day].between(since, until)


def _counts(part: Part, row: FromClause) -> Mapping[str, ColumnElement[Any]]:
    """Integers: a sum of bigints would be reckoned in decimals."""
    if part.months:
        counts = {name: cast(func.sum(row.c[name]), Integer) for name in part.counted.names}
    else:
        rows = part.counted.figures(row)
        counts = {name: cast(func.count().filter(condition), Integer) for name, condition in rows.items()}
    return counts | {"missed": counts["planned"] - counts["done"]} if part.over else counts


def _nothing(shape: Shape) -> Select[Any]:
    """No days at all."""
    key = cast(null(), VISIT.c[KEYS[shape.by]].type)
    return select(key.label("key"), *(fixed(0).label(name) for name in _SUMMED)).where(false())
