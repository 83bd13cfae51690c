"""Points that were registered by mistake, for queries about the work that was planned there.

`work` follows the log of tasks alone and does not know them; they are asked of the register when the question is asked.
"""

from typing import Any

from qingyuan_runtime.database.connections import Connection
from sqlalchemy import FromClause, select

from views.shared.composed import Condition, fixed
from views.shared.scope import Scope, introduce_former_clients
from views.tables.register import ENTRY


def at_voided_point(row: FromClause) -> Condition:
    """Whether the row is about a voided point: work that was not done there by then is neither due nor missed."""
    entry = ENTRY.alias("voided")
    points: Any = select(entry.c.id).where(
        entry.c.noun == fixed("monitoring_point"), entry.c.status == fixed("voided")
    )
    return row.c.point_id.in_(points)


async def introduce_points(connection: Connection, scope: Scope) -> None:
    """Lets an operator's query see which points of its clients are voided. Call this before `at_voided_point` is asked."""
    if scope.sees == "operator":
        await introduce_former_clients(connection)
