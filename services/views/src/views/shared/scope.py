"""Who sees which rows: the one place that turns an actor into a condition, and sets the fence in the database."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.edge.problems import Forbidden
from sqlalchemy import ARRAY, ColumnElement, FromClause, Uuid, any_, literal_column, select, true

from views.shared.composed import Condition, parameter
from views.tables.register import DISTRICT_OF

WHOLE_CITY: Final = "310000"


@dataclass(frozen=True, slots=True)
class Scope:
    """`sees` is all, enterprise, operator or district; `place` names which one."""

    sees: str
    place: str


def own_rows(sees: str, row: FromClause) -> Condition:
    """Those of a scope, in a table whose rows name enterprise, operator and district. Takes the scope's `place`."""
    match sees:
        case "enterprise" | "operator":
            return row.c[f"{sees}_id"] == parameter("place")
        case "district":
            return row.c.district == parameter("place")
        case _:
            return true()


def own_enterprises(sees: str, row: FromClause) -> Condition:
    """The same in a table of the register, whose rows name the enterprise alone."""
    match sees:
        case "enterprise":
            return row.c.enterprise_id == parameter("place")
        case "operator":
            return row.c.enterprise_id == any_(_CLIENTS)
        case "district":
            return in_district(row, "place")
        case _:
            return true()


def in_district(row: FromClause, name: str) -> Condition:
    """Rows of the register whose enterprise lies in a district; `name` is that of the parameter."""
    located = select(DISTRICT_OF.c.enterprise_id).where(DISTRICT_OF.c.district == parameter(name))
    return row.c.enterprise_id.in_(located)


_CLIENTS: Final[ColumnElement[Any]] = literal_column(
    "coalesce((select nullif(current_setting('qingyuan.clients', true), '')::uuid[]), '{}')", ARRAY(Uuid)
)


def scope_of(actor: Actor) -> Scope:
    """Raises `Forbidden` for kinds of account that see nothing here."""
    match actor.kind:
        case "enterprise" | "operator" if actor.organisation:
            return Scope(actor.kind, str(actor.organisation))
        case "regulator" if actor.district != WHOLE_CITY:
            return Scope("district", str(actor.district))
        case "regulator" | "administrator":
            return Scope("all", "")
        case _:
            raise Forbidden


async def fence(connection: Connection, scope: Scope) -> None:
    """Row-level security for this transaction: a query that forgets its condition still shows no other's row."""
    await connection.execute(
        "select set_config('qingyuan.sees', $1, true), set_config('qingyuan.place', $2, true)",
        scope.sees,
        scope.place,
    )


async def introduce_clients(connection: Connection, day: date) -> None:
    """Lets an operator see, in the register, the enterprises that a contract of the day is confirmed by. Call it fenced.

    The register does not know contracts, so its fence is told their enterprises by a setting of the transaction.
    """
    await connection.execute(f"{_INTRODUCE} where {runs('$1')}", day)


async def introduce_former_clients(connection: Connection) -> None:
    """Also those whose contract is over: an operator's own past work goes on naming its places. Names alone."""
    await connection.execute(f"{_INTRODUCE} where {AGREED}")


AGREED: Final = "state in ('confirmed', 'ended')"
"""SQL: a contract that its enterprise has agreed to."""


def runs(day: str) -> str:
    """SQL: such a contract while it holds; `day` is the placeholder of the day."""
    return f"{AGREED} and first_day <= {day} and least(last_day, ended_on) >= {day}"


_INTRODUCE: Final = (
    "select set_config('qingyuan.clients', coalesce(array_agg(distinct enterprise_id), '{}')::text, true)"
    " from work.contract"
)
