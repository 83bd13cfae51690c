"""The SELECT of all lists of the register: by filter, scope, day, and what was known on which day. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    Text,
    Uuid,
    case,
    func,
    true,
    tuple_,
)

from views.register.entries import DAY, INFINITY, KNOWN, holds, latest
from views.shared.composed import (
    Conditions,
    Statement,
    chosen,
    composed,
    equals,
    fixed,
    parameter,
    sendable,
)
from views.shared.cursors import values_of
from views.shared.pages import COUNTED_MAX
from views.shared.scope import Scope, in_district, own_enterprises
from views.shared.searching import pattern
from views.shared.when import When
from views.tables.register import BELIEF, ENTRY


@dataclass(frozen=True, slots=True)
class Filter:
    """The filters of a list; None does not filter."""

    noun: str
    id: UUID | None = None
    enterprise_id: UUID | None = None
    parent_id: UUID | None = None
    district: str | None = None
    kind: str | None = None
    factor: str | None = None
    search: str | None = None
    status: str = "in_use"


_entry: Final = ENTRY.alias("e")

_FILTERS: Final[Conditions] = equals(_entry, "noun", "id", "enterprise_id", "parent_id", "kind", "factor") | {
    "district": in_district(_entry, "district"),
    "search": _entry.c.searchable.like(parameter("search")),
}
_BEYOND: Final = tuple_(_entry.c.title, _entry.c.id) > tuple_(
    parameter("after_title", Text), parameter("after_id", Uuid)
)


def select(
    scope: Scope,
    wanted: Filter,
    when: When,
    *,
    limit: int | None = None,
    after: str | None = None,
    skipped: int = 0,
) -> Statement:
    """Rows of a list, sorted by title; those that follow the cursor `after`, or `skipped` rows, at most `limit`."""
    values, cursor = _values(wanted), {}
    if after:
        cursor = dict(zip(("after_title", "after_id"), values_of(after, str, UUID), strict=True))
    query = _entries(scope.sees, frozenset(values), wanted.status, bool(cursor), limit, skips=skipped > 0)
    return query.statement(values | sendable(cursor) | _when(scope, when) | {"skipped": skipped})


def count(scope: Scope, wanted: Filter, when: When) -> Statement:
    """How many rows the list has, counted up to `COUNTED_MAX` + 1."""
    values = _values(wanted)
    query = _counted(scope.sees, frozenset(values), wanted.status)
    return query.statement(values | _when(scope, when))


def _when(scope: Scope, when: When) -> dict[str, Any]:
    return {"day": when.as_of, "known": when.as_known, "place": scope.place}


def _values(wanted: Filter) -> dict[str, Any]:
    """The parameters of the filters that are set. The status is none of them, since the text of the query depends on it."""
    values = {name: getattr(wanted, name) for name in _FILTERS}
    return sendable(values | {"search": pattern(wanted.search)})


@composed
def _counted(sees: str, filters: frozenset[str], status: str) -> Select[Any]:
    rows = _rows(sees, filters, status, goes_on=False, limit=COUNTED_MAX + 1).subquery("rows")
    return sqlalchemy.select(func.count()).select_from(rows)


@composed
def _entries(
    sees: str, filters: frozenset[str], status: str, goes_on: bool, limit: int | None, skips: bool
) -> Select[Any]:
    rows = _rows(sees, filters, status, goes_on, limit)
    return rows.offset(parameter("skipped", BigInteger)) if skips else rows


def _rows(sees: str, filters: frozenset[str], status: str, goes_on: bool, limit: int | None) -> Select[Any]:
    entry, owner, parent = (
        _narrowed(sees, filters, status, goes_on),
        ENTRY.alias("owner"),
        ENTRY.alias("parent"),
    )
    belief = _believed(entry)
    was_in_use = (belief.c.begun <= DAY) & (entry.c.status != fixed("voided"))
    shown = {"in_use": belief.c.covers, "ended": ~belief.c.covers & was_in_use, "all": true()}
    query = (
        sqlalchemy.select(*_columns(entry, belief), *_names(owner, parent))
        .join_from(entry, belief, true())
        .join(owner, owner.c.id == entry.c.enterprise_id, isouter=True)
        .join(parent, parent.c.id == entry.c.parent_id, isouter=True)
        .where(shown[status])
        .order_by(entry.c.title, entry.c.id)
    )
    return query if limit is None else query.limit(fixed(limit))


def _narrowed(sees: str, filters: frozenset[str], status: str, goes_on: bool) -> Subquery:
    """The entries that match the filters and the scope, and come after the cursor.

    Under row-level security PostgreSQL has no statistics for LIKE and expects a handful of rows. There may be thousands, so
    a search sorts them before their beliefs are read; most are then never read because of the limit.
    """
    conditions = [own_enterprises(sees, _entry), *chosen(_FILTERS, filters)]
    conditions += [_entry.c.status != fixed("in_use")] if status == "ended" else []
    conditions += [_BEYOND] if goes_on else []
    query = sqlalchemy.select(_entry).where(*conditions)
    if "search" in filters:
        query = query.order_by(_entry.c.title, _entry.c.id).offset(fixed(0))
    return query.subquery("e")


def _believed(entry: Subquery) -> FromClause:
    """The belief that was known for the day, else the one that is valid latest.

    A belief is valid for a part of an entry's life (until another operator took over, for example); `begun` and `ended` are
    the bounds of its whole life, as they were known then.
    """
    belief = BELIEF.c
    covers = holds(belief.valid_from, belief.valid_to, DAY).label("covers")
    ended = func.max(func.coalesce(belief.valid_to, INFINITY)).over()
    return (
        sqlalchemy.select(
            belief.particulars,
            belief.known_from,
            func.min(belief.valid_from).over().label("begun"),
            func.nullif(ended, INFINITY).label("ended"),
            covers,
        )
        .where(belief.id == entry.c.id, holds(belief.known_from, belief.known_to, KNOWN))
        .order_by(covers.desc(), belief.valid_from.desc())
        .limit(fixed(1))
        .lateral("b")
    )


def _columns(entry: Subquery, belief: FromClause) -> Iterable[ColumnElement[Any]]:
    """`replaced_by` is null where the end of the entry was not known yet."""
    plain = ("id", "noun", "enterprise_id", "parent_id", "version", "replaces", "title", "changed")
    return (
        *(entry.c[name] for name in plain),
        case((belief.c.covers, fixed("in_use")), else_=entry.c.status).label("status"),
        case((belief.c.ended.is_not(None), entry.c.replaced_by)).label("replaced_by"),
        belief.c.particulars,
        belief.c.begun.label("valid_from"),
        belief.c.ended.label("valid_to"),
        belief.c.known_from,
    )


def _names(owner: FromClause, parent: FromClause) -> Iterable[ColumnElement[Any]]:
    return (
        _then(owner, "name").label("enterprise_name"),
        _then(parent, "name").label("parent_name"),
        _then(parent, "code").label("parent_code"),
    )


def _then(entry: FromClause, name: str) -> ColumnElement[Any]:
    """One field of an entry as it was known for the day, else of its latest particulars."""
    belief = BELIEF.alias()
    known = (
        sqlalchemy.select(belief.c.particulars.op("->>", return_type=Text())(fixed(name)))
        .where(
            belief.c.id == entry.c.id,
            holds(belief.c.known_from, belief.c.known_to, KNOWN),
            belief.c.valid_from <= DAY,
        )
        .order_by(belief.c.valid_from.desc())
        .limit(fixed(1))
        .scalar_subquery()
    )
    return func.coalesce(known, latest(entry, name))
