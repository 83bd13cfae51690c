"""The followers of the four topics: each writes the messages that follow from its facts, in the transaction of its position."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events.filing import FilingFact
from qingyuan_events.registry import EnterpriseCorrected, EnterpriseRegistered, RegistryFact
from qingyuan_events.reports import ReportsFact
from qingyuan_events.signoff import SignoffFact
from qingyuan_events.tasks import TasksFact
from qingyuan_runtime.database.connections import Connection

from messages.deciding import Districts, decide
from messages.message_writing import insert, settle

ENTERPRISES: Final = "create table enterprise (enterprise_id uuid primary key, district text not null)"


NO_TABLES: Final = "select 1"
"""The driver takes no empty script."""


class Notices:
    """Writes tables that a rebuild does not make anew: told again, a fact gives ids that are there already."""

    own_script = NO_TABLES

    def __init__(self, model: str, topic: str) -> None:
        self.model = model
        self.topic = topic

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        decided = [
            decide(recorded, districts)
            for recorded, districts in zip(facts, await self._districts(connection, facts), strict=True)
        ]
        await insert(connection, [message for each in decided for message in each.messages])
        await settle(connection, [settled for each in decided for settled in each.settled])

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        rows = await connection.fetch(_DIGESTS, list(streams))
        return {row["stream"]: row["digest"] for row in rows}

    async def _districts(
        self, _connection: Connection, facts: Sequence[Recorded[Fact]]
    ) -> Sequence[Districts]:
        """For each fact the districts as they were then."""
        return [{}] * len(facts)


class RegistryNotices(Notices):
    """Requests of enterprises do not say their district, so those of all enterprises are kept here."""

    own_script = ENTERPRISES

    async def _districts(
        self, connection: Connection, facts: Sequence[Recorded[Fact]]
    ) -> Sequence[Districts]:
        known = await self._known(connection, facts)
        as_of_each: list[Districts] = []
        for recorded in facts:
            if isinstance(recorded.fact, EnterpriseRegistered | EnterpriseCorrected):
                known = known | {recorded.fact.enterprise_id: recorded.fact.particulars.district}
            as_of_each.append(known)
        await connection.execute(_REMEMBER, list(known), list(known.values()))
        return as_of_each

    async def _known(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> dict[UUID, str]:
        ids = [getattr(recorded.fact, "enterprise_id", None) for recorded in facts]
        rows = await connection.fetch(_KNOWN, [id_ for id_ in ids if id_])
        return {row["enterprise_id"]: row["district"] for row in rows}


TASKS: Final = Notices("notices_tasks", TasksFact.topic)
SIGNOFF: Final = Notices("notices_signoff", SignoffFact.topic)
FILING: Final = Notices("notices_filing", FilingFact.topic)
REGISTRY: Final = RegistryNotices("notices_registry", RegistryFact.topic)
REPORTS: Final = Notices("notices_reports", ReportsFact.topic)
MODELS: Final[tuple[Notices, ...]] = (TASKS, SIGNOFF, FILING, REGISTRY, REPORTS)

_KNOWN: Final = "select enterprise_id, district from enterprise where enterprise_id = any($1)"
_REMEMBER: Final = """
    insert into enterprise (enterprise_id, district) select * from unnest($1::uuid[], $2::text[])
    on conflict (enterprise_id) do update set district = excluded.district
"""
_DIGESTS: Final = """
    select stream, md5(string_agg(message_id::text, ',' order by message_id)) as digest
      from public.message where stream = any($1) group by stream
"""
