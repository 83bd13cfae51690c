"""The queries about the working day.

Each runs in a transaction with row-level security and has a condition for its scope as well.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID

from qingyuan_events.tasks import SheetRevisionV3
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_standards.days import local_day

from views.shared.named_lists import Batch, named_batches, named_page
from views.shared.names import Names, Wanted, names_of, names_of_parties, names_of_rows
from views.shared.pages import Page, own_row
from views.shared.scope import Scope
from views.shared.scoped import scoped
from views.tables.work import CONTRACT, PLAN
from views.work import contract_lists, held_papers, lists, sheet_instruments
from views.work.filing_marks import Row
from views.work.overlaps import overlapping
from views.work.query_models import ContractQuery, CycleQuery, PlanQuery, VisitQuery
from views.work.visits import Detail

_OF_VISITS: Final = partial(names_of_rows, day="day")
_OF_CYCLES: Final = partial(names_of_rows, day="closes")
_OF_CONTRACTS: Final = partial(names_of_parties, at="submitted")
_OF_PLANS: Final = partial(names_of_parties, at="published")


@dataclass(frozen=True, slots=True)
class OneVisit:
    """A visit's row, its detail, its sheet revisions (oldest first), and the row of its confirmation if there is one.

    `in_use`: the instruments of its point on the day of the work; see `sheet_instruments`. `certificates` and `devices`:
    see `held_papers`.
    """

    row: Any
    detail: Detail
    revisions: Sequence[SheetRevisionV3]
    confirmation: Any
    names: Names
    in_use: Sequence[Any]
    certificates: Sequence[Row]
    devices: Sequence[Row] = ()


def instruments_of(revisions: Sequence[SheetRevisionV3]) -> Sequence[UUID]:
    """The instruments that the sheets of a visit are about, each once, in the order of the sheets."""
    return list(dict.fromkeys(each for revision in revisions for each in revision.instruments))


@dataclass(frozen=True, slots=True)
class OneContract:
    """A contract with its plans, those that overlap with it, and those that had its number before or have it since.

    `replaces` is the declined contract that had the number before, `replaced_by` the contract that has it since; None if there
    is none that the scope may see. `replaced`: whether any contract has the number since, also one that may not be seen.
    """

    row: Any
    plans: Sequence[Any]
    overlaps: Sequence[Any]
    names: Names
    replaces: UUID | None
    replaced_by: UUID | None
    replaced: bool


@dataclass(frozen=True, slots=True)
class OnePlan:
    row: Any
    contract: Any
    cycles: Sequence[Any]
    names: Names


class WorkQueries:
    """Reads the live builds of `work`, `confirmations` and `register` by their schemas' names."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def scoped(self, scope: Scope) -> AbstractAsyncContextManager[Connection]:
        return scoped(self._pool, scope)

    async def visits(self, scope: Scope, query: VisitQuery) -> Page:
        return await named_page(self._pool, scope, lists.visits(scope, query), _OF_VISITS)

    async def cycles(self, scope: Scope, query: CycleQuery, today: date) -> Page:
        return await named_page(self._pool, scope, lists.cycles(scope, query, today), _OF_CYCLES)

    async def contracts(self, scope: Scope, query: ContractQuery, today: date) -> Page:
        listed = contract_lists.contracts(scope, query, today)
        return await named_page(self._pool, scope, listed, _OF_CONTRACTS)

    async def plans(self, scope: Scope, query: PlanQuery, today: date) -> Page:
        return await named_page(self._pool, scope, contract_lists.plans(scope, query, today), _OF_PLANS)

    def every_visit(self, scope: Scope, query: VisitQuery, rows_max: int) -> AsyncIterator[Batch]:
        return named_batches(self._pool, scope, lists.visits(scope, query), rows_max, _OF_VISITS)

    def every_cycle(
        self, scope: Scope, query: CycleQuery, today: date, rows_max: int
    ) -> AsyncIterator[Batch]:
        return named_batches(self._pool, scope, lists.cycles(scope, query, today), rows_max, _OF_CYCLES)

    def every_contract(
        self, scope: Scope, query: ContractQuery, today: date, rows_max: int
    ) -> AsyncIterator[Batch]:
        listed = contract_lists.contracts(scope, query, today)
        return named_batches(self._pool, scope, listed, rows_max, _OF_CONTRACTS)

    def every_plan(self, scope: Scope, query: PlanQuery, today: date, rows_max: int) -> AsyncIterator[Batch]:
        listed = contract_lists.plans(scope, query, today)
        return named_batches(self._pool, scope, listed, rows_max, _OF_PLANS)

    async def visit(self, scope: Scope, visit_id: UUID) -> OneVisit | None:
        statement = lists.one_visit(scope, visit_id)
        async with self.scoped(scope) as connection:
            row = await connection.fetchrow(*statement)
            if row is None:
                return None
            detail = await connection.fetchval(_DETAIL, visit_id)
            stored = await connection.fetch(_REVISIONS, visit_id)
            revisions = [SheetRevisionV3.model_validate_json(each["revision"]) for each in stored]
            confirmation = await connection.fetchrow(_CONFIRMATION, visit_id)
            signed_at = confirmation["signed_at"] if confirmation else None
            wanted = Wanted()
            wanted.add(row, row["day"], [row["point_id"], *instruments_of(revisions)])
            names = await names_of(connection, scope, wanted, signed_at)
            parts = Detail.model_validate_json(detail)
            in_use = await sheet_instruments.in_use(connection, row["point_id"], row["worked_on"])
            certificates = await held_papers.certificates(connection, row)
            used = (parts.sign_out.devices if parts.sign_out else None) or ()
            devices = await held_papers.devices(connection, row, used)
        return OneVisit(row, parts, revisions, confirmation, names, in_use, certificates, devices)

    async def contract(self, scope: Scope, contract_id: UUID, today: date) -> OneContract | None:
        async with self.scoped(scope) as connection:
            row = await connection.fetchrow(*own_row(CONTRACT, scope, contract_id))
            if row is None:
                return None
            plan_list = contract_lists.plans(scope, PlanQuery(contract_id=contract_id, limit=500), today)
            plans = await connection.fetch(*plan_list.statement)
            overlaps = await overlapping(connection, contract_id)
            points = {point for each in (row, *overlaps) for point in each["points"]}
            wanted = Wanted()
            wanted.add(row, local_day(row["submitted"]), points)
            for plan in plans:
                wanted.add(plan, local_day(plan["published"]))
            names = await names_of(connection, scope, wanted)
            replaces = await connection.fetchval(_REPLACED_CONTRACT, row["replaces"])
            later = await connection.fetchval(_REPLACING_CONTRACT, contract_id)
        replaced = later is not None or (row["state"] == "declined" and await self._replaced(contract_id))
        return OneContract(row, plans, overlaps, names, replaces, later, replaced)

    async def _replaced(self, contract_id: UUID) -> bool:
        """Whether another contract has taken its number.

        That contract may be with an enterprise that the scope may not see, so this reads all rows and returns only yes or no.
        """
        async with self.scoped(Scope("all", "")) as connection:
            return await connection.fetchval(_REPLACING_CONTRACT, contract_id) is not None

    async def plan(self, scope: Scope, plan_id: UUID) -> OnePlan | None:
        """A plan with all its cycles; those that a visit fulfilled have its id."""
        async with self.scoped(scope) as connection:
            row = await connection.fetchrow(*own_row(PLAN, scope, plan_id))
            if row is None:
                return None
            contract = await connection.fetchrow(_CONTRACT, row["contract_id"])
            cycles = await connection.fetch(_CYCLES_OF_PLAN, plan_id)
            wanted = Wanted()
            wanted.add(row, local_day(row["published"]), {cycle["point_id"] for cycle in cycles})
            return OnePlan(row, contract, cycles, await names_of(connection, scope, wanted))


_DETAIL: Final = "select detail from work.visit_detail where id = $1"
_REVISIONS: Final = "select revision from work.sheet where visit_id = $1 order by number"
_CONFIRMATION: Final = "select * from confirmations.confirmation where visit_id = $1"
_CONTRACT: Final = "select number, operator_name from work.contract where id = $1"
_REPLACED_CONTRACT: Final = "select id from work.contract where id = $1"
_REPLACING_CONTRACT: Final = "select id from work.contract where replaces = $1"
_CYCLES_OF_PLAN: Final = """
    select item, number, point_id, stopped, visit_id, done_on from work.cycle where plan_id = $1
     order by item, number, point_id
"""
