"""How enterprises, points and operators are called, as their facts said last: what a message is about is read with these names."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events.contracts import ContractSubmitted, ContractSubmittedV2, ContractSubmittedV3
from qingyuan_events.registry import (
    EnterpriseCorrected,
    EnterpriseRegistered,
    MonitoringPointAdded,
    MonitoringPointCorrected,
)
from qingyuan_runtime.database.connections import Connection

TABLE: Final = "create table called (id uuid primary key, name text not null);"
"""In the schema of a follower, so that a rebuild fills it from the beginning."""


def named_by(fact: Fact) -> Mapping[UUID, str]:
    match fact:
        case EnterpriseRegistered() | EnterpriseCorrected():
            return {fact.enterprise_id: fact.particulars.name}
        case MonitoringPointAdded() | MonitoringPointCorrected():
            return {fact.point_id: fact.particulars.name}
        case ContractSubmittedV2() | ContractSubmittedV3():
            return {fact.operator_id: fact.terms.operator_name}
        case ContractSubmitted():
            return {fact.operator_id: fact.particulars.operator_name}
        case _:
            return {}


async def remember(connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
    """The last name of a batch counts."""
    names = {id_: name.replace("\0", "\ufffd") for each in facts for id_, name in named_by(each.fact).items()}
    if names:
        await connection.execute(_REMEMBER, list(names), list(names.values()))


_REMEMBER: Final = """
    insert into called (id, name) select * from unnest($1::uuid[], $2::text[])
    on conflict (id) do update set name = excluded.name
"""

ABOUT: Final = """
    select nullif(concat_ws(' · ',
               (select name from notices_registry.called where id = m.enterprise and id is distinct from {reader}),
               (select name from notices_registry.called where id = m.point),
               (select name from notices_tasks.called where id = m.operator and id is distinct from {reader})), '')
"""
"""SQL: what the message `m` is about, without the organisation of whoever reads it."""
