"""The queries about reports. Each runs in a transaction with row-level security and has a condition for its scope as well."""

import json
from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_standards.days import local_day

from views.reports import documents, lists, results, trends
from views.reports.query_models import ExemptionQuery, ReportFilter, ReportQuery
from views.shared.named_lists import named_page
from views.shared.names import Names, Wanted, names_of
from views.shared.pages import Page, read
from views.shared.scope import Scope, introduce_clients, introduce_former_clients
from views.shared.scoped import scoped


@dataclass(frozen=True, slots=True)
class OneReport:
    """A report's row, its draft where the asker may see it, and the rest as read. `related`: numbers of reports by their ids."""

    row: Any
    draft: Any
    rounds: Sequence[Any]
    verdicts: Sequence[Any]
    steps: Sequence[Any]
    exemptions: Sequence[Any]
    related: dict[UUID, str | None]
    instruments: Sequence[UUID]
    names: Names


def day_of(row: Any) -> date:
    """The day whose names are shown: the first of the work, or on which it was handed in or begun."""
    day: date = row["first_day"] or local_day(row["listed_at"])
    return day


class ReportQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def scoped(self, scope: Scope) -> AbstractAsyncContextManager[Connection]:
        return scoped(self._pool, scope)

    async def reports(self, scope: Scope, query: ReportQuery) -> Page:
        return await named_page(self._pool, scope, lists.reports(scope, query), _names_of_reports)

    async def exemptions(self, scope: Scope, query: ExemptionQuery, today: date) -> Page:
        async with self.scoped(scope) as connection:
            if scope.sees == "operator":
                await introduce_clients(connection, today)
            found = await read(connection, lists.exemptions(scope, query, today))
            names = await names_of(connection, scope, _of_exemptions(found.rows))
            return Page(found.rows, found.following, names, found.count)

    async def results(self, scope: Scope, query: ReportFilter) -> dict[str, Any]:
        async with self.scoped(scope) as connection:
            return await results.answer(connection, scope, query)

    async def one(self, scope: Scope, report_id: UUID) -> OneReport | None:
        async with self.scoped(scope) as connection:
            row = await connection.fetchrow(*lists.one_report(scope, report_id))
            return await _whole(connection, scope, row) if row else None

    async def earlier(self, scope: Scope, report_id: UUID) -> trends.Found | None:
        """None where there is no such report for this scope."""
        async with self.scoped(scope) as connection:
            row = await connection.fetchrow(*lists.one_report(scope, report_id))
            if row is None:
                return None
            document = await connection.fetchval(_DOCUMENT, report_id)
            factors = list(documents.factors(json.loads(document)))
            return await trends.read(connection, scope, row, factors, day_of(row))


async def _whole(connection: Connection, scope: Scope, row: Any) -> OneReport:
    key, whose_draft = row["id"], scope.sees == "operator" and row["state"] in ("draft", "returned")
    draft = await connection.fetchrow(_DRAFT, key) if whose_draft else None
    rounds = await connection.fetch(_ROUNDS, key)
    if scope.sees == "operator":
        await introduce_former_clients(connection)
    held = await connection.fetch(*lists.exemptions_of(scope, row).statement) if row["first_day"] else []
    instruments = _instruments([*rounds, *([draft] if draft else [])])
    wanted = _of_exemptions(held)
    wanted.add(row, day_of(row), [*row["points"], *instruments])
    return OneReport(
        row=row,
        draft=draft,
        rounds=rounds,
        verdicts=await connection.fetch(_VERDICTS, key),
        steps=await connection.fetch(_STEPS, key, scope.sees == "operator"),
        exemptions=held,
        related=await _related(connection, row),
        instruments=instruments,
        names=await names_of(connection, scope, wanted),
    )


def _instruments(contents: Iterable[Any]) -> list[UUID]:
    """Those that the documents name, each once."""
    factors = (
        factor for content in contents for factor in documents.factors(json.loads(content["document"]))
    )
    return list(dict.fromkeys(factor.instrument_id for factor in factors if factor.instrument_id))


async def _related(connection: Connection, row: Any) -> dict[UUID, str | None]:
    wanted = [one for one in (row["replaces"], row["superseded_by"]) if one]
    rows = await connection.fetch(_NUMBERS, wanted) if wanted else []
    return {found["id"]: found["number"] for found in rows}


async def _names_of_reports(connection: Connection, scope: Scope, rows: Sequence[Any]) -> Names:
    wanted = Wanted()
    for row in rows:
        wanted.add(row, day_of(row), row["points"])
    return await names_of(connection, scope, wanted)


def _of_exemptions(rows: Iterable[Any]) -> Wanted:
    wanted = Wanted()
    for row in rows:
        points = [row["point_id"]] if row["point_id"] else []
        wanted.entries |= {(entry, row["first_day"]) for entry in (row["enterprise_id"], *points)}
    return wanted


_DRAFT: Final = "select document, file, originals from reports.report_draft where report_id = $1"
_ROUNDS: Final = "select * from reports.report_round where report_id = $1 order by round"
_VERDICTS: Final = "select round, verdict from reports.report_verdict where report_id = $1 order by version"
_STEPS: Final = """
    select what, at, by, round, text from reports.report_step where report_id = $1 and (handed_in or $2) order by version
"""
_NUMBERS: Final = "select id, number from reports.report where id = any($1)"
_DOCUMENT: Final = """
    select coalesce(
        (select document::text from reports.report_round where report_id = $1 order by round desc limit 1),
        (select document::text from reports.report_draft where report_id = $1))
"""
