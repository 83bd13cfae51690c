"""Who sees which rows: the one place that turns an actor into a condition, and sets the fence in the database."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.edge.problems import Forbidden

WHOLE_CITY: Final = "310000"


@dataclass(frozen=True, slots=True)
class Scope:
    """`sees` is all, enterprise, operator or district; `place` names which one."""

    sees: str
    place: str

    def condition(self, argument: int) -> str:
        """SQL over an `entry e`; the scope's place is parameter number `argument`."""
        match self.sees:
            case "enterprise":
                return f"e.enterprise_id = ${argument}::text::uuid"
            case "operator":
                return f"e.enterprise_id = any ({_CLIENTS}) and ${argument}::text is not null"
            case "district":
                return (
                    "e.enterprise_id in (select enterprise_id from district_of"
                    f" where district = ${argument}::text)"
                )
            case _:
                return f"${argument}::text is not null"

    def own(self, row: str, argument: str) -> str:
        """SQL over a row of the working day, which names all three it belongs to; `argument` holds the place."""
        match self.sees:
            case "enterprise" | "operator":
                return f"{row}.{self.sees}_id = {argument}::text::uuid"
            case "district":
                return f"{row}.district = {argument}::text"
            case _:
                return f"{argument}::text is not null"


_CLIENTS: Final = "coalesce((select nullif(current_setting('qingyuan.clients', true), '')::uuid[]), '{}')"


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
    await connection.execute(f"{_INTRODUCE} where {RUNS.format(day='$1')}", day)


async def introduce_former_clients(connection: Connection) -> None:
    """Also those whose contract is over: an operator's own past work goes on naming its places. Names alone."""
    await connection.execute(f"{_INTRODUCE} where {AGREED}")


AGREED: Final = "state in ('confirmed', 'ended')"
"""SQL: a contract that its enterprise has agreed to."""
RUNS: Final = AGREED + " and first_day <= {day} and least(last_day, ended_on) >= {day}"
"""SQL: such a contract while it holds."""
_INTRODUCE: Final = (
    "select set_config('qingyuan.clients', coalesce(array_agg(distinct enterprise_id), '{}')::text, true)"
    " from work.contract"
)
