"""Which leases of vehicles end before a contract of their operator does, joined when they are read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection

from views.shared.scope import AGREED

Row = dict[str, Any]


async def uncovered(connection: Connection, operators: Collection[UUID], today: date) -> Sequence[Any]:
    """A row for each contract that is not over and lasts longer than the lease of a vehicle that ends last.

    Row-level security decides which contracts the asker sees.
    """
    rows: Sequence[Any] = await connection.fetch(_UNCOVERED, list(operators), today)
    return rows


def by(name: str, rows: Iterable[Any]) -> Mapping[UUID, list[Row]]:
    """As JSON, by resource or by paper."""
    found: dict[UUID, list[Row]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(shown(row))
    return found


def shown(row: Any) -> Row:
    return {
        "resource_id": str(row["resource_id"]),
        "paper_id": str(row["paper_id"]),
        "title": row["title"],
        "contract_id": str(row["contract_id"]),
        "contract": row["contract"],
        "last_day": row["last_day"].isoformat(),
    }


_UNCOVERED: Final = f"""
    with lease as (
        select distinct on (resource_id) resource_id, paper_id, operator_id, title, valid_to
          from filings.paper
         where operator_id = any($1) and kind = 'lease' and valid_to is not null and revoked_from is null
         order by resource_id, valid_to desc, paper_id),
    running as (
        select id, operator_id, number, least(last_day, ended_on) as last_day
          from work.contract where operator_id = any($1) and {AGREED} and least(last_day, ended_on) >= $2)
    select lease.resource_id, lease.paper_id, lease.title, running.id as contract_id, running.number as contract, running.last_day
      from lease join running using (operator_id)
     where lease.valid_to < running.last_day
     order by lease.title, lease.resource_id, running.last_day, running.number
"""
