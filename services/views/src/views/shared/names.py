"""Names for the ids in a row: of enterprises and points from the register, of operators from their contracts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection

from views.shared.scope import Scope, introduce_former_clients


@dataclass(frozen=True, slots=True)
class Names:
    """A name is missing while the register does not know the entry yet: topics are read independently of each other."""

    entries: dict[UUID, dict[str, Any]]
    operators: dict[UUID, str]

    def of(self, row: Any) -> dict[str, Any]:
        """Ids and names of a row's operator, enterprise and point."""
        point = self.entries.get(row["point_id"], {})
        return {
            "operator_id": str(row["operator_id"]),
            "operator_name": self.operators.get(row["operator_id"], ""),
            "enterprise_id": str(row["enterprise_id"]),
            "enterprise_name": self.entries.get(row["enterprise_id"], {}).get("name", ""),
            "point_id": str(row["point_id"]),
            "point_name": point.get("name", ""),
            "point_code": point.get("code", ""),
            "medium": point.get("kind"),
        }


async def names_of(
    connection: Connection, scope: Scope, *, entries: Iterable[UUID], operators: Iterable[UUID]
) -> Names:
    """The names, read in the transaction that read the rows, so with the same row-level security."""
    if scope.sees == "operator":
        await introduce_former_clients(connection)
    entry_rows = await connection.fetch(_ENTRIES, list(set(entries)))
    operator_rows = await connection.fetch(_OPERATORS, list(set(operators)))
    return Names(
        {row["id"]: dict(row) for row in entry_rows},
        {row["operator_id"]: row["operator_name"] for row in operator_rows},
    )


async def names_of_rows(connection: Connection, scope: Scope, rows: Iterable[Any]) -> Names:
    """The names for rows that each have an operator, an enterprise and a point."""
    all_rows = list(rows)
    entries = {row[name] for row in all_rows for name in ("enterprise_id", "point_id")}
    return await names_of(
        connection, scope, entries=entries, operators={row["operator_id"] for row in all_rows}
    )


_ENTRIES: Final = """
    select id, kind, latest->>'name' as name, latest->>'code' as code
      from register.entry where id = any($1)
"""
_OPERATORS: Final = """
    select wanted as operator_id, c.operator_name
      from unnest($1::uuid[]) wanted cross join lateral (
          select operator_name from work.contract where operator_id = wanted order by submitted desc, id limit 1) c
"""
