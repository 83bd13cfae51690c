"""Filings as of an earlier day, and what happened to one resource: folded on request from the kept facts of one operator."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from qingyuan_runtime.database.connections import Pool

from views.filings import kept_facts, past_rows
from views.filings.past import FilingFacts, Past, past
from views.filings.queries import CONTRACTS, OneFiling
from views.filings.query_models import ResourceQuery
from views.filings.timeline import Line, timeline
from views.shared.composed import Statement
from views.shared.pages import Found
from views.shared.scope import Scope
from views.shared.scoped import scoped
from views.shared.when import When


class PastQueries:
    """The folds run beside the requests of others: hundreds of resources take longer than a query."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def filing(
        self, scope: Scope, operator_id: UUID, when: When, *, contracts: bool
    ) -> OneFiling | None:
        """`contracts`: whether they are counted, by what is known of them today. The last day to report and leases that are too short are duties of today alone."""
        held = await self._past(scope, operator_id, when)
        if held.filing is None:
            return None
        running = await self._contracts(scope, operator_id, when) if contracts else None
        row = past_rows.filing(held.filing)
        return OneFiling(row, past_rows.counts(held), past_rows.unfiled(held), running, None, [])

    async def resources(self, scope: Scope, operator_id: UUID, when: When, query: ResourceQuery) -> Found:
        held = await self._past(scope, operator_id, when)
        return past_rows.resources(held, query, when.as_of)

    async def timeline(self, scope: Scope, resource_id: UUID, when: When) -> Sequence[Line] | None:
        async with scoped(self._pool, scope) as connection:
            operator_id = await connection.fetchval(*kept_facts.owner_of(scope, resource_id))
        if operator_id is None:
            return None
        streams = [f"filing-{operator_id}", f"resource-{resource_id}"]
        known = await self._facts(scope, kept_facts.of_streams(scope, streams, when.as_known))
        return timeline(known, resource_id, when.as_of)

    async def _past(self, scope: Scope, operator_id: UUID, when: When) -> Past:
        known = await self._facts(scope, kept_facts.of_operator(scope, operator_id, when.as_known))
        return await asyncio.to_thread(past, known, when.as_of)

    async def _facts(self, scope: Scope, statement: Statement) -> FilingFacts:
        async with scoped(self._pool, scope) as connection:
            rows = await connection.fetch(*statement)
        return await asyncio.to_thread(lambda: list(map(kept_facts.recorded_from, rows)))

    async def _contracts(self, scope: Scope, operator_id: UUID, when: When) -> Any:
        async with scoped(self._pool, scope) as connection:
            return await connection.fetchrow(CONTRACTS, operator_id, when.as_of)
