"""What pages ask of the register. Every query runs inside a fenced transaction and names its scope."""

import base64
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
from qingyuan_runtime.database import Connection, Pool
from qingyuan_runtime.problems import BadRequest

from views.scope import Scope, fence

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class When:
    """The day asked about, and the end of the day whose knowledge counts."""

    as_of: date
    as_known: datetime

    @classmethod
    def of(cls, as_of: date | None, as_known: date | None, now: datetime) -> "When":
        today = now.astimezone(SHANGHAI).date()
        if as_known is None:
            return cls(as_of or today, now + timedelta(days=1))
        midnight = datetime.combine(as_known + timedelta(days=1), time(), SHANGHAI)
        return cls(as_of or today, midnight.astimezone(UTC) - timedelta(microseconds=1))


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; absent means: not narrowed."""

    noun: str
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


class _Where:
    """Conditions and their parameters, numbered as they come."""

    def __init__(self) -> None:
        self.parameters: list[Any] = []
        self.conditions: list[str] = []

    def value(self, parameter: Any) -> str:
        self.parameters.append(parameter)
        return f"${len(self.parameters)}"

    def add(self, condition: str, parameter: Any) -> None:
        if parameter is not None:
            self.conditions.append(condition.format(self.value(parameter)))


_SELECT = """
    select e.id, e.noun, e.enterprise_id, e.parent_id, e.version, e.status, e.replaces, e.replaced_by, e.title,
           e.changed, b.particulars, b.valid_from, b.valid_to, b.known_from, b.covers,
           owner.latest->>'name' as enterprise_name, parent.latest->>'name' as parent_name, owner.latest->>'district' as district
      from entry e
      cross join lateral (
          select *, (valid_from <= {day} and (valid_to is null or valid_to > {day})) as covers
            from belief
           where belief.id = e.id and known_from <= {known} and (known_to is null or known_to > {known})
           order by covers desc, valid_from desc limit 1
      ) b
      left join entry owner on owner.id = e.enterprise_id
      left join entry parent on parent.id = e.parent_id
     where {conditions}
     order by e.title, e.id
     limit {limit}
