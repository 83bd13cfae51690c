"""Stop 7 of a command's walk, for the register: load the touched entries, fold in memory, save in sets."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib.resources import files
from typing import Any
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events.registry import RegistryFact
from qingyuan_runtime.database import Connection

from views.register.bitemporal import Belief
from views.register.fold import Entry, Line, fold, line, searchable, title

MODEL = "register"


def create_script() -> str:
    return (files("views.register") / "table.sql").read_text()


class Register:
    """The projection that the runner calls, inside the transaction that moves the offset."""

    model = MODEL
    topic = RegistryFact.topic

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        ids = list({UUID(fact.stream.split("-", 1)[1]) for fact in facts})
        entries = await _load(connection, ids)
        lines: list[Line] = []
        for fact in facts:
            key = UUID(fact.stream.split("-", 1)[1])
            entries[key] = fold(entries.get(key), fact)
            lines.append(line(entries[key], fact))
        changed = {fact.stream.split("-", 1)[1]: fact.recorded_at.isoformat() for fact in facts}
        await _save(connection, list(entries.values()), changed, lines)

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        """What the rows of each stream amount to, for comparing two builds."""
        rows = await connection.fetch(_DIGESTS, list(streams))
        return {row["stream"]: row["digest"] for row in rows}


async def _load(connection: Connection, ids: list[UUID]) -> dict[UUID, Entry]:
    beliefs: dict[UUID, list[Belief]] = {one: [] for one in ids}
    for row in await connection.fetch("select * from belief where id = any($1) order by number", ids):
        beliefs[row["id"]].append(
            Belief(
                row["valid_from"],
                row["valid_to"],
                row["known_from"],
                row["known_to"],
                json.loads(row["particulars"]),
            )
        )
    rows = await connection.fetch("select * from entry where id = any($1)", ids)
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
    connection: Connection, entries: list[Entry], changed: dict[str, str], lines: list[Line]
) -> None:
    districts = [_district(entry) for entry in entries if entry.noun == "enterprise"]
    await connection.execute(_DISTRICTS, json.dumps(districts))
    await connection.execute(_ENTRIES, _json([_entry_row(entry, changed) for entry in entries]))
    await connection.execute(_BELIEFS, _json([row for entry in entries for row in _belief_rows(entry)]))
    await connection.execute(_HISTORY, _json([asdict(one) for one in lines]))


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, default=str)


def _district(entry: Entry) -> dict[str, str]:
    return {"enterprise_id": str(entry.id), "district": entry.latest["district"]}


def _entry_row(entry: Entry, changed: dict[str, str]) -> dict[str, Any]:
    return {
        "id": entry.id,
        "noun": entry.noun,
        "enterprise_id": entry.enterprise_id,
        "parent_id": entry.parent_id,
        "kind": entry.latest.get("kind", entry.latest.get("medium")),
        "factor": entry.latest.get("factor"),
        "version": entry.version,
        "status": entry.status,
        "replaces": entry.replaces,
        "replaced_by": entry.replaced_by,
        "title": title(entry),
        "searchable": searchable(entry),
        "latest": entry.latest,
        "begun": entry.beliefs[0].known_from,
        "changed": changed[str(entry.id)],
    }


def _belief_rows(entry: Entry) -> list[dict[str, Any]]:
    owner = {"id": entry.id, "enterprise_id": entry.enterprise_id}
    return [{"number": n, **owner, **asdict(belief)} for n, belief in enumerate(entry.beliefs)]


_DISTRICTS = """
    insert into district_of select * from jsonb_to_recordset($1::text::jsonb) as r (enterprise_id uuid, district text)
    on conflict (enterprise_id) do update set district = excluded.district
"""
_ENTRIES = """
    insert into entry as e
    select r.* from jsonb_populate_recordset(null::entry, $1::text::jsonb) r
    on conflict (id) do update set
        version = excluded.version, status = excluded.status, kind = excluded.kind, factor = excluded.factor,
        replaced_by = excluded.replaced_by, title = excluded.title, searchable = excluded.searchable,
        latest = excluded.latest, changed = excluded.changed
    where e.version < excluded.version
"""
_BELIEFS = """
    insert into belief as b
    select r.* from jsonb_populate_recordset(null::belief, $1::text::jsonb) r
    on conflict (id, number) do update set known_to = excluded.known_to
    where b.known_to is distinct from excluded.known_to
"""
_HISTORY = """
    insert into history
    select r.* from jsonb_populate_recordset(null::history, $1::text::jsonb) r
    on conflict do nothing
"""

_DIGESTS = """
    select e.noun || '-' || e.id as stream,
           md5(e.status || e.version || e.latest::text || coalesce(string_agg(
               b.valid_from || coalesce(b.valid_to::text, '') || b.known_from || coalesce(b.known_to::text, '')
               || b.particulars::text, '|' order by b.number), '')) as digest
      from entry e left join belief b on b.id = e.id
     where e.noun || '-' || e.id = any($1)
     group by e.id
"""
