"""Which rows an actor may see. Only this module turns an actor into a condition and sets row-level security."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.edge.policy import WHOLE_CITY
from qingyuan_runtime.edge.problems import Forbidden
from sqlalchemy import ARRAY, ColumnElement, FromClause, Uuid, any_, false, literal_column, select, true

from views.shared.composed import Condition, parameter
from views.tables.register import DISTRICT_OF
from views.tables.reports import REPORT


@dataclass(frozen=True, slots=True)
class Scope:
    """`sees` is `all`, `enterprise`, `operator` or `district`; `place` is the id of the organisation or the code of the
    district."""

    sees: str
    place: str


def own_rows(sees: str, row: FromClause) -> Condition:
    """The condition for a scope's rows in a table with enterprise, operator and district.

    Its parameter is the scope's `place`.
    """
    match sees:
        case "enterprise" | "operator":
            return row.c[f"{sees}_id"] == parameter("place")
        case "district":
            return row.c.district == parameter("place")
        case _:
            return true()


def own_filings(sees: str, row: FromClause) -> Condition:
    """The condition for rows of a filing: an operator's own; all for offices, of whichever district; none for enterprises."""
    match sees:
        case "operator":
            return row.c.operator_id == parameter("place")
        case "enterprise":
            return false()
        case _:
            return true()


def own_enterprises(sees: str, row: FromClause) -> Condition:
    """The same for a table of the register, whose rows have the enterprise only."""
    match sees:
        case "enterprise":
            return row.c.enterprise_id == parameter("place")
        case "operator":
            return of_clients(row)
        case "district":
            return in_district(row, "place")
        case _:
            return true()


def own_reports(sees: str, row: FromClause) -> Condition:
    """The condition for a scope's reports: others than the operator see what was handed in once."""
    own = own_rows(sees, row)
    return own if sees == "operator" else own & row.c.handed_in


def own_exemptions(sees: str, row: FromClause) -> Condition:
    """Those of the own enterprise or district; of an operator's clients, without those for another operator's report."""
    if sees != "operator":
        return own_rows(sees, row)
    own = select(REPORT.c.id).where(REPORT.c.operator_id == parameter("place"))
    return of_clients(row) & (row.c.report_id.is_(None) | row.c.report_id.in_(own))


def of_clients(row: FromClause) -> Condition:
    """The condition for rows of the enterprises that were introduced as the operator's clients."""
    return row.c.enterprise_id == any_(_CLIENTS)


def in_district(row: FromClause, name: str) -> Condition:
    """The condition for rows of the register whose enterprise is in a district; `name` is the name of the parameter."""
    located = select(DISTRICT_OF.c.enterprise_id).where(DISTRICT_OF.c.district == parameter(name))
    return row.c.enterprise_id.in_(located)


_CLIENTS: Final[ColumnElement[Any]] = literal_column(
    "coalesce((select nullif(current_setting('qingyuan.clients', true), '')::uuid[]), '{}')", ARRAY(Uuid)
)


def scope_of(actor: Actor) -> Scope:
    """Raises `Forbidden` for accounts that may see nothing."""
    match actor.kind:
        case "enterprise" | "operator" if actor.organisation:
            return Scope(actor.kind, str(actor.organisation))
        case "regulator" if actor.district != WHOLE_CITY:
            return Scope("district", str(actor.district))
        case "regulator" | "administrator":
            return Scope("all", "")
        case _:
            raise Forbidden


async def set_row_security(connection: Connection, scope: Scope) -> None:
    """Sets row-level security for this transaction: even a query without the right condition cannot read other rows."""
    await connection.execute(
        "select set_config('qingyuan.sees', $1, true), set_config('qingyuan.place', $2, true)",
        scope.sees,
        scope.place,
    )


async def introduce_clients(connection: Connection, day: date) -> None:
    """Lets an operator see in the register the enterprises with which it has a confirmed contract on the day.

    The register does not know contracts, so row-level security reads their enterprises from a setting of the transaction.
    Call this after `set_row_security`.
    """
    await connection.execute(f"{_INTRODUCE} where {runs('$1')}", day)


async def introduce_former_clients(connection: Connection) -> None:
    """Also the enterprises of contracts that are over, since lists of past work show their names.

    Read nothing but names then, and by what an instrument of the work is recognised.
    """
    await connection.execute(f"{_INTRODUCE} where {AGREED}")


async def introduce_contractors(connection: Connection) -> None:
    """Lets an enterprise see by which filed papers its operators work. Call this after `set_row_security`."""
    await connection.execute(_INTRODUCE_CONTRACTORS)


AGREED: Final = "state in ('confirmed', 'ended')"
"""SQL: a contract that its enterprise has agreed to."""


def runs(day: str) -> str:
    """SQL: such a contract in force on a day; `day` is the placeholder of the day."""
    return f"{AGREED} and first_day <= {day} and least(last_day, ended_on) >= {day}"


_INTRODUCE: Final = (
    "select set_config('qingyuan.clients', coalesce(array_agg(distinct enterprise_id), '{}')::text, true)"
    " from work.contract"
)
_INTRODUCE_CONTRACTORS: Final = """
    select set_config('qingyuan.contractors', coalesce(array_agg(operator_id), '{}')::text, true)
      from (select operator_id from work.contract union select operator_id from work.visit_tally) as working
"""
