"""Writes facts of `qingyuan.tasks` into the tables of this read model, in the transaction that moves the offset."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from qingyuan_events import Fact, Recorded
from qingyuan_events.tasks import (
    ContractConfirmed,
    ContractEnded,
    ContractParticulars,
    ContractSubmitted,
    ContractSubmittedV3,
    ContractTerms,
    TasksFact,
    VisitOpened,
)
from qingyuan_runtime.database.connections import Connection
from qingyuan_standards.days import local_day

MODEL: Final = "business"


def create_script() -> str:
    return (files("filing.business") / "table.sql").read_text()


class Business:
    """Contracts with their terms, and the years in which an operator was on site."""

    model = MODEL
    topic = TasksFact.topic

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        for recorded in facts:
            await _apply(connection, recorded.fact)

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        """A hash of the row of each contract; visits have none of their own."""
        rows = await connection.fetch(_DIGESTS, list(streams))
        return {row["stream"]: row["digest"] for row in rows}


async def _apply(connection: Connection, fact: Fact) -> None:
    match fact:
        case ContractSubmitted() | ContractSubmittedV3():
            terms = _terms(fact)
            values = (fact.contract_id, fact.operator_id, terms.number, terms.first_day, terms.last_day)
            await connection.execute(_SUBMITTED, *values)
        case ContractConfirmed():
            await connection.execute(_CONFIRMED, fact.contract_id)
        case ContractEnded():
            await connection.execute(_ENDED, fact.contract_id, fact.last_day)
        case VisitOpened():
            await connection.execute(_VISITED, fact.operator_id, local_day(fact.received_at).year)
        case _:
            pass


def _terms(fact: ContractSubmitted | ContractSubmittedV3) -> ContractTerms | ContractParticulars:
    return fact.terms if isinstance(fact, ContractSubmittedV3) else fact.particulars


_SUBMITTED: Final = "insert into contract values ($1, $2, $3, $4, $5) on conflict do nothing"
_CONFIRMED: Final = "update contract set confirmed = true where contract_id = $1"
_ENDED: Final = "update contract set ended_on = $2 where contract_id = $1"
_VISITED: Final = "insert into visited values ($1, $2) on conflict do nothing"
_DIGESTS: Final = """
    select 'contract-' || contract_id as stream, md5(to_jsonb(c)::text) as digest
      from contract c where 'contract-' || contract_id = any($1)
"""
