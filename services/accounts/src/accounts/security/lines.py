"""What an auditor reads of the security log: narrowed, page by page from the newest line, or as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
from qingyuan_runtime.database.connections import Pool

from accounts.names import account_name


@dataclass(frozen=True, slots=True)
class LogFilter:
    """`since` is included, `until` is not. `account` is a name, of whoever did it or had it done; `organisation` a part of one."""

    since: datetime | None = None
    until: datetime | None = None
    account: str = ""
    organisation: str = ""
    what: str = ""
    result: str = ""
    address: str = ""


class SecurityLines:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def page(self, narrowed: LogFilter, *, before: int | None, limit: int) -> Sequence[asyncpg.Record]:
        """The newest lines with an id below `before`."""
        conditions = await self._conditions(narrowed)
        if before is not None:
            conditions.append(("l.id < {}", before))
        where = " and ".join(
            condition.format(f"${number}") for number, (condition, _) in enumerate(conditions, 1)
        )
        statement = f"{_LINES} where {where or 'true'} order by l.id desc limit ${len(conditions) + 1}"
        values = [value for _, value in conditions]
        rows: Sequence[asyncpg.Record] = await self._pool.fetch(statement, *values, limit)
        return rows

    async def _conditions(self, narrowed: LogFilter) -> list[tuple[str, object]]:
        """Only those that are asked for, so that each question finds its index."""
        given: list[tuple[object, str]] = [
            (narrowed.since, "l.happened >= {}"),
            (narrowed.until, "l.happened < {}"),
            (narrowed.what, "l.what = {}"),
            (narrowed.result, "l.result = {}"),
            (narrowed.address, "l.address = {}"),
        ]
        conditions = [(condition, value) for value, condition in given if value]
        if narrowed.account:
            conditions.append((_OF_ACCOUNT, await self._account(narrowed.account)))
        if narrowed.organisation:
            conditions.append(("l.organisation = any({})", await self._organisations(narrowed.organisation)))
        return conditions

    async def _account(self, name: str) -> UUID | None:
        found: UUID | None = await self._pool.fetchval(
            "select account_id from accounts where name = $1", account_name(name)
        )
        return found

    async def _organisations(self, part: str) -> list[UUID]:
        rows = await self._pool.fetch(
            "select organisation from organisations where strpos(name, $1) > 0", part
        )
        return [row["organisation"] for row in rows]


# Two conditions and not one `in`, so that each finds its index.
_OF_ACCOUNT: Final = "(l.account_id = {0}::uuid or l.actor = {0}::uuid)"
_LINES: Final = """
    select l.*, actor.name as actor_name, actor.label as actor_label, a.name as account_name, a.label as account_label,
           o.name as organisation_name
      from security_log l
      left join accounts actor on actor.account_id = l.actor
      left join accounts a on a.account_id = l.account_id
      left join organisations o on o.organisation = l.organisation
"""
