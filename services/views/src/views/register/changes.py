"""Requests of enterprises to change their name, credit code or district: saving and querying them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

import asyncpg
from qingyuan_events import Fact, Recorded
from qingyuan_events.registry import (
    EnterpriseChangeConfirmed,
    EnterpriseChangeRefused,
    EnterpriseChangeRequested,
    EnterpriseChangeWithdrawn,
    EnterpriseClosed,
)
from qingyuan_runtime.database.connections import Connection
from sqlalchemy import Select, select

from views.register.bitemporal import Particulars
from views.register.entries import latest
from views.shared.composed import composed, fixed, parameter, sendable
from views.shared.scope import Scope, own_enterprises
from views.tables.register import CHANGE, ENTRY

State = Literal["pending", "decided", "all"]
LIMIT: Final = 200
ENDINGS: Final[Mapping[type[Fact], str]] = {
    EnterpriseChangeConfirmed: "confirmed",
    EnterpriseChangeRefused: "refused",
    EnterpriseChangeWithdrawn: "withdrawn",
}
FactWithBefore = tuple[Recorded[Fact], Particulars]
"""A fact, and the particulars of its enterprise before it."""


async def apply(connection: Connection, facts: Iterable[FactWithBefore]) -> None:
    """Idempotent: a request is decided only once, and a fact ends only requests that are older than it."""
    for recorded, before in facts:
        match recorded.fact:
            case EnterpriseChangeRequested() as fact:
                await _end_pending(connection, recorded, "replaced")
                wanted = fact.wanted.model_dump(mode="json")
                known = {field: before.get(field) for field in wanted}
                values = (
                    fact.request_id,
                    fact.enterprise_id,
                    recorded.version,
                    json.dumps(known, ensure_ascii=False),
                )
                more = (
                    json.dumps(wanted, ensure_ascii=False),
                    fact.valid_from,
                    fact.reason,
                    recorded.recorded_at,
                )
                await connection.execute(_INSERT, *values, *more)
            case (
                EnterpriseChangeConfirmed() | EnterpriseChangeRefused() | EnterpriseChangeWithdrawn() as fact
            ):
                status = ENDINGS[type(fact)]
                await connection.execute(_DECIDE, fact.request_id, status, fact.reason, recorded.recorded_at)
            case EnterpriseClosed():
                await _end_pending(connection, recorded, "lapsed")


async def _end_pending(connection: Connection, recorded: Recorded[Fact], status: str) -> None:
    enterprise_id = recorded.fact.enterprise_id  # type: ignore[attr-defined]
    await connection.execute(_END, enterprise_id, recorded.version, status, recorded.recorded_at)


async def page(
    connection: Connection, scope: Scope, state: State, enterprise_id: Any, limit: int = LIMIT
) -> list[asyncpg.Record]:
    """Requests, newest first; but the pending ones are sorted oldest first."""
    values = {"place": scope.place} | sendable({"enterprise_id": enterprise_id})
    query = _changes(scope.sees, state, enterprise_id is not None, limit)
    return await connection.fetch(*query.statement(values))


@composed
def _changes(sees: str, state: State, of_enterprise: bool, limit: int) -> Select[Any]:
    change, owner = CHANGE.alias("e"), ENTRY.alias("owner")
    pending, requested_at = change.c.status == fixed("pending"), change.c.requested_at
    conditions = {"pending": [pending], "decided": [~pending], "all": []}[state]
    conditions += [change.c.enterprise_id == parameter("enterprise_id")] if of_enterprise else []
    return (
        select(
            change,
            latest(owner, "name").label("enterprise_name"),
            latest(owner, "district").label("enterprise_district"),
            owner.c.version.label("enterprise_version"),
        )
        .join_from(change, owner, owner.c.id == change.c.enterprise_id)
        .where(own_enterprises(sees, change), *conditions)
        .order_by(requested_at.asc() if state == "pending" else requested_at.desc(), change.c.request_id)
        .limit(fixed(limit))
    )


def row(found: asyncpg.Record) -> dict[str, Any]:
    return {
        "request_id": str(found["request_id"]),
        "enterprise_id": str(found["enterprise_id"]),
        "enterprise_name": found["enterprise_name"],
        "enterprise_district": found["enterprise_district"],
        "enterprise_version": found["enterprise_version"],
        "was": json.loads(found["was"]),
        "wanted": json.loads(found["wanted"]),
        "valid_from": found["valid_from"].isoformat(),
        "reason": found["reason"],
        "requested_at": found["requested_at"].isoformat(),
        "status": found["status"],
        "decision": found["decision"],
        "decided_at": found["decided_at"].isoformat() if found["decided_at"] else None,
    }


_INSERT: Final = """
    insert into change (request_id, enterprise_id, version, was, wanted, valid_from, reason, requested_at, status)
    values ($1, $2, $3, $4::jsonb, $5::jsonb, $6, $7, $8, 'pending') on conflict do nothing
"""
_DECIDE: Final = """
    update change set status = $2, decision = $3, decided_at = $4 where request_id = $1 and status = 'pending'
"""
_END: Final = """
    update change set status = $3, decided_at = $4
     where enterprise_id = $1 and version < $2 and status = 'pending'
"""
