"""Writes facts of `qingyuan.tasks` into the table of this copy, in the transaction that moves the offset."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from qingyuan_events import Fact, Recorded
from qingyuan_events.tasks import (
    ContractConfirmed,
    ContractEnded,
    ContractSubmitted,
    ContractSubmittedV3,
    TasksFact,
)
from qingyuan_runtime.database.connections import Connection

from reports.contracted.terms import days_of

MODEL: Final = "contracted"


def create_script() -> str:
    return (files("reports.contracted") / "table.sql").read_text()


class ContractedProjection:
    model = MODEL
    topic = TasksFact.topic

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        for recorded in facts:
            await _apply(connection, recorded.fact)

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        rows = await connection.fetch(_DIGESTS, list(streams))
        return {row["stream"]: row["digest"] for row in rows}


async def _apply(connection: Connection, fact: Fact) -> None:
    match fact:
        case ContractSubmitted() | ContractSubmittedV3():
            await connection.execute(_SUBMITTED, fact.contract_id, fact.operator_id, *days_of(fact))
        case ContractConfirmed():
            await connection.execute(_CONFIRMED, fact.contract_id, list(fact.points))
        case ContractEnded():
            await connection.execute(_ENDED, fact.contract_id, fact.last_day)
        case _:
            pass


_SUBMITTED: Final = "insert into contract values ($1, $2, $3, $4) on conflict do nothing"
_CONFIRMED: Final = "update contract set points = $2 where contract_id = $1"
_ENDED: Final = "update contract set ended_on = $2 where contract_id = $1"
_DIGESTS: Final = """
    select 'contract-' || contract_id as stream, md5(to_jsonb(c)::text) as digest
      from contract c where 'contract-' || contract_id = any($1)
"""
