"""What pages ask of the working day. Every query runs inside a fenced transaction and names its scope."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from qingyuan_events.tasks import SheetRevision
from qingyuan_runtime.database.connections import Connection, Pool

from views.shared.fenced import fenced
from views.shared.names import Names, names_of, names_of_rows
from views.shared.pages import List, Page, own_row
from views.shared.scope import Scope
from views.tables.work import CONTRACT, PLAN
from views.work import lists
from views.work.query_models import ContractQuery, CycleQuery, PlanQuery, VisitQuery
from views.work.visits import Detail


@dataclass(frozen=True, slots=True)
class OneVisit:
    """A visit's row, all it says, its revisions oldest first, and the confirmation's row if there is one."""

    row: Any
    detail: Detail
    revisions: Sequence[SheetRevision]
    confirmation: Any
    names: Names


@dataclass(frozen=True, slots=True)
class OneContract:
    """`replaces` had its number before and was declined, `replaced_by` has it since; None: none that may be seen.

    `replaced`: some contract has its number since, seen or not.
    """

    row: Any
    plans: Sequence[Any]
    names: Names
    replaces: UUID | None
    replaced_by: UUID | None
    replaced: bool


@dataclass(frozen=True, slots=True)
class OnePlan:
    row: Any
    contract: Any
    done: Sequence[Any]
    names: Names


class WorkQueries:
    """Reads the live builds of `work`, `confirmations` and `register` by their schemas' names."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def fenced(self, scope: Scope) -> AbstractAsyncContextManager[Connection]:
        return fenced(self._pool, scope)

    async def visits(self, scope: Scope, asked: VisitQuery) -> Page:
        return await self._page(scope, lists.visits(scope, asked))

    async def cycles(self, scope: Scope, asked: CycleQuery, today: date) -> Page:
        return await self._page(scope, lists.cycles(scope, asked, today))

    async def _page(self, scope: Scope, asked: List) -> Page:
        async with self.fenced(scope) as connection:
            rows, following = asked.cut(await connection.fetch(*asked.statement))
            return Page(rows, following, await names_of_rows(connection, scope, rows))

    async def visit(self, scope: Scope, visit_id: UUID) -> OneVisit | None:
        asked = lists.one_visit(scope, visit_id)
        async with self.fenced(scope) as connection:
            row = await connection.fetchrow(*asked)
            if row is None:
                return None
            detail = await connection.fetchval(_DETAIL, visit_id)
            revisions = await connection.fetch(_REVISIONS, visit_id)
            confirmation = await connection.fetchrow(_CONFIRMATION, visit_id)
            names = await names_of_rows(connection, scope, [row])
        return OneVisit(
            row,
            Detail.model_validate_json(detail),
            [SheetRevision.model_validate_json(one["revision"]) for one in revisions],
            confirmation,
            names,
        )

    async def contracts(self, scope: Scope, asked: ContractQuery) -> Page:
        return await self._contractual(scope, lists.contracts(scope, asked))

    async def plans(self, scope: Scope, asked: PlanQuery) -> Page:
        return await self._contractual(scope, lists.plans(scope, asked))

    async def _contractual(self, scope: Scope, asked: List) -> Page:
        async with self.fenced(scope) as connection:
            rows, following = asked.cut(await connection.fetch(*asked.statement))
            return Page(rows, following, await _names(connection, scope, rows))

    async def contract(self, scope: Scope, contract_id: UUID) -> OneContract | None:
        async with self.fenced(scope) as connection:
            row = await connection.fetchrow(*own_row(CONTRACT, scope, contract_id))
            if row is None:
                return None
            asked = lists.plans(scope, PlanQuery(contract_id=contract_id, limit=500))
            plans = await connection.fetch(*asked.statement)
            names = await _names(connection, scope, [row], row["points"])
            replaces = await connection.fetchval(_EARLIER, row["replaces"])
            later = await connection.fetchval(_LATER, contract_id)
        replaced = later is not None or (row["state"] == "declined" and await self._replaced(contract_id))
        return OneContract(row, plans, names, replaces, later, replaced)

    async def _replaced(self, contract_id: UUID) -> bool:
        """Whether its number was taken again. It may be by a contract with another enterprise, which is nobody else's
        business: this looks past the fence, and says no more than yes or no."""
        async with self.fenced(Scope("all", "")) as connection:
            return await connection.fetchval(_LATER, contract_id) is not None

    async def plan(self, scope: Scope, plan_id: UUID) -> OnePlan | None:
        """A plan with what became of its cycles: `done` has a row for each that some visit fulfilled."""
        async with self.fenced(scope) as connection:
            row = await connection.fetchrow(*own_row(PLAN, scope, plan_id))
            if row is None:
                return None
            contract = await connection.fetchrow(_CONTRACT, row["contract_id"])
            cycles = await connection.fetch(_OF_PLAN, plan_id)
            points = {one["point_id"] for one in cycles}
            return OnePlan(row, contract, cycles, await _names(connection, scope, [row], points))


async def _names(
    connection: Connection, scope: Scope, rows: Sequence[Any], points: Sequence[UUID] | set[UUID] = ()
) -> Names:
    entries = {row["enterprise_id"] for row in rows} | set(points)
    return await names_of(connection, scope, entries=entries, operators=[row["operator_id"] for row in rows])


_DETAIL: Final = "select detail from work.visit_detail where id = $1"
_REVISIONS: Final = "select revision from work.sheet where visit_id = $1 order by number"
_CONFIRMATION: Final = "select * from confirmations.confirmation where visit_id = $1"
_CONTRACT: Final = "select number, operator_name from work.contract where id = $1"
_EARLIER: Final = "select id from work.contract where id = $1"
_LATER: Final = "select id from work.contract where replaces = $1"
_OF_PLAN: Final = """
    select item, number, point_id, stopped, visit_id, done_on from work.cycle where plan_id = $1
     order by item, number, point_id
"""
