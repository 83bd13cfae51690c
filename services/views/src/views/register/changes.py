"""Requests of enterprises to change their name, credit code or district: saving and querying them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

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
from sqlalchemy import BigInteger, ColumnElement, Select, func, select, tuple_

from views.register.bitemporal import Particulars
from views.register.entries import latest
from views.shared.composed import Statement, composed, fixed, parameter, sendable
from views.shared.cursors import values_of
from views.shared.pages import COUNTED_MAX
from views.shared.scope import Scope, own_enterprises
from views.tables.register import CHANGE, ENTRY

State = Literal["pending", "decided", "all"]
ORDER: Final = ("requested_at", "request_id")
_AFTER: Final = tuple(f"after_{name}" for name in ORDER)
_change: Final = CHANGE.alias("e")
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """The requests of a list: the pending ones oldest first, all others newest first."""

    state: State
    enterprise_id: UUID | None = None

    @property
    def values(self) -> dict[str, Any]:
        return sendable({"enterprise_id": self.enterprise_id})


def select_page(
    scope: Scope, wanted: Wanted, *, limit: int, after: str | None = None, skipped: int = 0
) -> Statement:
    """Rows that follow the cursor `after`, or `skipped` rows, at most `limit`."""
    cursor = dict(zip(_AFTER, values_of(after, datetime, UUID), strict=True)) if after else {}
    values = wanted.values | cursor | {"place": scope.place, "skipped": skipped}
    return _page(scope.sees, wanted.state, "enterprise_id" in wanted.values, bool(cursor), limit).statement(
        values
    )


def count(scope: Scope, wanted: Wanted) -> Statement:
    """How many requests the list has, counted up to `COUNTED_MAX` + 1."""
    query = _counted(scope.sees, wanted.state, "enterprise_id" in wanted.values)
    return query.statement(wanted.values | {"place": scope.place})


@composed
def _page(sees: str, state: State, of_enterprise: bool, goes_on: bool, limit: int) -> Select[Any]:
    owner, oldest_first = ENTRY.alias("owner"), state == "pending"
    order = (_change.c.requested_at, _change.c.request_id)
    cursor = tuple_(*(parameter(name, column.type) for name, column in zip(_AFTER, order, strict=True)))
    beyond = tuple_(*order) > cursor if oldest_first else tuple_(*order) < cursor
    return (
        select(
            _change,
            latest(owner, "name").label("enterprise_name"),
            latest(owner, "district").label("enterprise_district"),
            owner.c.version.label("enterprise_version"),
        )
        .join_from(_change, owner, owner.c.id == _change.c.enterprise_id)
        .where(*_conditions(sees, state, of_enterprise), *([beyond] if goes_on else []))
        .order_by(*(column.asc() if oldest_first else column.desc() for column in order))
        .offset(parameter("skipped", BigInteger))
        .limit(fixed(limit))
    )


@composed
def _counted(sees: str, state: State, of_enterprise: bool) -> Select[Any]:
    rows = select(_change.c.request_id).where(*_conditions(sees, state, of_enterprise))
    return select(func.count()).select_from(rows.limit(fixed(COUNTED_MAX + 1)).subquery())


def _conditions(sees: str, state: State, of_enterprise: bool) -> list[ColumnElement[bool]]:
    pending = _change.c.status == fixed("pending")
    found = {"pending": [pending], "decided": [~pending], "all": []}[state]
    found += [_change.c.enterprise_id == parameter("enterprise_id")] if of_enterprise else []
    return [own_enterprises(sees, _change), *found]


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
