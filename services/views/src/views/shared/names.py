"""What the things that rows point at are called: enterprises and points by the register, operators by contracts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection

from views.shared.scope import Scope, introduce_former_clients


@dataclass(frozen=True, slots=True)
class Names:
    """Empty where the register does not know a thing yet: topics arrive in any order."""

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
    """Look up in the fenced transaction that found the rows; shows no more than that fence lets through."""
    if scope.sees == "operator":
        await introduce_former_clients(connection)
    found = await connection.fetch(_ENTRIES, list(set(entries)))
    operating = await connection.fetch(_OPERATORS, list(set(operators)))
    return Names(
        {row["id"]: dict(row) for row in found},
        {row["operator_id"]: row["operator_name"] for row in operating},
    )


async def names_of_rows(connection: Connection, scope: Scope, rows: Iterable[Any]) -> Names:
    """For rows that each name an operator, an enterprise and a point."""
    listed = list(rows)
    entries = {row[name] for row in listed for name in ("enterprise_id", "point_id")}
    return await names_of(
        connection, scope, entries=entries, operators={row["operator_id"] for row in listed}
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
