"""The queries about filings, restricted to a scope, and the public register of operators."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection, Pool

from views.filings import lists
from views.filings.joint_passing import waiting_among
from views.filings.leases import uncovered
from views.filings.query_models import FilingQuery, PaperQuery, PublicQuery, ResourceQuery
from views.filings.reporting import report_by
from views.shared.pages import Found, List, read, read_all
from views.shared.scope import Scope, runs
from views.shared.scoped import scoped

EVERYBODY: Final = Scope("all", "")


@dataclass(frozen=True, slots=True)
class OneFiling:
    """`counts`: resources by kind; `contracts`: number and amount of those that run on the day, None where not asked for."""

    row: Any
    counts: dict[str, int]
    unfiled: int
    contracts: Any
    report_by: date | None
    uncovered: Sequence[Any]


@dataclass(frozen=True, slots=True)
class OneReview:
    filing: Any
    resources: Sequence[Any]
    uncovered: Sequence[Any]


@dataclass(frozen=True, slots=True)
class FoundWithLeases:
    """A page, and which leases of its operators do not cover a contract."""

    page: Found
    uncovered: Sequence[Any]


class FilingQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def filings(
        self, scope: Scope, query: FilingQuery, today: date
    ) -> tuple[Found, Mapping[UUID, Any]]:
        """The page, and of those filings on it that wait for a review what decides whether they pass with others."""
        async with scoped(self._pool, scope) as connection:
            found = await read(connection, lists.filings(scope, query))
            return found, await waiting_among(connection, found.rows, today)

    async def resources(
        self, scope: Scope, operator_id: UUID, query: ResourceQuery, today: date
    ) -> FoundWithLeases:
        return await self._with_leases(scope, lists.resources(scope, operator_id, query, today), today)

    async def every_resource(
        self, scope: Scope, operator_id: UUID, query: ResourceQuery, today: date, rows_max: int
    ) -> AsyncIterator[Sequence[Any]]:
        """From one snapshot, up to `rows_max` and one more. For exports."""
        listed = lists.resources(scope, operator_id, query, today)
        async with scoped(self._pool, scope, "repeatable_read") as connection:
            async for rows in read_all(connection, listed, rows_max):
                yield rows

    async def papers(self, scope: Scope, query: PaperQuery, today: date) -> FoundWithLeases:
        return await self._with_leases(scope, lists.papers(scope, query, today), today)

    async def public(self, query: PublicQuery) -> Found:
        """Of filed operators only what is public, so this runs with the scope of everybody's rows."""
        return await self._page(EVERYBODY, lists.public(EVERYBODY, query))

    async def filing(self, scope: Scope, operator_id: UUID, today: date) -> OneFiling | None:
        async with scoped(self._pool, scope) as connection:
            row = await connection.fetchrow(_FILING, operator_id)
            if row is None:
                return None
            counts = await connection.fetch(_COUNTS, operator_id)
            contracts = await connection.fetchrow(CONTRACTS, operator_id, today)
            by_kind = {counted["kind"]: counted["number"] for counted in counts}
            unfiled = sum(counted["unfiled"] for counted in counts)
            short = await uncovered(connection, [operator_id], today)
            term = await report_by(connection, row, today)
            return OneFiling(row, by_kind, unfiled, contracts, term, short)

    async def resource(self, scope: Scope, resource_id: UUID, today: date) -> tuple[Any, Sequence[Any]]:
        """Its row, None where there is none, and which leases of its operator do not cover a contract."""
        async with scoped(self._pool, scope) as connection:
            row = await connection.fetchrow(*lists.one_resource(resource_id))
            return row, await uncovered(connection, [row["operator_id"]] if row else [], today)

    async def review(self, scope: Scope, operator_id: UUID, today: date) -> OneReview | None:
        """None where nothing waits for a review."""
        async with scoped(self._pool, scope) as connection:
            filing = await connection.fetchrow(_FILING, operator_id)
            if filing is None or not filing["state"].endswith("_review"):
                return None
            short = await uncovered(connection, [operator_id], today)
            return OneReview(filing, await _under_review(connection, filing), short)

    async def _with_leases(self, scope: Scope, listed: List, today: date) -> FoundWithLeases:
        async with scoped(self._pool, scope) as connection:
            page = await read(connection, listed)
            operators = {row["operator_id"] for row in page.rows}
            return FoundWithLeases(page, await uncovered(connection, operators, today))

    async def _page(self, scope: Scope, listed: List) -> Found:
        async with scoped(self._pool, scope) as connection:
            return await read(connection, listed)


async def _under_review(connection: Connection, filing: Any) -> Sequence[Any]:
    rows: Sequence[Any] = await connection.fetch(_UNDER_REVIEW, filing["operator_id"], filing["number"])
    return rows


_FILING: Final = "select * from filings.filing where operator_id = $1"
_COUNTS: Final = """
    select r.kind, count(*) filter (where r.ended_on is null) as number,
           count(*) filter (where coalesce(f.version, 0) < r.own_version
               and not coalesce(s.outcome in ('waiting', 'passed') and s.version >= r.own_version, false)
               and (r.ended_on is null or f.version is not null)) as unfiled
      from filings.resource r
      left join filings.filed_resource f on f.resource_id = r.id and not f.cancelled
      left join filings.submitted_resource s on s.resource_id = r.id
     where r.operator_id = $1 group by r.kind
"""
CONTRACTS: Final = f"""
    select count(*) as number, sum((detail->'particulars'->>'amount')::numeric) as amount
      from work.contract where operator_id = $1 and {runs("$2")}
"""
_UNDER_REVIEW: Final = """
    select r.id, r.kind, s.version, r.title, now.particulars as now, now.changed_on, now.ended_on,
           before.particulars as before, s.remarks, s.returned_version, returned.particulars as returned
      from filings.submitted_resource s
      join filings.resource r on r.id = s.resource_id
      join filings.resource_version now on now.resource_id = s.resource_id and now.version = s.version
      left join filings.filed_resource f on f.resource_id = s.resource_id and not f.cancelled
      left join filings.resource_version before on before.resource_id = f.resource_id and before.version = f.version
      left join filings.resource_version returned
             on returned.resource_id = s.resource_id and returned.version = s.returned_version
     where s.operator_id = $1 and s.number = $2
     order by r.kind, r.title, r.id
"""