"""
_STATUS: Final = {"in_use": "b.covers", "ended": "not b.covers and b.valid_from <= {day}", "all": "true"}


def _statement(
    scope: Scope, wanted: Filter, when: When, limit: int, after: str | None
) -> tuple[str, list[Any]]:
    where = _Where()
    day, known = where.value(when.as_of), where.value(when.as_known)
    where.conditions.append(scope.condition(len(where.parameters) + 1))
    where.parameters.append(scope.place)
    where.add("e.noun = {}", wanted.noun)
    where.add("e.enterprise_id = {}", wanted.enterprise_id)
    where.add("e.parent_id = {}", wanted.parent_id)
    where.add("e.kind = {}", wanted.kind)
    where.add("e.factor = {}", wanted.factor)
    where.add(
        "e.enterprise_id in (select enterprise_id from district_of where district = {})", wanted.district
    )
    where.add("e.searchable like {}", _pattern(wanted.search))
    where.conditions.append(_STATUS[wanted.status].format(day=day))
    if after:
        title, last = _cursor(after)
        where.conditions.append(f"(e.title, e.id) > ({where.value(title)}, {where.value(last)})")
    conditions = " and ".join(where.conditions)
    return _SELECT.format(day=day, known=known, conditions=conditions, limit=limit), where.parameters


def _pattern(search: str | None) -> str | None:
    if not search or not search.strip():
        return None
    escaped = search.strip().lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _cursor(text: str) -> tuple[str, UUID]:
    try:
        title, last = json.loads(base64.urlsafe_b64decode(text))
        return str(title), UUID(last)
    except (ValueError, TypeError) as error:
        raise BadRequest("cursor.malformed", "翻页位置无效，请从第一页重新查询。") from error


def _following(rows: Sequence[asyncpg.Record], limit: int) -> str | None:
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    return base64.urlsafe_b64encode(json.dumps([last["title"], str(last["id"])]).encode()).decode()


class RegisterQueries:
    """Reads one build of the register through a pool whose search path names it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def _fenced(self, scope: Scope) -> AsyncIterator[Connection]:
        async with self._pool.acquire() as connection, connection.transaction(readonly=True):
            await fence(connection, scope)
            yield connection

    async def page(self, scope: Scope, wanted: Filter, when: When, limit: int, after: str | None) -> Page:
        """One page of a list, sorted by title. `following` is the cursor of the next page, None at the end."""
        statement, parameters = _statement(scope, wanted, when, limit + 1, after)
        async with self._fenced(scope) as connection:
            rows = await connection.fetch(statement, *parameters)
        return Page(rows[:limit], _following(rows, limit))

    async def every(self, scope: Scope, wanted: Filter, when: When) -> AsyncIterator[asyncpg.Record]:
        """All rows of a list, a thousand at a time, for exports."""
        after: str | None = None
        while True:
            page = await self.page(scope, wanted, when, 1000, after)
            for row in page.rows:
                yield row
            if (after := page.following) is None:
                return

    async def one(self, scope: Scope, noun: str, entry_id: UUID, when: When) -> asyncpg.Record | None:
        """One thing as of a day, or as it was last; None when there is none for this actor."""
        statement, parameters = _statement(scope, Filter(noun, status="all"), when, 1, None)
        parameters.append(entry_id)
        statement = statement.replace(" order by e.title", f" and e.id = ${len(parameters)} order by e.title")
        async with self._fenced(scope) as connection:
            return await connection.fetchrow(statement, *parameters)

    async def counts(self, scope: Scope, enterprises: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
        """How many outlets, points and instruments in use each enterprise has."""
        async with self._fenced(scope) as connection:
            rows = await connection.fetch(
                """
                select enterprise_id, noun, count(*) as n from entry
                 where enterprise_id = any($1) and status = 'in_use' group by enterprise_id, noun
                """,
                list(enterprises),
            )
        found: dict[UUID, dict[str, int]] = {one: {} for one in enterprises}
        for row in rows:
            found[row["enterprise_id"]][row["noun"]] = row["n"]
        return found

    async def instrument_counts(
        self, scope: Scope, enterprise_id: UUID, when: When
    ) -> dict[UUID, dict[str, int]]:
        """How many instruments of each kind each point of an enterprise had on the day."""
        async with self._fenced(scope) as connection:
            rows = await connection.fetch(
                """
                select e.parent_id, e.kind, count(*) as n
                  from entry e join belief b on b.id = e.id
                 where e.enterprise_id = $1 and e.noun = 'instrument'
                   and b.valid_from <= $2 and (b.valid_to is null or b.valid_to > $2)
                   and b.known_from <= $3 and (b.known_to is null or b.known_to > $3)
                 group by e.parent_id, e.kind
                """,
                enterprise_id,
                when.as_of,
                when.as_known,
            )
        found: dict[UUID, dict[str, int]] = {}
        for row in rows:
            found.setdefault(row["parent_id"], {})[row["kind"]] = row["n"]
        return found

    async def chain(self, scope: Scope, instrument_id: UUID) -> Sequence[asyncpg.Record]:
        """The line of replacements an instrument stands in, oldest first."""
        async with self._fenced(scope) as connection:
            return await connection.fetch(
                """
                with recursive older as (
                    select id, replaces, 0 as place from entry where id = $1
                    union all select e.id, e.replaces, place - 1 from entry e join older o on e.id = o.replaces
                ), newer as (
                    select id, replaced_by, 0 as place from entry where id = $1
                    union all select e.id, e.replaced_by, place + 1 from entry e join newer n on e.id = n.replaced_by
                ), line as (
                    select id, place from older union select id, place from newer
                )
                select line.id, e.latest->>'model' as model, e.status,
                       min(b.valid_from) as valid_from,
                       nullif(max(coalesce(b.valid_to, 'infinity')), 'infinity') as valid_to
                  from line join entry e on e.id = line.id
                  left join belief b on b.id = line.id and b.known_to is null
                 group by line.id, e.latest, e.status, place order by place
                """,
                instrument_id,
            )

    async def history(self, scope: Scope, stream: str) -> Sequence[asyncpg.Record]:
        """Every fact of one stream, oldest first."""
        async with self._fenced(scope) as connection:
            return await connection.fetch("select * from history where stream = $1 order by version", stream)

    async def version_of(self, stream: str) -> int:
        """How far the view has come with a stream; 0 when it has not seen it."""
        found = await self._pool.fetchval(
            "select version from projection_stream where stream_id = $1", stream
        )
        return found or 0
