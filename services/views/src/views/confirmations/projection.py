"""The projection of confirmations: loads the affected ones, folds the facts in memory, saves all in one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from importlib.resources import files
from typing import Any
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events.signoff import SignoffFact
from qingyuan_runtime.database.connections import Connection

from views.board.figures import CONFIRMATIONS, count_again
from views.confirmations.fold import Confirmation, Detail, fold
from views.shared.row_security import OF_DISTRICT, OF_ENTERPRISE, OF_OPERATOR, row_security
from views.shared.saving import save

MODEL = "confirmations"
_NAMES = tuple(field.name for field in fields(Confirmation))


def create_script() -> str:
    tables = (files("views.confirmations") / "table.sql").read_text()
    own = row_security(("confirmation", "confirmation_tally"), OF_ENTERPRISE, OF_OPERATOR, OF_DISTRICT)
    totals = row_security(("confirmation_total",), OF_OPERATOR, OF_DISTRICT)
    return f"{tables}\n{own}\n{totals}\n"


class Confirmations:
    """The projection that the runner calls, inside the transaction that moves the offset."""

    model = MODEL
    topic = SignoffFact.topic

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        """The lock lets one transaction run at a time, since each counts whole months again (`count_again`)."""
        await connection.execute("lock table confirmation_tally in share row exclusive mode")
        signoff_facts = [
            (recorded.fact.confirmation_id, recorded)
            for recorded in facts
            if isinstance(recorded.fact, SignoffFact)
        ]
        confirmations = await _load(connection, {key for key, _ in signoff_facts})
        for key, recorded in signoff_facts:
            confirmations[key] = fold(confirmations.get(key), recorded)
        await save(
            connection, _SAVE, [confirmation_row(confirmation) for confirmation in confirmations.values()]
        )
        days = {
            (confirmation.enterprise_id, confirmation.visit_day) for confirmation in confirmations.values()
        }
        await count_again(connection, CONFIRMATIONS, days)

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        """A hash of each stream's row, for comparing two builds."""
        rows = await connection.fetch(_DIGESTS, list(streams))
        return {row["stream"]: row["digest"] for row in rows}


async def _load(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, Confirmation]:
    rows = await connection.fetch(_LOAD, list(ids))
    return {row["id"]: _confirmation(row) for row in rows}


def _confirmation(row: Any) -> Confirmation:
    stored = {name: row[name] for name in _NAMES}
    return Confirmation(**stored | {"detail": Detail.model_validate_json(row["detail"])})


def confirmation_row(confirmation: Confirmation) -> tuple[Any, ...]:
    values = {name: getattr(confirmation, name) for name in _NAMES}
    return tuple((values | {"detail": confirmation.detail.model_dump_json(exclude_none=True)}).values())


_LOAD = """
    select id, enterprise_id, operator_id, district, outlet_id, point_id, visit_id, visit_day, requested_at, due_at,
           content_sha256, version, state, signed_at, late, signed_content_sha256, disputed, escalated, originals_at,
           originals_late, detail
      from confirmation where id = any($1)
"""
_SAVE = """
    insert into confirmation (id, enterprise_id, operator_id, district, outlet_id, point_id, visit_id, visit_day,
        requested_at, due_at, content_sha256, version, state, signed_at, late, signed_content_sha256, disputed,
        escalated, originals_at, originals_late, detail)
    select id, enterprise_id, operator_id, district, outlet_id, point_id, visit_id, visit_day,
           requested_at, due_at, content_sha256, version, state, signed_at, late, signed_content_sha256, disputed,
           escalated, originals_at, originals_late, detail
      from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::date[],
        $9::timestamptz[], $10::timestamptz[], $11::text[], $12::bigint[], $13::text[], $14::timestamptz[],
        $15::boolean[], $16::text[], $17::boolean[], $18::boolean[], $19::timestamptz[], $20::boolean[], $21::json[])
        as new (id, enterprise_id, operator_id, district, outlet_id, point_id, visit_id, visit_day,
        requested_at, due_at, content_sha256, version, state, signed_at, late, signed_content_sha256, disputed,
        escalated, originals_at, originals_late, detail)
    on conflict (id) do update set
        version = excluded.version, state = excluded.state, due_at = excluded.due_at,
        content_sha256 = excluded.content_sha256, signed_at = excluded.signed_at, late = excluded.late,
        signed_content_sha256 = excluded.signed_content_sha256, disputed = excluded.disputed,
        escalated = excluded.escalated, originals_at = excluded.originals_at,
        originals_late = excluded.originals_late, detail = excluded.detail
"""
_DIGESTS = """
    select 'confirmation-' || c.id as stream, md5(to_jsonb(c)::text) as digest
      from confirmation c where 'confirmation-' || c.id = any($1)
"""
