"""The projection of the register: loads the affected entries, folds the facts in memory, saves all rows of a table at
once."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events.registry import RegistryFact
from qingyuan_runtime.database.connections import Connection

from views.register import changes
from views.register.bitemporal import Belief
from views.register.fold import Entry, Line, fold, line, searchable, title
from views.shared.row_security import ENTERPRISE_IN_DISTRICT, OF_CLIENTS, OF_ENTERPRISE, row_security
from views.shared.saving import save

MODEL = "register"


def create_script() -> str:
    tables = (files("views.register") / "table.sql").read_text()
    own = row_security(
        ("entry", "belief", "history", "change"), OF_ENTERPRISE, OF_CLIENTS, ENTERPRISE_IN_DISTRICT
    )
    return f"{tables}\n{own}\n"


class Register:
    """The projection that the runner calls, inside the transaction that moves the offset."""

    model = MODEL
    topic = RegistryFact.topic

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        ids = list({UUID(fact.stream.split("-", 1)[1]) for fact in facts})
        entries = await _load(connection, ids)
        lines: list[Line] = []
        facts_with_before: list[changes.FactWithBefore] = []
        for fact in facts:
            key = UUID(fact.stream.split("-", 1)[1])
            facts_with_before.append((fact, entries[key].latest if key in entries else {}))
            entries[key] = fold(entries.get(key), fact)
            lines.append(line(entries[key], fact))
        changed = {UUID(fact.stream.split("-", 1)[1]): fact.recorded_at for fact in facts}
        await _save(connection, list(entries.values()), changed, lines)
        await changes.apply(connection, facts_with_before)

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        """A hash of each stream's rows, for comparing two builds."""
        rows = await connection.fetch(_DIGESTS, list(streams))
        return {row["stream"]: row["digest"] for row in rows}


async def _load(connection: Connection, ids: list[UUID]) -> dict[UUID, Entry]:
    beliefs: dict[UUID, list[Belief]] = {entry_id: [] for entry_id in ids}
    for row in await connection.fetch(_BELIEFS_OF, ids):
        beliefs[row["id"]].append(
            Belief(
                row["valid_from"],
                row["valid_to"],
                row["known_from"],
                row["known_to"],
                json.loads(row["particulars"]),
            )
        )
    rows = await connection.fetch(_ENTRIES_OF, ids)
    return {row["id"]: _entry(row, beliefs[row["id"]]) for row in rows}


def _entry(row: Any, beliefs: list[Belief]) -> Entry:
    return Entry(
        id=row["id"],
        noun=row["noun"],
        enterprise_id=row["enterprise_id"],
        parent_id=row["parent_id"],
        version=row["version"],
        status=row["status"],
        replaces=row["replaces"],
        replaced_by=row["replaced_by"],
        latest=json.loads(row["latest"]),
        beliefs=tuple(beliefs),
    )


async def _save(
    connection: Connection, entries: list[Entry], changed: dict[UUID, datetime], lines: list[Line]
) -> None:
    districts = [(entry.id, entry.latest["district"]) for entry in entries if entry.noun == "enterprise"]
    beliefs = [row for entry in entries for row in _belief_rows(entry)]
    rows = [_entry_row(entry, changed[entry.id]) for entry in entries]
    for statement, values in (
        (_DISTRICTS, districts),
        (_ENTRIES, rows),
        (_BELIEFS, beliefs),
        (_HISTORY, [_history_row(entry_line) for entry_line in lines]),
    ):
        await save(connection, statement, values)


_encode = json.JSONEncoder(ensure_ascii=False).encode


def _json(value: Any) -> str | None:
    return None if value is None else _encode(value)


def _entry_row(entry: Entry, changed: datetime) -> tuple[Any, ...]:
    return (
        entry.id,
        entry.noun,
        entry.enterprise_id,
        entry.parent_id,
        entry.latest.get("kind", entry.latest.get("medium")),
        entry.latest.get("factor"),
        entry.version,
        entry.status,
        entry.replaces,
        entry.replaced_by,
        title(entry),
        searchable(entry),
        _json(entry.latest),
        entry.beliefs[0].known_from,
        changed,
    )


