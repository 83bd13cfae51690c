"""The facts of filings as the read model keeps them, to answer for an earlier day: without the personal data in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from qingyuan_events import Actor, Fact, Meta, Recorded
from qingyuan_events.catalog import decode, encode
from qingyuan_events.filing import FilingFact
from qingyuan_events.personal import Personal
from qingyuan_runtime.database.connections import Connection
from sqlalchemy import ARRAY, DateTime, Select, Text, any_, select

from views.shared.composed import Statement, composed, parameter
from views.shared.saving import save
from views.shared.scope import Scope, own_filings
from views.tables.filings import KEPT_FACT, RESOURCE

FilingFacts = Sequence[Recorded[Fact]]
_kept, _resource = KEPT_FACT.alias("k"), RESOURCE.alias("r")


async def keep(connection: Connection, recorded_facts: Sequence[Recorded[Fact]]) -> None:
    await save(connection, _KEEP, list(map(_row, recorded_facts)))


def _row(recorded: Recorded[Fact]) -> tuple[Any, ...]:
    fact, actor = recorded.fact, recorded.meta.actor
    assert isinstance(fact, FilingFact)
    sealed = {name: None for name, value in fact if isinstance(value, Personal)}
    return (
        recorded.stream,
        recorded.version,
        fact.operator_id,
        recorded.recorded_at,
        fact.type,
        actor.model_dump_json(exclude_none=True),
        encode(fact.model_copy(update=sealed)).decode(),
    )


def recorded_from(row: Any) -> Recorded[Fact]:
    """The command of a fact is not kept: nobody asks a read model for it."""
    fact = decode(row["type"], row["fact"])
    assert isinstance(fact, FilingFact)
    meta = Meta(actor=Actor.model_validate_json(row["actor"]), command_id=_NONE, correlation=_NONE)
    return Recorded(row["stream"], row["version"], row["recorded_at"], meta, fact)


def of_operator(scope: Scope, operator_id: UUID, known: datetime) -> Statement:
    """Every fact of a filing and of its resources that was recorded up to then, each stream in its order."""
    values = {"operator_id": operator_id, "known": known, "place": scope.place}
    return _of_operator(scope.sees).statement(values)


@composed
def _of_operator(sees: str) -> Select[Any]:
    return _up_to(sees, _kept.c.operator_id == parameter("operator_id"))


def of_streams(scope: Scope, streams: Sequence[str], known: datetime) -> Statement:
    return _of_streams(scope.sees).statement({"streams": streams, "known": known, "place": scope.place})


@composed
def _of_streams(sees: str) -> Select[Any]:
    return _up_to(sees, _kept.c.stream == any_(parameter("streams", ARRAY(Text))))


def _up_to(sees: str, wanted: Any) -> Select[Any]:
    known = _kept.c.recorded_at <= parameter("known", DateTime(timezone=True))
    return (
        select(_kept).where(own_filings(sees, _kept), wanted, known).order_by(_kept.c.stream, _kept.c.version)
    )


def owner_of(scope: Scope, resource_id: UUID) -> Statement:
    return _owner_of(scope.sees).statement({"resource_id": resource_id, "place": scope.place})


@composed
def _owner_of(sees: str) -> Select[Any]:
    its = _resource.c.id == parameter("resource_id")
    return select(_resource.c.operator_id).where(own_filings(sees, _resource), its)


_NONE: Final = UUID(int=0)
_KEEP: Final = """
    insert into kept_fact (stream, version, operator_id, recorded_at, type, actor, fact)
    select * from unnest($1::text[], $2::bigint[], $3::uuid[], $4::timestamptz[], $5::text[], $6::json[], $7::json[])
    on conflict (stream, version) do update set
        recorded_at = excluded.recorded_at, type = excluded.type, actor = excluded.actor, fact = excluded.fact
"""
