"""What work and agreements name an entry of the register: to be seen before it is voided, since all of it stays."""

from datetime import date
from typing import Any, Final

from qingyuan_runtime.database.connections import Connection
from sqlalchemy import Select, select

from views.shared.composed import composed, fixed, parameter
from views.shared.scope import Scope, own_enterprises
from views.tables.register import ENTRY, HISTORY


async def naming(connection: Connection, scope: Scope, stream: str, day: date) -> dict[str, int] | None:
    """How many visits, of which signed, and how many contracts and plans in force on the day; None for what is not shown."""
    noun, key = stream.split("-", 1)
    values = {"stream": stream, "place": scope.place}
    entry = await connection.fetchrow(*_entry(scope.sees).statement(values))
    if entry is None:
        return None
    if noun == "instrument":
        return await _counted(connection, _VISITS, [entry["parent_id"]], key) | {"contracts": 0, "plans": 0}
    points = [entry["id"]]
    if noun != "monitoring_point":
        points = [row["id"] for row in await connection.fetch(_POINTS, entry["id"])]
    visits = await _counted(connection, _VISITS, points, None)
    return visits | await _counted(connection, _AGREED, points, entry["enterprise_id"], day)


async def _counted(connection: Connection, query: str, *values: Any) -> dict[str, int]:
    (row,) = await connection.fetch(query, *values)
    return dict(row)


@composed
def _entry(sees: str) -> Select[Any]:
    """The history is asked by the name of the stream, which may be any text."""
    entry, line = ENTRY.alias("e"), HISTORY.alias("h")
    begun = (line.c.stream == parameter("stream")) & (line.c.version == fixed(1))
    return (
        select(entry.c.id, entry.c.parent_id, entry.c.enterprise_id)
        .join_from(line, entry, entry.c.id == line.c.entry_id)
        .where(begun, own_enterprises(sees, entry))
    )


# Those of an outlet, or of a whole enterprise.
_POINTS: Final = """
    select id from register.entry where noun = 'monitoring_point' and (parent_id = $1 or enterprise_id = $1)
"""
_VISITS: Final = """
    select count(*) as visits, count(*) filter (where c.state = 'signed') as signed
      from work.visit v
      left join confirmations.confirmation c on c.visit_id = v.id
     where v.point_id = any($1) and v.state <> 'aborted'
       and ($2::text is null or exists (
           select from work.sheet s where s.visit_id = v.id and (s.revision -> 'instruments')::jsonb ? $2))
"""
_AGREED: Final = """
    select (select count(*) from work.contract
             where enterprise_id = $2 and state in ('confirmed', 'ended') and points && $1::uuid[]
               and least(last_day, ended_on) >= $3) as contracts,
           (select count(distinct plan_id) from work.cycle
             where point_id = any($1) and not stopped and closes >= $3) as plans
"""