def _belief_rows(entry: Entry) -> Iterator[tuple[Any, ...]]:
    for number, belief in enumerate(entry.beliefs):
        known = (belief.valid_from, belief.valid_to, belief.known_from, belief.known_to)
        yield entry.id, number, entry.enterprise_id, *known, _json(belief.particulars)


def _history_row(line: Line) -> tuple[Any, ...]:
    return (
        line.stream,
        line.version,
        line.entry_id,
        line.enterprise_id,
        line.type,
        line.recorded_at,
        _json(line.actor),
        line.day,
        line.reason,
        _json(line.particulars),
        line.related,
        line.trace_id,
    )


_BELIEFS_OF = """
    select id, valid_from, valid_to, known_from, known_to, particulars from belief where id = any($1) order by number
"""
_ENTRIES_OF = """
    select id, noun, enterprise_id, parent_id, version, status, replaces, replaced_by, latest
      from entry where id = any($1)
"""
_DISTRICTS = """
    insert into district_of (enterprise_id, district)
    select enterprise_id, district from unnest($1::uuid[], $2::text[]) as new (enterprise_id, district)
    on conflict (enterprise_id) do update set district = excluded.district
"""
_ENTRIES = """
    insert into entry as e (id, noun, enterprise_id, parent_id, kind, factor, version, status, replaces, replaced_by,
        title, searchable, latest, begun, changed)
    select id, noun, enterprise_id, parent_id, kind, factor, version, status, replaces, replaced_by,
           title, searchable, latest, begun, changed
      from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::bigint[],
        $8::text[], $9::uuid[], $10::uuid[], $11::text[], $12::text[], $13::jsonb[],
        $14::timestamptz[], $15::timestamptz[])
        as new (id, noun, enterprise_id, parent_id, kind, factor, version, status, replaces, replaced_by,
        title, searchable, latest, begun, changed)
    on conflict (id) do update set
        version = excluded.version, status = excluded.status, kind = excluded.kind, factor = excluded.factor,
        replaced_by = excluded.replaced_by, title = excluded.title, searchable = excluded.searchable,
        latest = excluded.latest, changed = excluded.changed
    where e.version < excluded.version
"""
_BELIEFS = """
    insert into belief as b (id, number, enterprise_id, valid_from, valid_to, known_from, known_to, particulars)
    select id, number, enterprise_id, valid_from, valid_to, known_from, known_to, particulars
      from unnest($1::uuid[], $2::integer[], $3::uuid[], $4::date[], $5::date[], $6::timestamptz[],
        $7::timestamptz[], $8::jsonb[])
        as new (id, number, enterprise_id, valid_from, valid_to, known_from, known_to, particulars)
    on conflict (id, number) do update set known_to = excluded.known_to
    where b.known_to is distinct from excluded.known_to
"""
_HISTORY = """
    insert into history (stream, version, entry_id, enterprise_id, type, recorded_at, actor, day, reason, particulars,
        related, trace_id)
    select stream, version, entry_id, enterprise_id, type, recorded_at, actor, day, reason, particulars,
           related, trace_id
      from unnest($1::text[], $2::bigint[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[],
        $7::jsonb[], $8::date[], $9::text[], $10::jsonb[], $11::uuid[], $12::text[])
        as new (stream, version, entry_id, enterprise_id, type, recorded_at, actor, day, reason, particulars,
        related, trace_id)
    on conflict do nothing
"""

_DIGESTS = """
    select e.noun || '-' || e.id as stream, md5(
               to_jsonb(e)::text
               || coalesce((select jsonb_agg(b order by b.number) from belief b where b.id = e.id)::text, '')
               || coalesce((select jsonb_agg(h order by h.version) from history h
                             where h.stream = e.noun || '-' || e.id)::text, '')
               || coalesce((select jsonb_agg(c order by c.version) from change c
                             where c.enterprise_id = e.id)::text, '')) as digest
      from entry e
     where e.noun || '-' || e.id = any($1)
"""
