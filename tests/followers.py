"""Every read model that is made from facts, in one database: told facts in a transaction that is rolled back."""

import asyncio
from collections.abc import Sequence
from typing import Any

from files.references import MODELS as REFERENCES
from filing import deadlines as papers
from filing.business.projection import Business
from filing.business.projection import create_script as business_script
from messages.main import SERVICE as MESSAGES
from messages.notices import MODELS as NOTICES
from messages.settings import MessagesSettings
from qingyuan_events import Fact, Recorded
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.following.rebuilding import ensure_live, session_of
from qingyuan_runtime.reacting import timers
from reports.contracted.projection import ContractedProjection
from reports.contracted.projection import create_script as contracted_script
from reports.installed.projection import InstalledProjection
from reports.installed.projection import create_script as installed_script
from signoff import deadlines
from tasks import reminders
from tasks.filed_copy.projection import FiledCopyProjection
from tasks.filed_copy.projection import create_script as filed_script
from tasks.register_copy.projection import RegisterCopyProjection
from tasks.register_copy.projection import create_script as places_script
from views.models import MODELS as VIEWS


async def _make_messages(dsn: str) -> None:
    """Its followers write tables that are no read model."""
    settings = MessagesSettings(database_url=dsn, migration_database_url=dsn)
    await asyncio.to_thread(MESSAGES.migrate, settings)


class Followers:
    """All of them; `project` raises what the first of them raises."""

    def __init__(self, projections: dict[str, Any], pools: dict[str, Pool]) -> None:
        self.projections = projections
        self._pools = pools

    @classmethod
    async def open(cls, server: DatabaseServer) -> "Followers":
        dsn = await server.fresh("followers")
        copies = (
            (RegisterCopyProjection(), places_script()),
            (FiledCopyProjection(), filed_script()),
            (Business(), business_script()),
            (InstalledProjection(), installed_script()),
            (ContractedProjection(), contracted_script()),
        )
        projections: dict[str, Any] = {copy.model: copy for copy, _ in copies}
        scripts = {copy.model: script for copy, script in copies}
        for name, made in VIEWS.items():
            projections[name], scripts[name] = made.projection(), made.script()
        for references in REFERENCES:
            projections[references.model] = references
            scripts[references.model] = references.create_script()
        for notices in NOTICES:
            projections[notices.model], scripts[notices.model] = notices, notices.own_script
        for timing in (deadlines.projection(), reminders.projection(), papers.projection()):
            projections[timing.model], scripts[timing.model] = timing, timers.create_script()
        await _make_messages(dsn)
        for name, script in scripts.items():
            await ensure_live(dsn, name, script)
        pools = {name: await open_pool(dsn, size=1, session=session_of(name)) for name in projections}
        return cls(projections, pools)

    async def close(self) -> None:
        for pool in self._pools.values():
            await pool.close()

    async def project(self, facts: Sequence[Recorded[Fact]]) -> dict[str, dict[str, str]]:
        """What the rows of each stream amount to in each model that follows its topic."""
        found = {}
        for name, projection in self.projections.items():
            mine = [fact for fact in facts if fact.fact.topic == projection.topic]
            if mine:
                found[name] = await self._told(name, mine)
        return found

    async def _told(self, name: str, facts: Sequence[Recorded[Fact]]) -> dict[str, str]:
        projection = self.projections[name]
        async with self._pools[name].acquire() as connection:
            transaction = connection.transaction()
            await transaction.start()
            try:
                await projection.apply(connection, facts)
                digests: dict[str, str] = await projection.digests(
                    connection, sorted({fact.stream for fact in facts})
                )
                return digests
            finally:
                await transaction.rollback()
