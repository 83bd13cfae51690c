"""The one SELECT behind every list: filter, scope, day and knowledge as SQL. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg
from qingyuan_standards.days import at_local, local_day

from views.shared.scope import Scope
from views.shared.where import Where, cursor_of, place_of


@dataclass(frozen=True, slots=True)
class When:
    """The day asked about, and the end of the day whose knowledge counts."""

    as_of: date
    as_known: datetime

    @classmethod
    def of(cls, as_of: date | None, as_known: date | None, now: datetime) -> "When":
        today = local_day(now)
        if as_known is None or as_known >= today:
            return cls(as_of or today, now + timedelta(days=1))
        midnight = at_local(as_known + timedelta(days=1), time())
        return cls(as_of or today, midnight.astimezone(UTC) - timedelta(microseconds=1))


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; absent means: not narrowed."""

    noun: str
    id: UUID | None = None
    enterprise_id: UUID | None = None
    parent_id: UUID | None = None
    district: str | None = None
    kind: str | None = None
    factor: str | None = None
    search: str | None = None
    status: str = "in_use"


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[asyncpg.Record]
    following: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    parameters: Sequence[Any]


# A belief holds for a part of a thing's life (until another vendor took over, say); `begun` and `ended` are the
# whole life as it was known then. What is not known to have ended has no successor yet either.
_SELECT: Final = """
    select e.id, e.noun, e.enterprise_id, e.parent_id, e.version, e.replaces, e.title, e.changed,
           case when b.covers then 'in_use' else e.status end as status,
           case when b.ended is not null then e.replaced_by end as replaced_by,
           b.particulars, b.begun as valid_from, b.ended as valid_to, b.known_from,
           owner.latest->>'name' as enterprise_name,
           parent.latest->>'name' as parent_name, parent.latest->>'code' as parent_code
      from (
          select id, noun, enterprise_id, parent_id, version, status, replaces, replaced_by, title, changed
            from entry e where {conditions} {sorted_first}
      ) e
      cross join lateral (
          select particulars, known_from, min(valid_from) over () as begun,
                 nullif(max(coalesce(valid_to, 'infinity')) over (), 'infinity') as ended,
                 valid_from <= {day} and (valid_to is null or valid_to > {day}) as covers
            from belief
           where belief.id = e.id and known_from <= {known} and (known_to is null or known_to > {known})
           order by covers desc, valid_from desc limit 1
      ) b
      left join entry owner on owner.id = e.enterprise_id
      left join entry parent on parent.id = e.parent_id
     where {status}
     order by e.title, e.id
     limit {limit}
"""
# Behind row-level security the planner has no statistics for LIKE and expects a handful of hits. Thousands are
# sorted before their beliefs are looked up, so that the limit spares most of that.
_SORTED_FIRST: Final = "order by e.title, e.id offset 0"
_STATUS: Final = {"in_use": "b.covers", "ended": "not b.covers and b.begun <= {day}", "all": "true"}
_IN_DISTRICT: Final = "e.enterprise_id in (select enterprise_id from district_of where district = {})"


def select(
    scope: Scope, wanted: Filter, when: When, *, limit: int | None = None, after: str | None = None
) -> Statement:
    """Rows of a list, sorted by title; those that follow the cursor `after`, at most `limit`."""
    where = Where()
    day, known = where.value(when.as_of), where.value(when.as_known)
    where.conditions.append(scope.condition(len(where.parameters) + 1))
    where.parameters.append(scope.place)
    _narrow(where, wanted)
    if after:
        title, last = place_of(after, str, UUID)
        where.conditions.append(f"(e.title, e.id) > ({where.value(title)}, {where.value(last)})")
    sql = _SELECT.format(
        day=day,
        known=known,
        conditions=" and ".join(where.conditions),
        sorted_first=_SORTED_FIRST if _pattern(wanted.search) else "",
        status=_STATUS[wanted.status].format(day=day),
        limit=limit or "all",
    )
    return Statement(sql, where.parameters)


def _narrow(where: Where, wanted: Filter) -> None:
    where.add("e.noun = {}", wanted.noun)
    where.add("e.id = {}", wanted.id)
    where.add("e.enterprise_id = {}", wanted.enterprise_id)
    where.add("e.parent_id = {}", wanted.parent_id)
    where.add("e.kind = {}", wanted.kind)
    where.add("e.factor = {}", wanted.factor)
    where.add(_IN_DISTRICT, wanted.district)
    where.add("e.searchable like {}", _pattern(wanted.search))
    if wanted.status == "ended":
        where.conditions.append("e.status <> 'in_use'")


def _pattern(search: str | None) -> str | None:
    if not search or not search.strip():
        return None
    escaped = search.strip().lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def page_of(rows: Sequence[asyncpg.Record], limit: int) -> Page:
    """Of `limit + 1` rows asked for, those to show, and the cursor of the next page if there is one."""
    if len(rows) <= limit:
        return Page(rows, None)
    last = rows[limit - 1]
    return Page(rows[:limit], cursor_of(last["title"], last["id"]))
